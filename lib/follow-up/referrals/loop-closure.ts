import type { Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, referenceTo } from '../../fhir.ts'
import { CARE_TASK_TYPE } from '../../pathways/codes.ts'
import { resourceOf } from '../../store/version.ts'
import { type ReferralStep, referralStepOf } from '../codes.ts'

/** How far referrals have come, in this order: all of fhir-profiles/code-systems/referral-measure.json. */
export const STAGES = ['sent', 'acknowledged', 'first-contact', 'outcome', 'closed'] as const
export type Stage = (typeof STAGES)[number]

/** How many of the referrals that were sent within a period have come so far, and after how many days half of them had. */
export interface StageFigures {
  stage: Stage
  count: number
  /** from when they were sent; none when none has come so far */
  medianDays?: number
}

/** A span of instants, the start included, the end not. */
export interface Period {
  start: Instant
  end: Instant
}

/** The step whose end is the stage. */
const ENDS: Readonly<Partial<Record<ReferralStep, Stage>>> = {
  'acknowledge-referral': 'acknowledged',
  'referral-first-contact': 'first-contact',
  'referral-outcome': 'outcome',
  'review-referral': 'closed',
}

const STEPS = encodeURIComponent(
  Object.keys(ENDS)
    .map((code) => `${CARE_TASK_TYPE}|${code}`)
    .join(),
)
const SENT = encodeURIComponent(`${CARE_TASK_TYPE}|acknowledge-referral`)
const FOCI_AT_ONCE = 50
const MOST_REFERRALS = 10_000
const DAY_MS = 86_400_000

const asTask = (version: Parameters<typeof resourceOf>[0]): Task => resourceOf(version) as unknown as Task

const median = (values: readonly number[]): number | undefined => {
  if (!values.length) return undefined
  const inOrder = [...values].sort((a, b) => a - b)
  const middle = inOrder.length / 2
  return inOrder.length % 2 ? inOrder[Math.floor(middle)]! : (inOrder[middle - 1]! + inOrder[middle]!) / 2
}

const startOf = ({ restriction }: Task): number => Date.parse(restriction?.period?.start ?? '')

/** Figures of referrals, by the steps that were taken about them. Pure. */
export const figuresOf = (steps: readonly Task[]): StageFigures[] => {
  const sent = new Map(
    steps.flatMap((task): [string, number][] =>
      referralStepOf(task) === 'acknowledge-referral' ? [[task.focus!.reference!, startOf(task)]] : [],
    ),
  )
  const daysOf = (stage: Stage): number[] =>
    steps.flatMap((task) => {
      const from = sent.get(task.focus?.reference ?? '')
      const step = referralStepOf(task)
      const end = Date.parse(task.executionPeriod?.end ?? task.meta?.lastUpdated ?? '')
      const isReached = from !== undefined && step && ENDS[step] === stage && task.status === 'completed'
      return isReached && Number.isFinite(end) ? [Math.max(0, end - from) / DAY_MS] : []
    })
  return STAGES.map((stage) => {
    if (stage === 'sent') return { stage, count: sent.size }
    const days = daysOf(stage)
    const medianDays = median(days)
    return { stage, count: days.length, ...(medianDays !== undefined && { medianDays }) }
  })
}

/**
 * How far the referrals that were sent within a period have come by now. A loop is closed when the outcome was told and its source has
 * looked at it. @throws RangeError when there are more than 10,000
 */
export const loopClosure = async ({ search }: Careloop, { start, end }: Period): Promise<StageFigures[]> => {
  // The window of its acknowledgement begins when a referral is sent.
  const found = await search.all('Task', `code=${SENT}&start-date=ge${start}&start-date=lt${end}`, MOST_REFERRALS)
  const sent = found.map(asTask).filter(({ status }) => status !== 'entered-in-error')
  const foci = [...new Set(sent.flatMap(({ focus }) => focus?.reference ?? []))]
  const steps = new Map(sent.map((task) => [referenceTo('Task', task.id!), task]))
  for (let at = 0; at < foci.length; at += FOCI_AT_ONCE) {
    const focus = encodeURIComponent(foci.slice(at, at + FOCI_AT_ONCE).join())
    for (const version of await search.all('Task', `focus=${focus}&code=${STEPS}`, MOST_REFERRALS))
      steps.set(referenceTo('Task', version.id), asTask(version))
  }
  return figuresOf([...steps.values()])
}
