import type { CarePlan } from 'fhir/r4'
import type { Instant, Resource } from '../../fhir.ts'
import { lostPathwayClock, pathwayClock } from '../../resources/care-plan-clocks.ts'
import type { TenantCalendar } from '../../resources/declaration.ts'
import { planEnd } from '../../resources/plan-end.ts'
import { codeOf } from '../contract.ts'
import type { ChangeRules, Happening } from './change-rules.ts'
import { factRules } from './fact.ts'

const { type, patient } = factRules('CarePlan')

const isHeld = (resource: Resource | undefined): boolean => resource?.status === 'on-hold'

/** What the plan's own pathway is to look at. */
const FACT: Happening = { name: 'fact-recorded', state: { type } }

/**
 * All of a plan that people work by. Not the references that the automation adds to its activities as it goes along.
 */
const workedBy = (resource: Resource | undefined): string => {
  const { status, period, activity = [], goal, addresses, subject, encounter, careTeam } = asPlan(resource)
  const details = activity.filter(({ detail }) => detail)
  return JSON.stringify([status, period, details, goal, addresses, subject, encounter, careTeam])
}

const asPlan = (resource: Resource | undefined): Partial<CarePlan> => (resource ?? {}) as Partial<CarePlan>

/**
 * Whether more than its own pathway follows a plan: activities that recur, goals, reviews. A plan that a definition gave rise to, and that
 * nobody added to, has its pathway alone.
 */
const isFollowed = (resource: Resource): boolean => {
  const { instantiatesCanonical, activity = [], goal } = asPlan(resource)
  return !instantiatesCanonical || Boolean(goal) || activity.some(({ detail }) => detail)
}

/** The instants at which the plan's own pathway has something to look at: the end of the plan, and what recurs in it. */
const pathwayClocks = (resource: Resource, tenant: TenantCalendar): Instant[] =>
  [planEnd(resource, tenant), pathwayClock(resource)].flatMap((at) => at ?? [])

/**
 * A plan that people put on hold or take up again stops and starts its clocks; one whose time is over ends; in one that goes on something
 * may recur. What else is written of plans, most of it by the automation itself, gives pathways nothing to look at.
 * https://hl7.org/fhir/R4/careplan.html
 */
export const carePlan: ChangeRules = {
  type,
  patient,
  changed(before, after, { tenant, woken }) {
    // A clock never strikes twice for one instant, so it will not strike for one that was moved to before it last struck.
    const known = new Set(before ? pathwayClocks(before, tenant) : [])
    const isMissed = pathwayClocks(after, tenant).some((at) => woken !== undefined && at <= woken && !known.has(at))
    const isLost = before !== undefined && lostPathwayClock(before, after)
    const held = isHeld(before) === isHeld(after) && !isMissed && !isLost ? [] : [FACT]
    const isNews = workedBy(before) !== workedBy(after)
    if (!isNews || !(isFollowed(after) || (before && isFollowed(before)))) return held
    return [{ name: 'care-plan-changed', state: { status: codeOf(after.status) } }, ...held]
  },
  struck(resource, { after, until }, tenant) {
    const isOfPathway = pathwayClocks(resource, tenant).some((at) => at <= until && (after === undefined || at > after))
    const struck: Happening = { name: 'care-plan-clock-struck', state: { status: codeOf(resource.status) } }
    return isOfPathway ? [struck, FACT] : [struck]
  },
}
