import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { type Category, FhirError, type Problem } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { type Lifecycle, nextStates, type Party, type Transition } from '../resources/lifecycle/lifecycle.ts'
import { boundedly } from '../store/backoff.ts'
import type { Write } from '../store/plan-write.ts'
import type { Version } from '../store/version.ts'
import { isNamed, isParty } from './actor.ts'
import type { Cause } from './cascade-cause.ts'
import type { Caller, Parameter } from './interaction.ts'
import type { PlaceOf } from './referential-integrity.ts'

const ACTORS_AT_ONCE = 16

/** A client's change of a resource that has a lifecycle. */
interface Change extends Transition {
  /** its position among the writes */
  position: number
  write: Write & { base: Version }
  lifecycle: Lifecycle
}

export interface Governed {
  /** the client's writes, with what the service notes of a transition */
  writes: readonly Write[]
  /** what follows from them for other resources, for the same commit */
  consequences: readonly Write[]
}

/**
 * Holds a client's writes against the lifecycles of their types. Only changes of live resources are: a resource may be created in any
 * state, since history is imported. Costs no read where no state changes.
 * @param queryOf the query of the request or entry that a write came by
 * @throws FhirError businessRule (422), forbidden (403), conflict (409) with the place of each problem
 */
export const governWrites = async (
  careloop: Careloop,
  caller: Caller | undefined,
  writes: readonly Write[],
  placeOf: PlaceOf,
  queryOf: (write: number) => readonly Parameter[],
): Promise<Governed> => {
  const changes = writes.flatMap(changeOf)
  throwAny(
    'businessRule',
    changes.flatMap((change) => problemsOf(careloop, caller, change, placeOf)),
  )
  const transitions = changes.filter(({ from, to }) => from !== to)
  if (!transitions.length) return { writes, consequences: [] }
  const forbidden = await boundedly(transitions, ACTORS_AT_ONCE, (change) =>
    actorProblem(careloop, caller, change, placeOf),
  )
  throwAny('forbidden', forbidden.flat())

  const now = careloop.clock.now()
  const governed = [...writes]
  for (const { position, write, lifecycle, ...transition } of transitions)
    if (lifecycle.stamped) governed[position] = { ...write, resource: lifecycle.stamped(transition, now) }
  const causes = transitions.map(
    ({ position, write: { base }, lifecycle, from, to, after }): Cause => ({
      base,
      lifecycle,
      from,
      to,
      after,
      query: queryOf(position),
      placeOf: (path) => placeOf(position, path),
    }),
  )
  if (!causes.length) return { writes: governed, consequences: [] }
  // Most writes change no state, and a cold start should not read what only others need.
  const { consequencesOf } = await import('./cascade.ts')
  return { writes: governed, consequences: await consequencesOf(careloop, causes, governed, now) }
}

const throwAny = (category: Category, problems: readonly Problem[]): void => {
  if (problems.length) throw new FhirError(category, problems)
}

const changeOf = (write: Write, position: number): Change[] => {
  const { type, base, resource: after } = write
  const lifecycle = declarations.get(type)?.lifecycle
  if (!lifecycle || !base || base.deleted || !after) return []
  const before = base.content
  const stateOf = (resource: Readonly<Resource>) => String(resource[lifecycle.element])
  return [{ position, write: { ...write, base }, lifecycle, before, after, from: stateOf(before), to: stateOf(after) }]
}

const problemsOf = ({ tenant }: Careloop, caller: Caller | undefined, change: Change, placeOf: PlaceOf): Problem[] => {
  const { position, write, lifecycle, before, after, from, to } = change
  const { type } = write
  const at = (element: string) => placeOf(position, element)
  const problems: Problem[] = (lifecycle.immutable ?? [])
    .filter((element) => before[element] !== after[element])
    .map((element) => ({
      text: `${type}.${element} never changes. Create another ${type} instead.`,
      expression: at(element),
    }))
  if (from === to || !lifecycle.edges[from]) return problems
  const mayReopen = (tenant.reopenRoles ?? []).some((role) => caller?.roles?.includes(role))
  const next = nextStates(lifecycle, change, mayReopen)
  if (!next.includes(to)) {
    const condition = lifecycle.conditions?.find((candidate) => candidate.from === from && candidate.to === to)
    const text = `A ${type} that is ${from} cannot become ${to}. It can become: ${next.join(', ') || 'nothing else'}.`
    return [...problems, { text: condition ? `${text} ${condition.text}` : text, expression: at(lifecycle.element) }]
  }
  for (const guard of lifecycle.guards ?? []) {
    const text = guard.to.includes(to) ? guard.refusal(after) : undefined
    if (text) problems.push({ text, expression: at(guard.element) })
  }
  return problems
}

/** Nothing is asked of a trusted system, nor of those who may open again what is closed. */
const actorProblem = async (
  careloop: Careloop,
  caller: Caller | undefined,
  change: Change,
  placeOf: PlaceOf,
): Promise<Problem[]> => {
  const { position, write, lifecycle, from, to } = change
  const { actors } = lifecycle
  const parties = actors?.may[to]
  const isReopening = !lifecycle.edges[from]?.includes(to)
  if (!caller || !parties || isReopening) return []
  const reserved = actors.reserved.filter(
    (rule) => rule.to === to && rule.from.includes(from) && !careloop.tenant[rule.policy],
  )
  const entitled = parties.filter((party) => !reserved.some((rule) => rule.party === party))
  if (entitled.some((party) => actors.optional.includes(party)) && !entitled.some((party) => isNamed(party, change)))
    return []
  if (await isAnyOf(careloop, caller, entitled, change)) return []
  const instead = reserved.map((rule) => ` ${rule.instead}`).join('')
  const text = `A ${write.type} that is ${from} becomes ${to} by its ${entitled.join(' or ')}, and you are not.${instead}`
  return [{ text, expression: placeOf(position, lifecycle.element) }]
}

const isAnyOf = async (
  careloop: Careloop,
  { reference }: Caller,
  parties: readonly Party[],
  change: Change,
): Promise<boolean> => {
  for (const party of parties) if (await isParty(careloop, reference, party, change)) return true
  return false
}
