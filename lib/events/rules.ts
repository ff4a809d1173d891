import { type EventName, SOURCE } from './contract.ts'

/** Which events a function gets. */
export interface EventRule {
  /** what it does, unique */
  name: string
  pattern: EventPattern
  /** path of the function below `functions/`, without `.ts` */
  target: string
}

/** An EventBridge pattern of exact values: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
export interface EventPattern {
  source: string[]
  'detail-type': string[]
}

/** The rule `name`, with the function of that name for all of these events. */
const rule = (name: string, ...events: readonly EventName[]): EventRule => ({
  name,
  pattern: { source: [SOURCE], 'detail-type': [...events] },
  target: `events/${name}`,
})

/** Every rule of a tenant's bus: CDK and the one-machine runtime make theirs of these. */
export const rules: readonly EventRule[] = [
  rule(
    'encounter-changed',
    ...(['encounter-admitted', 'encounter-discharged', 'ed-visit-started', 'ed-visit-ended'] as const),
    'encounter-changed',
  ),
  rule('patient-changed', 'patient-changed'),
  rule('fact-recorded', 'fact-recorded'),
  rule('questionnaire-answered', 'questionnaire-answered', 'screening-recorded'),
  rule('task-closed', 'task-completed', 'task-closed'),
  rule('task-overdue', 'task-overdue'),
  rule('task-clock-struck', 'task-clock-struck'),
  rule('task-rescheduled', 'task-rescheduled'),
  rule('notification-requested', 'notification-requested'),
  rule('goal-changed', 'goal-changed', 'goal-clock-struck'),
  rule('goal-measured', 'observation-recorded', 'observation-changed'),
  rule('care-plan-changed', 'care-plan-changed', 'care-plan-clock-struck'),
  rule('referral-changed', 'referral-changed'),
  rule('contact-changed', 'contact-changed'),
]
