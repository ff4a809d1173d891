import type { Goal } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { instantOf } from '../clock.ts'
import type { Instant, Resource } from '../fhir.ts'
import { type DueDate, dueDateOf } from '../follow-up/goals/due-date.ts'
import type { TenantCalendar } from './declaration.ts'

/** So long before it is due somebody is reminded of a Goal. */
const REMINDER_DAYS = 14

/** When the reminder of a due date is sent: at the same time of day in the tenant's zone, two weeks before. */
export const reminderAt = ({ at }: DueDate, timeZone: string): Instant => {
  const due = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone)
  return instantOf(due.subtract({ days: REMINDER_DAYS }).epochMilliseconds)
}

/** Those whose due dates still matter: what is reached or given up is not late any more. */
const OPEN: readonly string[] = ['accepted', 'active']

/** When somebody is to be reminded of a Goal, and when it is past due. Days are those of the tenant. Pure. */
export const clocks = (resource: Resource, calendar?: TenantCalendar): Instant[] => {
  const goal = resource as unknown as Goal
  if (!calendar || !OPEN.includes(goal.lifecycleStatus)) return []
  const { timeZone } = calendar
  const dates = (goal.target ?? []).flatMap((target) => dueDateOf(goal, target, timeZone) ?? [])
  return [...new Set(dates.flatMap((due) => [reminderAt(due, timeZone), due.at]))]
}
