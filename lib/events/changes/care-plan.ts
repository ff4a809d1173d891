import type { CarePlan } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
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

/**
 * A plan that people put on hold or take up again stops and starts its clocks; one whose time is over ends. What else is written of
 * plans, most of it by the automation itself, gives pathways nothing to look at. https://hl7.org/fhir/R4/careplan.html
 */
export const carePlan: ChangeRules = {
  type,
  patient,
  changed(before, after, { tenant, woken }) {
    // A clock never strikes twice for one instant, so it will not strike for an end that was moved to before it last struck.
    const end = planEnd(after, tenant)
    const isMissed =
      end !== undefined && woken !== undefined && end <= woken && end !== (before && planEnd(before, tenant))
    const held = isHeld(before) === isHeld(after) && !isMissed ? [] : [FACT]
    const isNews = workedBy(before) !== workedBy(after)
    if (!isNews || !(isFollowed(after) || (before && isFollowed(before)))) return held
    return [{ name: 'care-plan-changed', state: { status: codeOf(after.status) } }, ...held]
  },
  struck(resource, { after, until }, tenant) {
    const end = planEnd(resource, tenant)
    const isOver = end !== undefined && end <= until && (after === undefined || end > after)
    const struck: Happening = { name: 'care-plan-clock-struck', state: { status: codeOf(resource.status) } }
    return isOver ? [struck, FACT] : [struck]
  },
}
