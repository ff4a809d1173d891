import type { CarePlan } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Instant, Resource } from '../fhir.ts'
import { occurrences } from '../follow-up/recurrence/occurrences.ts'
import { HORIZON_DAYS, recurringActivities } from '../follow-up/recurrence/recurring-activity.ts'
import type { TenantCalendar } from './declaration.ts'

const DAY_MS = 86_400_000

/**
 * When a recurring activity of an active plan may be due again: the next moment that an occurrence begins, and the next that one comes
 * within sight. What floats is looked at each week: only the Tasks tell when it is due. Pure.
 */
export const clocks = (resource: Resource, calendar?: TenantCalendar, after?: Instant): Instant[] => {
  if (!calendar) return []
  const plan = resource as unknown as CarePlan
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
