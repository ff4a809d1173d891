import type { Extension, Task } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Instant, Resource } from '../fhir.ts'
import { PAUSABLE, TASK_CLOCK } from '../pathways/codes.ts'
import { dateRange } from '../search/date.ts'
import { zoneOf } from '../search/zone.ts'
import type { TenantCalendar } from './declaration.ts'

/** The statuses in which somebody still has something to do. https://hl7.org/fhir/R4/task.html#statemachine */
export const openTaskStatuses = ['draft', 'requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold']

/** One moment at which something is to happen about a Task. */
export interface Strike {
  /** `overdue`, or the code of another rung of its ladder */
  step: string
  at: Instant
  /** the due instant that it belongs to */
  due: Instant
}

/** The extension task-clock, as it is stored. */
export interface StoredClock {
  /** `Task.restriction.period.end` when the rungs were computed */
  due: string
  rungs: readonly { step: string; at: Instant }[]
}

/** Whether the clocks of this Task stand still. https://careloop.dev/fhir/StructureDefinition/pausable */
export const isPaused = ({ status, extension = [] }: Task): boolean =>
  status === 'on-hold' && extension.some(({ url, valueBoolean }) => url === PAUSABLE && valueBoolean === true)

const instantIn = (text: string | undefined): Instant | undefined => {
  const instant = Date.parse(text ?? '')
  return Number.isFinite(instant) ? instantOf(instant) : undefined
}

/**
 * The instant that a period ends with. One that is less than a moment ends with the last of that local day, month or year, which only
 * the calendar can tell.
 */
export const endInstantOf = (end: string | undefined, calendar?: TenantCalendar): Instant | undefined => {
  if (!end || end.includes('T')) return instantIn(end)
  const last = calendar && dateRange(end, zoneOf(calendar.timeZone))?.high
  return Number.isFinite(last) ? instantOf(last!) : undefined
}

/** When a Task is due, if ever: `restriction.period.end`, https://hl7.org/fhir/R4/task-definitions.html#Task.restriction.period */
export const dueInstantOf = ({ restriction }: Task, calendar?: TenantCalendar): Instant | undefined =>
  endInstantOf(restriction?.period?.end, calendar)

const part = (extension: Extension, url: string): Extension | undefined =>
  extension.extension?.find((candidate) => candidate.url === url)

/** The rungs that were computed for a Task, if they ever were. */
export const storedClock = ({ extension = [] }: Task): StoredClock | undefined => {
  const clock = extension.find(({ url }) => url === TASK_CLOCK)
  const due = clock && part(clock, 'due')?.valueDateTime
  if (!due) return undefined
  const rungs = (clock.extension ?? []).flatMap((rung) => {
    const step = part(rung, 'step')?.valueCode
    const at = instantIn(part(rung, 'at')?.valueInstant)
    return rung.url === 'rung' && step && at ? [{ step, at }] : []
  })
  return { due, rungs }
}

/** Whether the stored rungs are those of the due date the Task has now. */
export const isCurrent = (clock: StoredClock, task: Task): boolean => clock.due === task.restriction?.period?.end

/**
 * Everything that is to happen about a Task with time: it becomes overdue when it is due, and the rungs of its ladder are reached,
 * unless its due date was moved since they were computed. Nothing about one that is closed or paused. Pure.
 */
export const strikesOf = (task: Task, calendar?: TenantCalendar): Strike[] => {
  const due = dueInstantOf(task, calendar)
  if (!due || !openTaskStatuses.includes(task.status) || isPaused(task)) return []
  const clock = storedClock(task)
  const rungs = clock && isCurrent(clock, task) ? clock.rungs : []
  const others = rungs.filter(({ step }) => step !== 'overdue').map((rung) => ({ ...rung, due }))
  return [{ step: 'overdue', at: due, due }, ...others]
}

/** When an open Task has something to say. That it was said before is no matter: its due date may have been moved since. */
export const clocks = (resource: Resource, calendar?: TenantCalendar): Instant[] => [
  ...new Set(strikesOf(resource as unknown as Task, calendar).map(({ at }) => at)),
]
