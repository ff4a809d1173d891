import type { Period } from 'fhir/r4'
import { type Calendar, earlier } from './calendar.ts'
import type { LocalDate } from './date-time.ts'
import type { Pathway, Step } from './pathway.ts'
import { type Anchor, dueDate, windowUntil } from './window.ts'

/** The period of the whole plan. */
export const planPeriod = ({ duration }: Pathway, anchor: Anchor, calendar: Calendar): Period =>
  windowUntil(dueDate(duration, anchor, calendar), anchor, duration.countAnchorDay)

/** When each of the steps that apply must be done, by id; a step that names no time has no window. Pure. */
export const scheduleSteps = (
  steps: readonly Step[],
  anchor: Anchor,
  calendar: Calendar,
): ReadonlyMap<string, Period> => {
  const own = new Map<string, LocalDate>()
  for (const { id, oneOf, offset } of steps) {
    if (!offset) continue
    const due = dueDate(offset, anchor, calendar)
    own.set(id, due)
    if (oneOf) own.set(oneOf, due)
  }

  const windows = new Map<string, Period>()
  for (const { id, offset, noLaterThan } of steps) {
    const dates = [id, ...noLaterThan].flatMap((step) => own.get(step) ?? [])
    if (dates.length) windows.set(id, windowUntil(dates.reduce(earlier), anchor, offset?.countAnchorDay ?? true))
  }
  return windows
}
