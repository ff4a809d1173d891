import type { Coding, Meta } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { resourceOf, type Version } from '../store/version.ts'
import type { Answer, Interaction, InteractionRequest } from './interaction.ts'
import { operationParameters } from './operation-parameters.ts'
import { preconditionsOf } from './preconditions.ts'
import { deleted, neverExisted } from './read.ts'
import { requireValid } from './resource-body.ts'
import { retryConflicts } from './retry-conflicts.ts'
import { commitUpdate, updateWrite } from './update.ts'

/** The meta of a resource. https://hl7.org/fhir/R4/resource-operation-meta.html */
export const meta: Interaction = async (careloop, request) => {
  operationParameters(request, [])
  return answerOf(await liveVersion(careloop, request.type, request.id))
}

/** Adds profiles, tags and security labels. https://hl7.org/fhir/R4/resource-operation-meta-add.html */
export const metaAdd: Interaction = (careloop, request) =>
  change(careloop, request, (present, given) => ({
    ...present,
    profile: [...new Set([...listOf<string>(present.profile), ...listOf<string>(given.profile)])],
    tag: withCodings(present.tag, given.tag),
    security: withCodings(present.security, given.security),
  }))

/** Takes profiles, tags and security labels away. https://hl7.org/fhir/R4/resource-operation-meta-delete.html */
export const metaDelete: Interaction = (careloop, request) =>
  change(careloop, request, (present, given) => ({
    ...present,
    profile: listOf<string>(present.profile).filter((profile) => !listOf(given.profile).includes(profile)),
    tag: withoutCodings(present.tag, given.tag),
    security: withoutCodings(present.security, given.security),
  }))

type Combine = (present: Meta, given: Meta) => Meta

const change = async (careloop: Careloop, request: InteractionRequest, combine: Combine): Promise<Answer> => {
  const given = operationParameters(request, ['meta']).element('meta')
  if (typeof given !== 'object' || given === null)
    throw fail('invalid', 'Send Parameters with a parameter meta that has a valueMeta.', 'Parameters.parameter')
  const { tag, security } = given as Meta
  if (![...listOf(tag), ...listOf(security)].every((coding) => typeof coding === 'object' && coding !== null))
    throw fail('invalid', 'The tags and security labels of valueMeta must be Codings.', 'Parameters.parameter')
  const preconditions = preconditionsOf(request.conditions, careloop.tenant.requireIfMatch)
  return retryConflicts(async () => {
    const current = await liveVersion(careloop, request.type, request.id)
    const present = resourceOf(current)
    const content: Resource = { ...present, meta: withoutEmpty(combine(present.meta ?? {}, given as Meta)) }
    await requireValid(careloop, content)
    // Not as a PUT, which takes no label away.
    const write = updateWrite(current, content, current, preconditions, { method: 'PATCH' })
    const { version, ...answer } = await commitUpdate(careloop, request, write, current)
    return { ...answer, ...answerOf(version!) }
  })
}

const liveVersion = async ({ store }: Careloop, type: string, id: string): Promise<Version> => {
  const current = await store.read(type, id)
  if (!current) throw neverExisted(type)
  if (current.deleted) throw deleted(current)
  return current
}

const answerOf = (version: Version): Answer => ({
  status: 200,
  version,
  resource: { resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta: resourceOf(version).meta }] },
})

const listOf = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? value : [])

const isSame = (one: Coding, other: Coding): boolean => one.system === other.system && one.code === other.code

const withCodings = (present: unknown, given: unknown): Coding[] => {
  const kept = listOf<Coding>(present)
  return [...kept, ...listOf<Coding>(given).filter((coding) => !kept.some((known) => isSame(known, coding)))]
}

const withoutCodings = (present: unknown, given: unknown): Coding[] =>
  listOf<Coding>(present).filter((coding) => !listOf<Coding>(given).some((dropped) => isSame(dropped, coding)))

/** FHIR has no empty lists. */
const withoutEmpty = (found: Meta): Meta =>
  Object.fromEntries(Object.entries(found).filter(([, value]) => !Array.isArray(value) || value.length))
