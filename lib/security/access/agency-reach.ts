import type { PractitionerRole, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Resource, referenceTo } from '../../fhir.ts'
import { isOver } from '../../interactions/actor.ts'
import { referencesIn } from '../../interactions/bundle-links.ts'
import { fail } from '../../outcome.ts'
import type { Version } from '../../store/version.ts'

/** Ids by type. */
export type Reachable = ReadonlyMap<string, ReadonlySet<string>>

const ROLE = 'PractitionerRole'
/** How the roles of those who ask are found. */
const BY: Readonly<Record<string, string>> = { Organization: 'organization', Practitioner: 'practitioner' }

/** More than this no agency has in hand, and no request could look through. */
const MOST_TASKS = 5_000
const LITERAL = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})$/

/** What was not taken on, or should never have been sent, is nobody's reason to look any more. */
const GIVES_NOTHING = ['cancelled', 'rejected', 'entered-in-error']

/**
 * What an agency may see: the Tasks that its organization, or a role of its people there, owns or has requested, and what these refer to by
 * focus, for, basedOn, input and output. One search for owners, one for requesters.
 * @throws FhirError forbidden (403) for an agency with more than 5,000 Tasks
 */
export const agencyReach = async (careloop: Careloop, reference: string | undefined): Promise<Reachable> => {
  const parties = reference === undefined ? [] : await partiesOf(careloop, reference)
  const reach = new Map<string, Set<string>>()
  const add = (type: string, id: string): void => {
    const ids = reach.get(type) ?? new Set()
    reach.set(type, ids.add(id))
  }
  if (!parties.length) return reach
  const value = parties.map(encodeURIComponent).join()
  const { search } = careloop
  const found = await Promise.all(
    ['owner', 'requester'].map((party) => search.all('Task', `${party}=${value}`, MOST_TASKS)),
  ).catch(tooMany)
  for (const version of found.flat()) {
    add(version.type, version.id)
    for (const [type, id] of referredToBy(version)) add(type, id)
  }
  return reach
}

const tooMany = (error: unknown): never => {
  if (!(error instanceof RangeError)) throw error
  throw fail('forbidden', `What an agency with more than ${MOST_TASKS} Tasks may see cannot be decided.`)
}

const referredToBy = ({ content }: Version): [type: string, id: string][] => {
  const { resourceType, status, focus, for: about, basedOn, input, output } = content as unknown as Task
  if (GIVES_NOTHING.includes(status)) return []
  const parts = { resourceType, focus, for: about, basedOn, input, output } as unknown as Resource
  return [...referencesIn(parts)].flatMap(({ reference }): [string, string][] => {
    const [, type, id] = LITERAL.exec(reference) ?? []
    return type === undefined || id === undefined ? [] : [[type, id]]
  })
}

/** The organization that asks with the roles in it, or the role or roles of those who ask with the organizations they work for now. */
export const partiesOf = async (careloop: Careloop, reference: string): Promise<string[]> => {
  const [, type, id] = LITERAL.exec(reference) ?? []
  if (type === undefined || id === undefined) return []
  const { store, search } = careloop
  const value = encodeURIComponent(reference)
  const versions =
    type === ROLE
      ? await store.readMany([{ type, id }])
      : type in BY
        ? await search.all(ROLE, `${BY[type]}=${value}`)
        : []
  const parties = versions
    .filter(({ deleted }) => !deleted)
    .flatMap((version) => {
      const { active, period, organization } = version.content as unknown as PractitionerRole
      if (active === false || isOver(careloop, period)) return []
      return [referenceTo(version.type, version.id), ...(organization?.reference ? [organization.reference] : [])]
    })
  return [...new Set(type === 'Organization' ? [reference, ...parties] : parties)]
}
