import type { Encounter } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { errorName, logLine } from '../events/log.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import type { Trigger } from './apply.ts'
import type { WithdrawalReason } from './codes.ts'
import { ConditionFailed, type Scope, scopeOf } from './conditions.ts'
import { ledToStay, receivedAt, saidSince } from './facts.ts'
import type { Pathway } from './pathway.ts'
import { endsEncounter, isCancelled, phasesOf } from './phases.ts'
import type { Round, Stay } from './round.ts'
import { type Anchor, anchorAt } from './window.ts'

/** Why the phase that a pathway is for does not hold; undefined when it does. */
export const phaseLost = async (
  { tenant }: Careloop,
  round: Round,
  { trigger }: Pathway,
  stay: Stay,
): Promise<WithdrawalReason | undefined> => {
  const { resource } = stay
  if (!resource || isCancelled(resource)) return 'encounter-cancelled'
  if (!phasesOf(resource, tenant.timeZone).has(trigger))
    return endsEncounter(trigger) ? 'discharge-undone' : 'no-longer-applies'
  if (trigger !== 'ed-visit-ended') return undefined
  const facts = round.facts((resource as unknown as Encounter).subject?.reference)
  return (await ledToStay(facts, resource, await round.timeZone(stay))) ? 'no-longer-applies' : undefined
}

/** An Encounter that has come to the phase a pathway is for. */
export interface Transition {
  trigger: Trigger
  /** everything that the pathway's expressions can name, but `%resource` of evidence */
  scope: Scope
  /** the step's conditions hold; undefined, and a line in the log, when they cannot be evaluated */
  holds(conditions: readonly string[], action: string): boolean | undefined
}

const firstText = (scope: Scope, expression: string): string | undefined => {
  const [value] = scope.valuesOf(expression)
  return typeof value === 'string' ? value : undefined
}

const previousOf = async ({ store }: Careloop, { id, version }: Stay): Promise<Resource | undefined> => {
  const previous = version.v > 1 ? await store.vread('Encounter', id, version.v - 1) : undefined
  return previous && !previous.deleted ? previous.content : undefined
}

const anchorOf = async (careloop: Careloop, pathway: Pathway, stay: Stay, scope: Scope, timeZone: string) => {
  const { trigger } = pathway
  const end = endsEncounter(trigger) ? 'end' : 'start'
  const stated = firstText(scope, pathway.anchor ?? `%encounter.period.${end}`)
  const anchor = stated === undefined ? undefined : anchorAt(stated, timeZone)
  if (anchor) return anchor
  // Nobody says when: when it was first said that it was so.
  const says = (resource: Resource): boolean => phasesOf(resource, careloop.tenant.timeZone).has(trigger)
  return anchorAt(await saidSince(careloop, stay.version, says), timeZone)!
}

/** Reads all that a pathway decides on. @throws ConditionFailed when its window-anchor cannot be evaluated */
export const readTransition = async (
  careloop: Careloop,
  round: Round,
  pathway: Pathway,
  stay: Stay & { resource: Resource },
): Promise<Transition | undefined> => {
  const { resource } = stay
  const { subject } = resource as unknown as Encounter
  if (!subject) return undefined
  const facts = round.facts(subject.reference)
  const timeZone = await round.timeZone(stay)
  const { names, inputs } = pathway
  const about = scopeOf(
    {
      encounter: resource,
      resource,
      subject: names.has('subject') ? await facts.patient() : undefined,
      previous: names.has('previous') ? await previousOf(careloop, stay) : undefined,
      received: names.has('received') ? await receivedAt(careloop, facts, stay.version) : undefined,
    },
    round.evaluations,
  )
  const anchor: Anchor = await anchorOf(careloop, pathway, stay, about, timeZone)
  const named = await Promise.all(inputs.map(async (input) => [input.name, await facts.input(input, anchor)] as const))
  const scope = about.with({ ...Object.fromEntries(named), anchor: anchor.dateTime })
  const reference = referenceTo('Encounter', stay.id)
  const version = stay.version.v
  return {
    trigger: { reference, version, subject, encounter: { reference }, anchor },
    scope,
    holds(conditions, action) {
      try {
        return conditions.every((condition) => scope.holds(condition))
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error
        logLine({ event: 'condition', reference, version, action, outcome: 'failed', error: errorName(error) })
        return undefined
      }
    },
  }
}

/** Why a pathway as a whole is not asked for; `undecided` when a condition cannot be evaluated, undefined when it is. */
export const notAskedFor = (
  { stops, conditions, url }: Pathway,
  { holds }: Transition,
): WithdrawalReason | 'undecided' | undefined => {
  for (const { expression, reason } of stops) if (holds([expression], url)) return reason
  const applies = holds(conditions, url)
  return applies === undefined ? 'undecided' : applies ? undefined : 'no-longer-applies'
}
