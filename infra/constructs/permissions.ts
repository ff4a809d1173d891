import { Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'

/** The work that follows from events, and its record; what the functions of events write, each a part of it. */
const FOLLOW_UP = ['CarePlan', 'CareTeam', 'CommunicationRequest', 'Goal', 'Task', 'Provenance', 'AuditEvent'] as const

/**
 * The types whose resources a function may write, by its path below functions/. `any` is for whoever answers the FHIR API: a transaction, a
 * message, or a change with its consequences may be about any type. What is not here writes nothing.
 */
export const WRITES: Readonly<Record<string, 'any' | readonly string[]>> = {
  'care-plan': 'any',
  goal: 'any',
  task: 'any',
  'service-request': 'any',
  clinical: 'any',
  pathways: 'any',
  system: 'any',
  messages: 'any',
  calendar: ['AuditEvent'],
  'referral-page': ['Task', 'Provenance', 'AuditEvent'],
  'events/care-plan-changed': FOLLOW_UP,
  'events/contact-changed': FOLLOW_UP,
  'events/encounter-changed': FOLLOW_UP,
  'events/fact-recorded': FOLLOW_UP,
  'events/goal-changed': FOLLOW_UP,
  'events/goal-measured': FOLLOW_UP,
  'events/notification-requested': ['CommunicationRequest', 'Provenance', 'AuditEvent'],
  'events/patient-changed': FOLLOW_UP,
  'events/questionnaire-answered': [...FOLLOW_UP, 'Flag', 'Observation', 'ServiceRequest'],
  'events/referral-changed': [...FOLLOW_UP, 'ServiceRequest'],
  'events/task-clock-struck': FOLLOW_UP,
  'events/task-closed': 'any',
  'events/task-overdue': FOLLOW_UP,
  'events/task-rescheduled': FOLLOW_UP,
}

/** In a pattern `?` stands for any character, and this for a question mark. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: so IAM escapes it
const QUESTION_MARK = '${?}'

/** The record of a transaction of many writes, which whoever writes may begin or help to end. */
const TRANSACTIONS = 'tx#*'

/**
 * Patterns of the partition keys that a function which writes these types must write: their resources and versions, their lists and log, and
 * the lists and records of patients' compartments. lib/store/keys.ts
 */
export const partitionsOf = (types: readonly string[]): string[] => [
  ...types.flatMap((type) => [`${type}/*`, `${type}${QUESTION_MARK}*`, `${type}!*`]),
  `Patient/*${QUESTION_MARK}`,
  `Patient/*!`,
  TRANSACTIONS,
]

/** Current items and claims of any type, and transactions: not the logs, nor the tenant's secrets in `!settings`. */
export const CLOCKS: readonly string[] = ['*/*', `*${QUESTION_MARK}*`, TRANSACTIONS]

/** The tenant's secrets in the table. */
export const SECRETS = '!settings'

/** Only these partitions. */
export const onlyPartitions = (patterns: readonly string[]): Record<string, Record<string, readonly string[]>> => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
})

/** Gives `fn` a statement of its own. */
export const allow = (
  fn: IFunction,
  actions: string[],
  resource: string,
  conditions?: Record<string, Record<string, unknown>>,
): void => {
  fn.addToRolePolicy(new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) }))
}

/** Takes from `fn` what erases: the record of an audit is put once, and no batch holds one, nor a version of one. */
export const denyErasingAudit = (fn: IFunction, actions: string[], tableArn: string): void => {
  fn.addToRolePolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions,
      resources: [tableArn],
      conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['AuditEvent/*'] } },
    }),
  )
}

/** Lets `fn` use the key through one service only, `dynamodb`, `sqs` or `lambda`: never by itself. */
export const allowKey = (fn: IFunction, keyArn: string, service: string, actions: string[]): void =>
  allow(fn, actions, keyArn, {
    StringEquals: { 'kms:ViaService': `${service}.${Stack.of(fn).region}.amazonaws.com` },
  })
