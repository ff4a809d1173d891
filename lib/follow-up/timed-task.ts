import type { CodeableConcept, Reference, Task } from 'fhir/r4'
import type { Instant } from '../fhir.ts'
import { timedPeriod } from '../pathways/apply.ts'
import type { Calendar } from '../pathways/calendar.ts'
import { businessStatus } from '../pathways/codes.ts'
import { dateTimeIn } from '../pathways/date-time.ts'
import { defaultLadder, type Ladder } from '../pathways/ladder.ts'
import type { Owner } from '../pathways/owner.ts'
import { taskClock, withClock } from '../pathways/task-clock.ts'
import { anchorAt, type Delay, windowOf } from '../pathways/window.ts'
import type { TenantSettings } from '../tenant.ts'

/** What times are written by. */
export interface Times {
  calendar: Calendar
  /** IANA name */
  timeZone: string
  tenant: TenantSettings
  now: Instant
}

/** The ladder of work that no programme counts: nothing is missed for good. */
const ladder: Ladder = { rungs: defaultLadder.rungs.filter(({ step }) => step !== 'window-missed') }

/** The Task with the window that begins with `from` and is so long, and with the rungs of its ladder. */
export const withWindow = (task: Task, from: Instant, delay: Delay, times: Times): Task => {
  const { calendar, timeZone } = times
  const window = windowOf(delay, anchorAt(dateTimeIn(from, timeZone), timeZone)!, calendar)
  const timed: Task = { ...task, restriction: { ...task.restriction, period: timedPeriod(window, calendar) } }
  return withClock(timed, taskClock({ task: timed, ladder, calendar, timeZone }))
}

export interface NewTask {
  id: string
  code: CodeableConcept
  focus: Reference
  basedOn?: readonly Reference[]
  subject?: Reference
  encounter?: Reference
  priority?: Task['priority']
  /** what is to be done; names nobody */
  description: string
  owner: Owner
}

/** Work that the automation gives to people, yet without a window. https://hl7.org/fhir/R4/task.html */
export const newTask = (parts: NewTask, now: Instant): Task => {
  const { id, code, focus, basedOn, subject, encounter, priority, description, owner } = parts
  return {
    resourceType: 'Task',
    id,
    ...(basedOn && { basedOn: [...basedOn] }),
    status: 'ready',
    businessStatus: businessStatus(owner.pool ? 'new' : 'assigned'),
    intent: 'order',
    ...(priority && { priority }),
    code,
    description,
    focus,
    ...(subject && { for: subject }),
    ...(encounter && { encounter }),
    authoredOn: now,
    lastModified: now,
    owner: { reference: owner.reference },
  }
}

/** So many business days; those on the day it begins count as in time. */
export const businessDays = (days: number): Delay => ({
  unit: 'business-day',
  days,
  countAnchorDay: true,
  rollForward: 'none',
})

export const calendarDays = (days: number): Delay => ({
  unit: 'calendar-day',
  days,
  countAnchorDay: true,
  rollForward: 'none',
})
