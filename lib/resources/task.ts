import type { Task } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Instant, Resource } from '../fhir.ts'
import { dateRange } from '../search/date.ts'
import { zoneOf } from '../search/zone.ts'
import { checkWith } from './check.ts'
import type { ResourceDeclaration, TenantCalendar } from './declaration.ts'
import { published } from './published.ts'

/** The statuses in which somebody still has something to do. https://hl7.org/fhir/R4/task.html#statemachine */
export const openTaskStatuses = ['draft', 'requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold']

/** The instant of a dateTime with a time; of a date the last instant of that local day, month or year. */
const dueInstant = (due: string, calendar: TenantCalendar | undefined): number | undefined => {
  if (due.includes('T')) return Date.parse(due)
  return calendar && dateRange(due, zoneOf(calendar.timeZone))?.high
}

/** When an open Task becomes overdue. That it is marked as such is no matter: its due date may have been moved since. */
const clocks = (resource: Resource, calendar?: TenantCalendar): Instant[] => {
  const { status, restriction } = resource as unknown as Task
  const due = restriction?.period?.end
  if (!due || !openTaskStatuses.includes(status)) return []
  const instant = dueInstant(due, calendar)
  return Number.isFinite(instant) ? [instantOf(instant!)] : []
}

const { search } = published('Task')

/** https://hl7.org/fhir/R4/task.html */
export const task: ResourceDeclaration = {
  type: 'Task',
  search: {
    ...search,
    // fhir-profiles/search-parameters: R4 searches only the period of execution, not the one asked for
    'due-date': 'date restriction.period.end:dateTime',
    'start-date': 'date restriction.period.start:dateTime',
    // SDOH Clinical Care 3.0.0
    output: 'reference output.valueReference:Reference',
  },
  // R4 leaves Task out of the compartment; R5 puts it there by these.
  compartment: ['patient', 'focus'],
  order: {
    parameter: 'due-date',
    point: true,
    listed: true,
    open: { element: 'status', codes: openTaskStatuses, lists: ['owner', 'patient'] },
  },
  check: checkWith('Task'),
  clocks,
}
