import type { Period } from 'fhir/r4'
import type { Calendar } from './calendar.ts'
import type { Pathway, Step } from './pathway.ts'
import { type Anchor, anchorAt, dueDate, earlierOf, windowOf, windowUntil } from './window.ts'

/** When a step is to be done. */
export interface Timing {
  window?: { start: string; end: string }
  /** when what counts for the programme ends */
  complianceEnd?: string
  /** what is done from then on shows something else */
  evidenceUntil?: string
}

/** All that times are counted from. */
export interface Schedule {
  anchor: Anchor
  calendar: Calendar
  /** for how long the clocks that can pause have stood still, in milliseconds */
  pausedMs: number
  /** When the step, or the step taken of the group, with this id was done. */
  doneAt(id: string): string | undefined
}

/** The period of the whole plan. */
export const planPeriod = ({ duration }: Pathway, anchor: Anchor, calendar: Calendar): Period =>
  windowUntil(dueDate(duration, anchor, calendar), anchor, duration.countAnchorDay)

const ownWindow = (step: Step, { anchor, calendar, pausedMs, doneAt }: Schedule): Timing['window'] => {
  const { offset, after, pausable, occurrence } = step
  if (occurrence) return occurrence.window
  const paused = pausable ? pausedMs : 0
  if (!after) return offset && windowOf(offset, anchor, calendar, paused)
  const done = doneAt(after.step)
  const from = done === undefined ? undefined : anchorAt(done, anchor.timeZone)
  return after.offset && from && windowOf(after.offset, from, calendar, paused)
}

/** When each of the steps that apply must be done, by id; a step that names no time has no window. Pure. */
export const scheduleSteps = (steps: readonly Step[], schedule: Schedule): ReadonlyMap<string, Timing> => {
  const own = new Map<string, NonNullable<Timing['window']>>()
  for (const step of steps) {
    const window = ownWindow(step, schedule)
    if (!window) continue
    own.set(step.id, window)
    if (step.oneOf) own.set(step.oneOf, window)
  }

  const { anchor, calendar } = schedule
  return new Map(
    steps.map((step): [string, Timing] => {
      const ends = [step.id, ...step.noLaterThan].flatMap((id) => own.get(id)?.end ?? [])
      const start = own.get(step.id)?.start ?? anchor.dateTime
      const window = ends.length ? { start, end: ends.reduce(earlierOf) } : undefined
      const complianceEnd = step.compliance && windowOf(step.compliance, anchor, calendar).end
      const evidenceUntil = step.occurrence?.nextFrom
      return [
        step.id,
        {
          ...(window && { window }),
          ...(complianceEnd && { complianceEnd }),
          ...(evidenceUntil && { evidenceUntil }),
        },
      ]
    }),
  )
}
