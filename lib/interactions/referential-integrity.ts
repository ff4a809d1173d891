import type { Careloop } from '../careloop.ts'
import { referenceTo } from '../fhir.ts'
import { FhirError, type Problem } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { noSuch, unreachableReferences } from '../security/access/client-writes.ts'
import { wholeOf } from '../security/access/view.ts'
import type { Write } from '../store/plan-write.ts'
import type { Version } from '../store/version.ts'
import { referencesIn } from './bundle-links.ts'
import { referrerOf } from './referrers.ts'

/** Where a reference of the write at a position stands, for people: `Task.for.reference`. An empty path means the whole. */
export type PlaceOf = (write: number, path: string) => string

/** `Patient/1`, `Patient/1/_history/2`, with or without a fragment */
const RELATIVE = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})(\/_history\/[^#]*)?(?:#.*)?$/

interface Dangling {
  target: string
  type: string
  id: string
  place: string
  /** to one version, which is there even when the resource was deleted */
  isVersioned: boolean
}

/**
 * What the tenant has settled of references to what is not there: references to types that are not served here, absolute and
 * contained ones are not looked at. One read of all that is referenced, for each commit; a delete is looked for in all lists.
 * @returns warnings. @throws FhirError businessRule (422) for what is not there, conflict (409) for deleting what is referenced
 */
export const checkReferences = async (
  careloop: Careloop,
  writes: readonly Write[],
  placeOf: PlaceOf = (write, path) => `${writes[write]!.type}${path && `.${path}`}`,
): Promise<Problem[]> => {
  const unreachable = await unreachableReferences(careloop, writes, placeOf)
  if (unreachable.length) throw new FhirError('businessRule', unreachable)
  const { referentialIntegrity = 'enforce' } = careloop.tenant
  if (referentialIntegrity === 'off') return []
  const problems = await danglingReferences(wholeOf(careloop), writes, placeOf)
  if (referentialIntegrity === 'warn') return problems
  if (problems.length) throw new FhirError('businessRule', problems)
  await refuseReferenced(careloop, writes, placeOf)
  return []
}

const danglingReferences = async (
  { store }: Careloop,
  writes: readonly Write[],
  placeOf: PlaceOf,
): Promise<Problem[]> => {
  const inCommit = new Map(writes.map(({ type, id, resource }) => [referenceTo(type, id), resource !== undefined]))
  const found: Dangling[] = []
  for (const [index, { resource }] of writes.entries())
    for (const { reference, path } of referencesIn(resource)) {
      const [, type, id, version] = RELATIVE.exec(reference) ?? []
      if (type === undefined || id === undefined || !declarations.has(type)) continue
      const target = referenceTo(type, id)
      const isVersioned = version !== undefined
      if (inCommit.get(target) || (isVersioned && inCommit.has(target))) continue
      found.push({ target, type, id, isVersioned, place: placeOf(index, path) })
    }
  const unwritten = found.filter(({ target }) => !inCommit.has(target))
  const stored = unwritten.length ? await store.readMany(unwritten) : []
  const isLive = new Map(stored.map(({ type, id, deleted }) => [referenceTo(type, id), !deleted]))
  return found
    .filter(({ target, isVersioned }) => !(isVersioned ? isLive.has(target) : isLive.get(target)))
    .map(({ type, place }) => ({
      code: 'not-found',
      text: noSuch(type),
      expression: place,
    }))
}

/** What may not be seen is not named either. */
const namedFor = async ({ view }: Careloop, referrer: Version): Promise<string> =>
  !view || (await view.letOut([referrer])).length ? `A ${referrer.type}` : 'Something'

const refuseReferenced = async (careloop: Careloop, writes: readonly Write[], placeOf: PlaceOf): Promise<void> => {
  const written = new Map(writes.map((write) => [referenceTo(write.type, write.id), write]))
  for (const [index, { type, id, resource, base }] of writes.entries()) {
    if (resource || !base || base.deleted) continue
    const target = referenceTo(type, id)
    // What this very commit changes refers to it only if it does so afterwards, which the other check has seen to.
    const referrer = await referrerOf(wholeOf(careloop), type, id, (found) =>
      written.has(referenceTo(found.type, found.id)),
    )
    if (!referrer) continue
    const place = placeOf(index, '')
    throw new FhirError('conflict', [
      {
        text: `${await namedFor(careloop, referrer)} refers to this ${target.split('/')[0]}, so it cannot be deleted. Change or delete what refers to it, in the same transaction if need be.`,
        expression: place,
      },
    ])
  }
}
