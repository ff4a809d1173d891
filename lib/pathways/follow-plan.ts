import type { CarePlan, Reference } from 'fhir/r4'
import { type Instant, referenceTo } from '../fhir.ts'
import { activityOf, narrativeOf, type Trigger, taskId } from './apply.ts'
import type { Calendar } from './calendar.ts'
import {
  AUTOMATION_REASON,
  type AutomationReason,
  isWithdrawalReason,
  STATUS_REASON,
  WITHDRAWALS,
  type WithdrawalReason,
} from './codes.ts'
import { lastInstantOf } from './date-time.ts'
import type { Pathway, Step } from './pathway.ts'
import { planPeriod } from './schedule-steps.ts'

/** What has become of a plan: goes on, was completed or withdrawn by the automation, or was closed by people. */
export type PlanState = 'running' | 'ended' | 'withdrawn' | 'closed'

const RUNNING = ['draft', 'active', 'on-hold']

const PLAN_ENDED = 'plan-ended'

export const planState = ({ status, extension = [] }: CarePlan): PlanState => {
  if (RUNNING.includes(status)) return 'running'
  const reasons = extension.flatMap(({ url, valueCodeableConcept }) =>
    url === STATUS_REASON ? (valueCodeableConcept?.coding ?? []) : [],
  )
  const isOurs = (test: (code: string | undefined) => boolean): boolean =>
    reasons.some(({ system, code }) => system === AUTOMATION_REASON && test(code))
  if (status === 'revoked' && isOurs(isWithdrawalReason)) return 'withdrawn'
  return status === 'completed' && isOurs((code) => code === PLAN_ENDED) ? 'ended' : 'closed'
}

const withoutReason = ({ extension = [], ...plan }: CarePlan): CarePlan => {
  const others = extension.filter(({ url }) => url !== STATUS_REASON)
  return { ...plan, ...(others.length && { extension: others }) }
}

const closedPlan = (
  plan: CarePlan,
  status: 'completed' | 'revoked',
  code: AutomationReason,
  text: string,
): CarePlan => {
  const concept = { coding: [{ system: AUTOMATION_REASON, code }], text }
  const { extension = [], ...others } = withoutReason(plan)
  return { ...others, extension: [...extension, { url: STATUS_REASON, valueCodeableConcept: concept }], status }
}

export const withdrawnPlan = (plan: CarePlan, reason: WithdrawalReason): CarePlan =>
  closedPlan(plan, 'revoked', reason, WITHDRAWALS[reason])

/** A plan whose time is over and of which nothing is open. */
export const endedPlan = (plan: CarePlan): CarePlan =>
  planState(plan) === 'ended'
    ? plan
    : closedPlan(plan, 'completed', PLAN_ENDED, 'Its time is over and nothing of it is open.')

/** A plan that the automation had completed or withdrawn, going on. */
export const resumedPlan = (plan: CarePlan): CarePlan => ({ ...withoutReason(plan), status: 'active' })

/** The plan counted from this moment; its period stays when it was already, also when people have changed its end. */
export const movedPlan = (plan: CarePlan, pathway: Pathway, { anchor }: Trigger, calendar: Calendar): CarePlan => {
  const period = planPeriod(pathway, anchor, calendar)
  const instant = (dateTime: string | undefined) => dateTime && lastInstantOf(dateTime, anchor.timeZone)
  return instant(plan.period?.start) === instant(period.start) ? plan : { ...plan, period }
}

export const planOfSubject = (plan: CarePlan, subject: Reference): CarePlan =>
  plan.subject.reference === subject.reference ? plan : { ...plan, subject }

/** The plan with these steps too. */
export const extendedPlan = (plan: CarePlan, pathway: Pathway, trigger: string, steps: readonly Step[]): CarePlan => {
  const listed = new Set((plan.activity ?? []).map(({ reference }) => reference?.reference))
  const isListed = (step: Step): boolean => listed.has(referenceTo('Task', taskId(trigger, pathway, step)))
  const added = steps.filter((step) => !isListed(step))
  if (!added.length) return plan
  const shown = pathway.steps.filter((step) => isListed(step) || added.includes(step))
  return {
    ...plan,
    // A text that people have written is theirs.
    ...(plan.text?.status === 'generated' && { text: narrativeOf(pathway, shown) }),
    activity: [...(plan.activity ?? []), ...added.map((step) => activityOf(trigger, pathway, step))],
  }
}

/** Whether the period that a plan states is over, and was so long ago. `timeZone`: of a date without a time. */
export const hasPassed = ({ period }: CarePlan, now: Instant, timeZone: string, daysAgo = 0): boolean => {
  const end = period?.end === undefined ? undefined : lastInstantOf(period.end, timeZone)
  return end !== undefined && Date.parse(end) + daysAgo * DAY_MS < Date.parse(now)
}
const DAY_MS = 86_400_000

/** Whether the time of a plan is over: what it asks for is no longer judged anew. */
export const isOver = (pathway: Pathway, { anchor }: Trigger, calendar: Calendar, now: Instant): boolean =>
  lastInstantOf(planPeriod(pathway, anchor, calendar).end!, anchor.timeZone)! < now
