import type { Task } from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { type Calendar, roll } from '../../pathways/calendar.ts'
import { endOfDay, type LocalDate, localDateOf, startOfDay } from '../../pathways/date-time.ts'
import { isOpen } from '../../pathways/due.ts'
import { isWithdrawn } from '../../pathways/follow-task.ts'
import type { Pathway, Step } from '../../pathways/pathway.ts'
import { type Anchor, anchorAt, earlierOf } from '../../pathways/window.ts'
import type { Version } from '../../store/version.ts'
import { closedAt, comingOccurrence, floatingWindow, type LastOccurrence, type Next } from './next-occurrence.ts'
import { occurrences } from './occurrences.ts'
import { MOST_OCCURRENCES, type StepRecurrence, scheduleFrom } from './step-recurrence.ts'
import type { Schedule } from './timing.ts'

/** A step that comes again and again. */
type RecurringStep = Step & { recurrence: StepRecurrence }

const recurs = (step: Step): step is RecurringStep => step.recurrence !== undefined

export const hasRecurring = ({ steps }: Pick<Pathway, 'steps'>): boolean => steps.some(recurs)

/** Id of an occurrence as a step: no element id has a space. */
export const occurrenceStepId = (step: string, sequence: number): string => `${step} ${sequence}`

const sequenceIn = (step: string, id: string): number | undefined =>
  id.startsWith(`${step} `) ? Number(id.slice(step.length + 1)) : undefined

/**
 * The occurrences whose Tasks are among these ids.
 * @param idOf gives the id of the Task of a step. @returns the id of each as a step, and of the step it is `of`, by id of the Task
 */
export const occurrencesAmong = (
  { steps }: Pick<Pathway, 'steps'>,
  taskIds: Iterable<string>,
  idOf: (step: Pick<Step, 'id'>) => string,
): Map<string, { of: string; id: string }> => {
  const unknown = new Set(taskIds)
  const found = new Map<string, { of: string; id: string }>()
  for (const { id: of } of steps.filter(recurs))
    for (let sequence = 1; sequence <= MOST_OCCURRENCES && unknown.size; sequence += 1) {
      const id = occurrenceStepId(of, sequence)
      const taskId = idOf({ id })
      if (unknown.delete(taskId)) found.set(taskId, { of, id })
    }
  return found
}

export interface Unrolling {
  anchor: Anchor
  calendar: Calendar
  now: Instant
  /** the last day of the plan */
  lastDay: LocalDate
  /** what is stored of the Tasks, deleted ones included, by id of the step */
  tasks: ReadonlyMap<string, Version>
  /** What is stored of the Task of a step that the plan does not list. */
  unlisted(step: Pick<Step, 'id'>): Promise<Version | undefined>
  /** When the step with this id was done. */
  doneAt(id: string): string | undefined
  /** Whether another occurrence of a step may be made. */
  mayRecur(step: Step): boolean
  /** what was due before nobody had to do */
  inForceSince: Instant
  /** For how long a clock that can pause has stood still since a moment, in milliseconds. */
  pausedSince(from: string): Promise<number>
}

export interface Unrolled {
  /** steps that come once, and in place of each that recurs its occurrences: those there are, and the one to be made */
  steps: readonly Step[]
  /** the Tasks, with those that the plan did not list */
  tasks: ReadonlyMap<string, Version>
  /** when another may have to be made, though nothing happens until then */
  lookAt?: Instant
}

type Window = Next['window']

const asTask = (version: Version): Task => version.content as unknown as Task

/** Since when it has been closed; undefined as long as it is open, or is to be again. */
const closedSince = (version: Version, timeZone: string): Instant | undefined => {
  if (version.deleted) return version.updated
  const task = asTask(version)
  return isOpen(task) || isWithdrawn(task) ? undefined : (closedAt(task, timeZone) ?? version.updated)
}

/** The window with its end on a business day, if that is asked for. */
const rolled = (window: Window, { rollForward }: StepRecurrence, calendar: Calendar, timeZone: string): Window => {
  const day = localDateOf(window.end, timeZone)!
  const due = roll(calendar, day, rollForward)
  if (due.equals(day)) return window
  return { start: earlierOf(window.start, startOfDay(due, timeZone)), end: endOfDay(due, timeZone) }
}

const DAY_MS = 86_400_000

const longer = ({ start, end }: Window, ms: number, timeZone: string): Window =>
  ms
    ? { start, end: endOfDay(localDateOf(end, timeZone)!.add({ days: Math.ceil(ms / DAY_MS) }), timeZone) }
    : { start, end }

const unrollStep = async (
  { recurrence, ...step }: RecurringStep,
  anchor: Anchor | undefined,
  parts: Unrolling,
): Promise<{ steps: Step[]; found: Map<string, Version>; lookAt?: Instant }> => {
  const { calendar, now, tasks, inForceSince } = parts
  const { timeZone } = parts.anchor
  const { isFloating } = recurrence
  const schedule: Schedule | undefined = anchor && scheduleFrom(recurrence, anchor, parts.lastDay)
  const known = new Map(
    [...tasks].flatMap(([id, version]) => {
      const sequence = sequenceIn(step.id, id)
      return sequence === undefined ? [] : [[sequence, version] as const]
    }),
  )

  const last = (): LastOccurrence | undefined => {
    const sequence = Math.max(...known.keys())
    if (!known.size) return undefined
    return { sequence, closed: closedSince(known.get(sequence)!, timeZone) }
  }
  const of = async (sequence: number): Promise<Version | undefined> => {
    const version = known.get(sequence) ?? (await parts.unlisted({ id: occurrenceStepId(step.id, sequence) }))
    if (version) known.set(sequence, version)
    return version
  }
  const stored = {
    async of(sequence: number) {
      const version = await of(sequence)
      return version && (closedSince(version, timeZone) === undefined ? 'open' : 'closed')
    },
    last: async () => last(),
  } as const

  const comingNow = () => comingOccurrence({ schedule: schedule!, isFloating }, stored, inForceSince, now)
  let coming = schedule && parts.mayRecur({ ...step, recurrence }) ? await comingNow() : {}
  // What floats is numbered by what is there: one that the plan does not list may be in its place.
  while (isFloating && coming.next && (await of(coming.next.sequence))) coming = await comingNow()
  const { next, lookAt } = coming

  const sequences = [...new Set([...known.keys(), ...(next ? [next.sequence] : [])])].sort((a, b) => a - b)
  const grid = schedule ? [...occurrences(schedule).take((sequences.at(-1) ?? 0) + 1)] : []
  const inOrder = async (sequence: number, index: number): Promise<Step> => {
    const before = isFloating ? await of(sequence - 1) : known.get(sequences[index - 1] ?? 0)
    const former = before && closedSince(before, timeZone)
    const counted = isFloating && sequence > 1 ? schedule && afterClose(schedule, former) : grid[sequence - 1]
    const window = counted && rolled(counted, recurrence, calendar, timeZone)
    const isBegun = !isFloating && window !== undefined && Date.parse(window.start) <= Date.parse(now)
    const following = isFloating ? undefined : grid[sequence]
    const paused = window && step.pausable ? await parts.pausedSince(window.start) : 0
    return {
      ...step,
      id: occurrenceStepId(step.id, sequence),
      occurrence: {
        of: step.id,
        sequence,
        isAskedFor: window !== undefined && (!before || former !== undefined || isBegun),
        ...(window && { window: longer(window, paused, timeZone) }),
        ...(following && { nextFrom: rolled(following, recurrence, calendar, timeZone).start }),
        ...(next?.sequence === sequence && next.skipped && { skipped: next.skipped }),
      },
    }
  }
  const steps = await Promise.all(sequences.map(inOrder))
  return { steps, found: listed(step.id, known), ...(lookAt && { lookAt }) }
}

const afterClose = (schedule: Schedule, closed: Instant | undefined): Window | undefined =>
  closed === undefined ? undefined : floatingWindow(schedule, closed)

const listed = (step: string, known: ReadonlyMap<number, Version>): Map<string, Version> =>
  new Map([...known].map(([sequence, version]) => [occurrenceStepId(step, sequence), version]))

/**
 * A pathway's steps as they stand in one plan now: each that recurs is as many as there have been, and the one that is to come. Whatever
 * the engine does with a step it does with an occurrence too.
 */
export const unrollSteps = async ({ steps }: Pick<Pathway, 'steps'>, parts: Unrolling): Promise<Unrolled> => {
  const unrolled: Step[] = []
  const tasks = new Map(parts.tasks)
  let lookAt: Instant | undefined
  for (const step of steps) {
    if (!recurs(step)) {
      unrolled.push(step)
      continue
    }
    const { after } = step
    const done = after && parts.doneAt(after.step)
    const anchor = after ? (done === undefined ? undefined : anchorAt(done, parts.anchor.timeZone)) : parts.anchor
    const of = await unrollStep(step, anchor, parts)
    unrolled.push(...of.steps)
    for (const [id, version] of of.found) tasks.set(id, version)
    if (of.lookAt && (!lookAt || of.lookAt < lookAt)) lookAt = of.lookAt
  }
  return { steps: unrolled, tasks, ...(lookAt && { lookAt }) }
}
