import type { CodeableConcept, Extension, Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { addBusinessDays, type Calendar } from '../../pathways/calendar.ts'
import { CARE_TASK_TYPE, hasCode, TASK_BUSINESS_STATUS } from '../../pathways/codes.ts'
import type { ContactSettings } from '../../tenant.ts'
import { CONTACT_LADDER } from '../codes.ts'
import { type Attempt, leastTried, type Standing } from './attempts.ts'

const SDOH_CODES = 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes'

/** What asks for nothing but that somebody is reached. Tasks of programmes say themselves what fulfills them. */
export const isContactTask = ({ code, instantiatesCanonical }: Task): boolean =>
  instantiatesCanonical === undefined &&
  (hasCode(code, CARE_TASK_TYPE, 'make-contact') ||
    hasCode(code, SDOH_CODES, 'make-contact') ||
    hasCode(code, CARE_TASK_TYPE, 'high-risk-call-48h') ||
    hasCode(code, CARE_TASK_TYPE, 'tcm-interactive-contact'))

export const countsAttempts = ({ extension = [] }: Task): boolean => extension.some(({ url }) => url === CONTACT_LADDER)

/** The attempts that a business status can tell of. fhir-profiles/code-systems/task-business-status.json */
const MOST_TOLD = 6

/** What says less than an attempt does, or was said by an earlier one. What people or clocks say more urgently stays. */
const GIVES_WAY = /^(new|assigned|due-soon|reached|attempt-\d)$/

const mayTell = ({ businessStatus }: Task): boolean =>
  !businessStatus ||
  (businessStatus.coding ?? []).some(
    ({ system, code }) => system === TASK_BUSINESS_STATUS && GIVES_WAY.test(code ?? ''),
  )

const told = (code: string): CodeableConcept => ({ coding: [{ system: TASK_BUSINESS_STATUS, code }] })

const statusOf = (attempts: number, isReached: boolean): string => {
  if (isReached) return 'reached'
  return attempts ? `attempt-${Math.min(attempts, MOST_TOLD)}` : 'assigned'
}

/** When to try next: on another day, at the part of the day that was tried least, while it counts. */
const nextAttempt = (
  { counted, first, last }: Standing,
  failed: readonly Attempt[],
  settings: ContactSettings,
  calendar: Calendar,
): Extension[] => {
  if (!first || !last || counted >= settings.attempts) return []
  const from = addBusinessDays(calendar, Temporal.PlainDate.from(last.day), 1)
  const by = Temporal.PlainDate.from(first.day).add({ days: settings.attemptsWithinDays })
  return [
    { url: 'next-day-part', valueCode: leastTried(failed) },
    { url: 'next-from', valueDate: from.toString() },
    // Late attempts count with later ones: then the days begin anew.
    ...(Temporal.PlainDate.compare(from, by) <= 0 ? [{ url: 'next-by', valueDate: by.toString() }] : []),
  ]
}

/** What the ladder of a Task goes by. */
export interface Tally {
  standing: Standing
  failed: readonly Attempt[]
  isReached: boolean
  /** nobody is to be tried again, though the client was not reached: they have refused */
  isOver: boolean
}

/** The Task with what came of the attempts so far; the very same when that changes nothing. Pure. */
export const countedTask = (task: Task, tally: Tally, settings: ContactSettings, calendar: Calendar): Task => {
  const { standing, failed, isReached, isOver } = tally
  if (!standing.attempts && !isReached && !countsAttempts(task)) return task
  const ladder: Extension = {
    url: CONTACT_LADDER,
    extension: [
      { url: 'attempts', valueUnsignedInt: standing.attempts },
      { url: 'counted', valueUnsignedInt: standing.counted },
      ...(isReached || isOver ? [] : nextAttempt(standing, failed, settings, calendar)),
    ],
  }
  const extension = [...(task.extension ?? []).filter(({ url }) => url !== CONTACT_LADDER), ladder]
  const after: Task = {
    ...task,
    extension,
    ...(mayTell(task) && { businessStatus: told(statusOf(standing.attempts, isReached)) }),
  }
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
  const former = (task.extension ?? []).find(({ url }) => url === CONTACT_LADDER)
  return same(former, ladder) && same(task.businessStatus, after.businessStatus) ? task : after
}
