import type { CarePlan, CarePlanActivityDetail } from 'fhir/r4'
import { deterministicId } from '../../ids.ts'
import { RECURRENCE_ANCHOR, STOP_WHEN_GOAL_ACHIEVED } from './codes.ts'
import { type Events, type Schedule, scheduleOf, UnusableTiming } from './timing.ts'

/** A Task is made at most so many days before its occurrence begins. */
export const HORIZON_DAYS = 14

/** An activity of a plan that comes again and again. */
export interface RecurringActivity {
  /** names it and its timing within the plan: another timing is another series */
  series: string
  detail: CarePlanActivityDetail
  schedule: Schedule | Events
  /** whether the next occurrence is counted from the close of the former one */
  isFloating: boolean
  /** `Goal/id` of those that, once achieved, end it */
  endsWith: readonly string[]
}

/** An activity that has come to an end, or rests. https://hl7.org/fhir/R4/valueset-care-plan-activity-status.html */
const RESTING = ['on-hold', 'completed', 'cancelled', 'stopped', 'entered-in-error']

const seriesOf = (
  id: string | undefined,
  { code, description, scheduledTiming, extension }: CarePlanActivityDetail,
) => {
  const anchoring = extension?.find(({ url }) => url === RECURRENCE_ANCHOR)?.valueCode ?? 'fixed'
  return deterministicId(id ?? JSON.stringify([code, description]), JSON.stringify(scheduledTiming), anchoring)
}

/**
 * The recurring activities of an active plan; none of any other. One whose timing breaks a rule of FHIR, or is none that people could work
 * by, is left out: it stays what the plan says, and makes no Tasks.
 */
export const recurringActivities = (plan: CarePlan, timeZone: string): RecurringActivity[] => {
  if (plan.status !== 'active') return []
  const begin = plan.period?.start ?? plan.created ?? plan.meta?.lastUpdated
  return (plan.activity ?? []).flatMap(({ id, detail }) => {
    const timing = detail?.scheduledTiming
    if (!timing || detail.doNotPerform || RESTING.includes(detail.status)) return []
    const { extension = [], goal = [] } = detail
    const stops = extension.some(({ url, valueBoolean }) => url === STOP_WHEN_GOAL_ACHIEVED && valueBoolean === true)
    try {
      const schedule = scheduleOf(timing, begin ?? '', timeZone)
      const isFloating =
        !('events' in schedule) &&
        extension.some(({ url, valueCode }) => url === RECURRENCE_ANCHOR && valueCode === 'floating')
      const endsWith = stops ? goal.flatMap(({ reference }) => reference ?? []) : []
      return [{ series: seriesOf(id, detail), detail, schedule, isFloating, endsWith }]
    } catch (error) {
      if (error instanceof UnusableTiming || error instanceof RangeError) return []
      throw error
    }
  })
}
