import type { CodeableConcept, Extension, Period, Reference, Task } from 'fhir/r4'
import type { Instant } from '../fhir.ts'
import type { TenantSettings } from '../tenant.ts'
import { timedPeriod } from './apply.ts'
import type { Calendar } from './calendar.ts'
import {
  AUTOMATION_REASON,
  businessStatus,
  COUNTED_DUE,
  hasCode,
  isWithdrawalReason,
  TASK_BUSINESS_STATUS,
  TASK_OUTPUT,
  WITHDRAWALS,
  type WithdrawalReason,
} from './codes.ts'
import { lastInstantOf } from './date-time.ts'
import { isOpen } from './due.ts'
import { defaultLadder, unattendedLadder } from './ladder.ts'
import type { Proof } from './match-evidence.ts'
import type { Step } from './pathway.ts'
import type { Timing } from './schedule-steps.ts'
import { taskClock, withClock } from './task-clock.ts'
import { markedMissed, unmarked } from './task-marks.ts'

/** What times are written by. */
export interface Times {
  calendar: Calendar
  /** IANA name of the facility's */
  timeZone: string
  tenant: TenantSettings
  now: Instant
}

const COMPLETED = 'completed'
const PLAN_ON_HOLD = 'plan-on-hold'
const WINDOW_MISSED = 'window-missed'

const withdrawalsOf = ({ statusReason }: Task): string[] =>
  (statusReason?.coding ?? []).flatMap(({ system, code }) =>
    system === AUTOMATION_REASON && isWithdrawalReason(code) ? [code] : [],
  )

/** Whether it was the automation that cancelled a Task. */
export const isWithdrawn = (task: Task): boolean => task.status === 'cancelled' && withdrawalsOf(task).length > 0

const EVIDENCE = { system: TASK_OUTPUT, code: 'evidence' }

const isEvidence = ({ type }: NonNullable<Task['output']>[number]): boolean =>
  hasCode(type, EVIDENCE.system, EVIDENCE.code)

/** `Type/id` of what has shown that a Task was done. While the Task is open, a person has opened it again in spite of that. */
export const evidenceOf = ({ output = [] }: Task): ReadonlySet<string> =>
  new Set(output.filter(isEvidence).flatMap(({ valueReference }) => valueReference?.reference ?? []))

/** Whether it was the automation that completed a Task. */
export const isProven = ({ status, output = [] }: Task): boolean => status === COMPLETED && output.some(isEvidence)

const WINDOW_ENDED = 'window-ended'

/** Whether it was the automation that completed a Task, because the time was over in which something was watched for. */
export const isEnded = ({ status, businessStatus: state }: Task): boolean =>
  status === COMPLETED && hasCode(state, TASK_BUSINESS_STATUS, WINDOW_ENDED)

/** Whether the time for what a Task waits for is over. */
const isPast = ({ window, complianceEnd }: Timing, { timeZone, now }: Times): boolean => {
  const until = complianceEnd ?? window?.end
  return until !== undefined && lastInstantOf(until, timeZone)! <= now
}

/**
 * A Task that nobody works on, whose time is over without what it waited for: done. Where what comes late would still show that it is
 * done, it has missed its window; where that would not count, there is nothing to miss.
 */
export const endedTask = (task: Task, { unattended, evidence }: Step, timing: Timing, times: Times): Task => {
  if (!unattended || !isOpen(task) || !isPast(timing, times)) return task
  const isMissed = evidence.some(({ result, withinWindow }) => result === COMPLETED && !withinWindow)
  const ended: Task = { ...task, status: COMPLETED, businessStatus: businessStatus(WINDOW_ENDED) }
  return isMissed ? markedMissed(ended) : ended
}

const missed = (task: Task): boolean => hasCode(task.statusReason, AUTOMATION_REASON, WINDOW_MISSED)

const withoutReason = ({ statusReason: _, ...task }: Task): Task => task

export const withdrawnTask = (task: Task, reason: WithdrawalReason): Task => {
  const late = missed(task) ? [{ system: AUTOMATION_REASON, code: WINDOW_MISSED }] : []
  const statusReason: CodeableConcept = {
    coding: [{ system: AUTOMATION_REASON, code: reason }, ...late],
    text: WITHDRAWALS[reason],
  }
  return { ...task, status: 'cancelled', statusReason }
}

/** A Task that the automation had closed, to be done again: as it was, but ready. */
export const reopenedTask = (task: Task): Task => {
  const { output = [], executionPeriod, ...others } = withoutReason(task)
  const kept = output.filter((each) => !isEvidence(each))
  const { end: _, ...begun } = executionPeriod ?? {}
  const reopened: Task = {
    ...others,
    status: 'ready',
    ...(isEnded(task) && { businessStatus: businessStatus('assigned') }),
    ...(kept.length && { output: kept }),
    ...(Object.keys(begun).length && { executionPeriod: begun }),
  }
  return missed(task) ? markedMissed(reopened) : reopened
}

/** A Task whose clock is to stand still. */
export const heldTask = (task: Task): Task =>
  task.status === 'on-hold'
    ? task
    : {
        ...task,
        status: 'on-hold',
        statusReason: {
          coding: [{ system: AUTOMATION_REASON, code: PLAN_ON_HOLD }],
          text: 'The patient is on leave from the stay.',
        },
      }

/** Whether it was the automation that put a Task on hold. */
export const isHeld = ({ status, statusReason }: Task): boolean =>
  status === 'on-hold' && hasCode(statusReason, AUTOMATION_REASON, PLAN_ON_HOLD)

/** A Task that the automation had put on hold, going on with the status it had. */
export const resumedTask = (task: Task, status: Task['status']): Task => ({ ...withoutReason(task), status })

export const taskOfSubject = (task: Task, subject: Reference): Task =>
  task.for?.reference === subject.reference ? task : { ...task, for: subject }

const extensionsOf = (period: Period): Extension[] => period.extension ?? []

/** Whether the window is as the pathway counted it, and not one that somebody agreed on. */
const isCounted = (period: Period): boolean =>
  extensionsOf(period).some(({ url, valueDateTime }) => url === COUNTED_DUE && valueDateTime === period.end)

const ladderFor = ({ ladder, unattended }: Step) => ladder ?? (unattended ? unattendedLadder : defaultLadder)

const withWindow = (task: Task, step: Step, { window, complianceEnd }: Timing, times: Times): Task => {
  const { calendar, timeZone } = times
  const counted = timedPeriod(window!, calendar)
  const period: Period = {
    ...counted,
    extension: [...extensionsOf(counted), { url: COUNTED_DUE, valueDateTime: window!.end }],
  }
  const timed: Task = { ...task, restriction: { ...task.restriction, period } }
  const ladder = ladderFor(step)
  return withClock(
    timed,
    taskClock({ task: timed, ladder, calendar, timeZone, ...(complianceEnd && { complianceEnd }) }),
  )
}

/** A new Task with its window, if it has one. */
export const timedTask = (task: Task, step: Step, timing: Timing, times: Times): Task =>
  timing.window ? withWindow(task, step, timing, times) : task

/**
 * A Task with the window it has now. One that somebody has moved stays; so does one that was counted from the same moment by another
 * version of the calendar: holidays that are declared later do not move what was agreed.
 */
export const movedTask = (task: Task, step: Step, timing: Timing, times: Times): Task => {
  const period = task.restriction?.period
  const { window } = timing
  if (!window || !period || !isCounted(period)) return task
  const instant = (dateTime: string | undefined) => dateTime && lastInstantOf(dateTime, times.timeZone)
  const isSameStart = instant(period.start) === instant(window.start)
  if (isSameStart && instant(period.end) === instant(window.end)) return task
  const [former] = extensionsOf(timedPeriod({}, times.calendar))
  const isSameCalendar = extensionsOf(period).some(
    ({ url, valueString }) => url === former!.url && valueString === former!.valueString,
  )
  if (isSameStart && !isSameCalendar) return task
  return unmarked(withWindow(task, step, timing, times), times.tenant, times.now)
}

const outputsOf = ({ references, result }: Proof): NonNullable<Task['output']> => {
  const coding = result === COMPLETED ? EVIDENCE : { system: TASK_BUSINESS_STATUS, code: result }
  return references.map((reference) => ({ type: { coding: [coding] }, valueReference: { reference } }))
}

/** The Task as the proof leaves it: done, or with what has come of it so far, which is said once. */
export const provenTask = (task: Task, proof: Proof): Task => {
  const { result, date } = proof
  const output = task.output ?? []
  const outputs = [...output, ...outputsOf(proof)]
  if (result === COMPLETED) {
    const { start } = task.executionPeriod ?? {}
    const isInOrder = start !== undefined && Date.parse(start) <= Date.parse(date)
    return {
      ...withoutReason(task),
      status: COMPLETED,
      output: outputs,
      executionPeriod: { ...(isInOrder && { start }), end: date },
    }
  }
  if (output.some(({ type }) => hasCode(type, TASK_BUSINESS_STATUS, result))) return task
  return { ...task, businessStatus: { coding: [{ system: TASK_BUSINESS_STATUS, code: result }] }, output: outputs }
}
