import * as z from 'zod'

/** How a tenant's stack is deployed and run. The functions see none of it: what they see is lib/tenant.ts. */
export interface DeploymentSettings {
  /** The AWS account. @default the account of the credentials that deploy */
  account?: string | undefined
  /** @default the region of the credentials that deploy */
  region?: string | undefined
  /** Deployed before all others, which wait until its alarms have stayed quiet. @default false */
  canary: boolean
  features: Features
  retention: Retention
  alarms: Alarms
  /** US dollars a month; told at 80 % and at 100 % of it. */
  budgetUsd: number
  throttling: Throttling
  /**
   * Executions kept for a function and at the same time the most it may have, by its path below functions/: `{ "task": 20 }`. They are
   * taken from those of the account, which all tenants in it share.
   * @default none
   */
  reservedConcurrency: Readonly<Record<string, number>>
}

/** Ways in besides the FHIR API; one that is off is not deployed. */
export interface Features {
  /** iCalendar feeds at /calendar, for whoever knows the address. @default true */
  calendarFeeds: boolean
  /** Pages for agencies without an account at /referral, for whoever has the link. @default true */
  referralLinks: boolean
  /** HL7 v2 ADT messages at /v2/adt. @default true */
  hl7v2: boolean
}

export interface Retention {
  /** of all logs: one of the numbers that CloudWatch Logs knows. @default 365 */
  logDays: number
  /** of the backup of each 1 January; that of each day is kept for 35 days. @default 10 */
  backupYears: number
  /** of the archive of the bus, for replays. @default 365 */
  archiveDays: number
}

export interface Alarms {
  /** Who is written to when an alarm goes off, when it is over, and about the budget. @default nobody */
  emails: readonly string[]
}

export interface Throttling {
  /** of the whole API, on average. @default 100 */
  requestsPerSecond: number
  /** of the whole API, at once. @default 200 */
  burst: number
  /** of one IP address, in any 5 minutes. @default 30,000: as many as the whole API takes */
  requestsPerAddress: number
  /** of one client, on average. @default 25 */
  requestsPerClient: number
  /** of one client, at once. @default 50 */
  burstPerClient: number
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
]

const whole = (least: number, most: number) =>
  z.int('must be a whole number').min(least, `must be at least ${least}`).max(most, `must be at most ${most}`)

const flag = z.boolean('must be true or false')

/** The setting `deployment` of a tenant; what a file leaves out is by default. */
export const deploymentSchema = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account')
    .optional(),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as "us-east-1"')
    .optional(),
  canary: flag.default(false),
  features: z
    .strictObject({ calendarFeeds: flag.default(true), referralLinks: flag.default(true), hl7v2: flag.default(true) })
    .prefault({}),
  retention: z
    .strictObject({
      logDays: z
        .number()
        .refine((days) => LOG_DAYS.includes(days), `must be one of ${LOG_DAYS.join(', ')}`)
        .default(365),
      backupYears: whole(1, 100).default(10),
      archiveDays: whole(1, 3_650).default(365),
    })
    .prefault({}),
  alarms: z.strictObject({ emails: z.array(z.email('must be an e-mail address')).max(10).default([]) }).prefault({}),
  budgetUsd: z.number('must be an amount of US dollars').positive('must be more than 0').default(200),
  throttling: z
    .strictObject({
      requestsPerSecond: whole(1, 10_000).default(100),
      burst: whole(1, 5_000).default(200),
      requestsPerAddress: whole(10, 2_000_000_000).default(30_000),
      requestsPerClient: whole(1, 10_000).default(25),
      burstPerClient: whole(1, 5_000).default(50),
    })
    .prefault({}),
  reservedConcurrency: z.record(z.string(), whole(1, 1_000)).default({}),
})

/** All by default: no account, nobody to write to. */
export const defaultDeployment: DeploymentSettings = deploymentSchema.parse({})
