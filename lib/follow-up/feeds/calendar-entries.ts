import type { Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { dueInstant } from '../../pathways/due.ts'
import { isPaused, openTaskStatuses } from '../../resources/task-clocks.ts'
import type { CalendarEntry } from './icalendar.ts'
import { unrestricted } from './labels.ts'
import { deepLinkOf, refOf } from './notification.ts'

const MOST_TASKS = 1_000
const ASKED = ['draft', 'requested', 'received']

const stateOf = ({ status }: Task): CalendarEntry['state'] =>
  status === 'in-progress' ? 'begun' : ASKED.includes(status) ? 'asked' : 'accepted'

/**
 * The open work of a person and of the person's roles that is due at some time and may be shown, by due date. What a team has is nobody's own.
 * @param tasksUrl where Tasks are seen, absolute. @throws RangeError for more than 1000 Tasks
 */
export const calendarEntries = async (
  { store, search, tenant }: Careloop,
  person: string,
  tasksUrl: string,
): Promise<CalendarEntry[]> => {
  const to = referenceTo('Practitioner', person) as `Practitioner/${string}`
  const roles = await search.all('PractitionerRole', `practitioner=${to}&active:not=false`)
  const owners = [to, ...roles.map(({ id }) => referenceTo('PractitionerRole', id))]
  const found = await search.all('Task', `owner=${owners.join()}&status=${openTaskStatuses.join()}`, MOST_TASKS)
  const byId = new Map(found.map((version) => [version.id, version]))
  const shown = await unrestricted(
    store,
    found.map(({ content }) => content as unknown as Task),
  )
  return shown
    .flatMap((task): CalendarEntry[] => {
      const due = dueInstant(task, tenant.timeZone)
      if (due === undefined || isPaused(task)) return []
      const { v, updated } = byId.get(task.id!)!
      return [
        {
          to,
          kind: 'task',
          ref: refOf(task.id!),
          due,
          deepLink: deepLinkOf(tasksUrl, task),
          uid: deterministicId('calendar', referenceTo('Task', task.id!)),
          version: v,
          updated,
          state: stateOf(task),
          priority: task.priority ?? 'routine',
        },
      ]
    })
    .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : a.uid < b.uid ? -1 : 1))
}
