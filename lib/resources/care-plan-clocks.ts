import type { CarePlan } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Instant, Resource } from '../fhir.ts'
import { occurrences } from '../follow-up/recurrence/occurrences.ts'
import { HORIZON_DAYS, recurringActivities } from '../follow-up/recurrence/recurring-activity.ts'
import { nextOccurrenceAt } from '../pathways/next-occurrence-at.ts'
import type { TenantCalendar } from './declaration.ts'

const DAY_MS = 86_400_000

/** When the pathway that made a plan may ask for the next occurrence of what recurs in it; undefined while it does not go on. */
export const pathwayClock = (resource: Resource): Instant | undefined => {
  const plan = resource as unknown as CarePlan
  return GOING_ON.includes(plan.status) ? nextOccurrenceAt(plan) : undefined
}
const GOING_ON = ['draft', 'active']

/** Whether a plan that goes on has lost the instant for which its pathway waits: a client has left it out. */
export const lostPathwayClock = (before: Resource, after: Resource): boolean =>
  pathwayClock(before) !== undefined &&
  pathwayClock(after) === undefined &&
  GOING_ON.includes((after as unknown as CarePlan).status)

/** The next moment that an occurrence of an activity begins, and the next that one comes within sight. */
const activityClocks = (plan: CarePlan, calendar: TenantCalendar, after?: Instant): Instant[] => {
  const isLater = (instant: Instant): boolean => after === undefined || instant > after
  return recurringActivities(plan, calendar.timeZone).flatMap(({ schedule, isFloating }) => {
    const found: Instant[] = []
    for (const { start } of occurrences(schedule, after)) {
      const begins = Date.parse(start)
      const seen = instantOf(begins - HORIZON_DAYS * DAY_MS)
      if (!found.length && isLater(seen)) found.push(seen)
      if (!isFloating && isLater(instantOf(begins))) return [...found, instantOf(begins)]
      if (isFloating) {
        const weeks = after === undefined ? 0 : Math.max(0, Math.floor((Date.parse(after) - begins) / (7 * DAY_MS)) + 1)
        return [instantOf(begins + weeks * 7 * DAY_MS)]
      }
    }
    return found
  })
}

/**
 * When something that recurs in a plan may be due again: an activity of an active one, or what its pathway waits for. What floats among
 * the activities is looked at each week: only the Tasks tell when it is due. Pure.
 */
export const clocks = (resource: Resource, calendar?: TenantCalendar, after?: Instant): Instant[] => {
  const awaited = pathwayClock(resource)
  const recurring = calendar ? activityClocks(resource as unknown as CarePlan, calendar, after) : []
  return [...recurring, ...(awaited ? [awaited] : [])]
}
