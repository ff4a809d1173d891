import { type EventName, SOURCE } from './contract.ts'

/** Which events a function gets. */
export interface EventRule {
  name: EventName
  pattern: EventPattern
  /** path of the function below `functions/`, without `.ts` */
  target: string
}

/** An EventBridge pattern of exact values: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
export interface EventPattern {
  source: string[]
  'detail-type': string[]
}

const rule = (name: EventName): EventRule => ({
  name,
  pattern: { source: [SOURCE], 'detail-type': [name] },
  target: `events/${name}`,
})

/** Every rule of a tenant's bus: CDK and the one-machine runtime make theirs of these. */
export const rules: readonly EventRule[] = [rule('encounter-discharged'), rule('task-overdue')]
