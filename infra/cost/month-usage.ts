import type { Assumptions } from './assumptions.ts'
import { requestUsage } from './interaction-usage.ts'
import type { Measured, MeasuredUse } from './measured.ts'
import type { StackShape } from './stack-shape.ts'
import { plus, times, type Usage } from './usage.ts'

const GIGABYTE = 1e9
const DAYS_A_MONTH = 365 / 12
const SECONDS_MEMORY = 1_024_000

/** What a stack uses in a month in which nobody uses it, with nothing in its table. */
export const idleUsage = (shape: StackShape, assumptions: Assumptions): Usage => {
  const { readUnitsATick, tickMilliseconds, logBytesARun, minutesAKeyIsKept, usersOfTheKeyWhenIdle } = assumptions
  const { scheduledRuns, memory } = shape
  const logGigabytes = (scheduledRuns * logBytesARun) / GIGABYTE
  return {
    'kms-key': shape.keys,
    'kms-request': ((assumptions.hoursAMonth * 60) / minutesAKeyIsKept) * usersOfTheKeyWhenIdle,
    'alarm-metric': shape.alarmMetrics,
    // How late the clocks are: the only metric of the stack's own that has data every minute.
    'custom-metric': 1,
    dashboard: shape.dashboards,
    'web-acl': shape.webAcls,
    'web-acl-rule': shape.webAclRules,
    'lambda-request': scheduledRuns,
    'lambda-gb-second': (scheduledRuns * tickMilliseconds * memory) / SECONDS_MEMORY,
    'dynamodb-read-unit': scheduledRuns * readUnitsATick,
    'log-ingestion': logGigabytes,
    'log-storage': keptLogs(logGigabytes, shape, assumptions),
    ...(shape.secrets && { secret: shape.secrets }),
  }
}

/** Gigabytes kept of so many that come each month, compressed, once the oldest go. */
const keptLogs = (gigabytesAMonth: number, { logDays }: StackShape, { logCompression }: Assumptions): number =>
  gigabytesAMonth * logCompression * (logDays / DAYS_A_MONTH)

/** How much a tenant is used. */
export interface Workload {
  patients: number
  dischargesAMonth: number
  /** to the API, besides the discharges; spread over the interactions as {@link MIX} says */
  requestsAMonth: number
  /** How long there has been such use: what is stored grows with it. */
  months: number
}

/** Shares of the interactions in what clients ask for. People look far more often than they write. */
export const MIX: Readonly<Record<string, number>> = {
  read: 0.35,
  'search by patient, page of 20': 0.25,
  'worklist, page of 20': 0.15,
  create: 0.1,
  'update of the status, stays open': 0.1,
  'update of the status, closes': 0.05,
}

const DISCHARGE = 'discharge through to its Tasks'

/** What is stored of a patient before anything happens: some 30 resources of 2 KB with their rows. */
const BYTES_A_PATIENT = 150_000

/** The measured use of an interaction, as it is deployed. @throws Error when it was not measured */
const useOf = ({ interactions }: Measured, name: string): MeasuredUse => {
  const found = interactions.find((interaction) => interaction.name === name)
  if (!found)
    throw new Error(`"${name}" is not in measured-capacity.json; measure again: npm run bench:cost -- --write`)
  return found.audited
}

/** What is in the table after so many months. */
export const storedGigabytes = (measured: Measured, workload: Workload): number => {
  const { patients, dischargesAMonth, requestsAMonth, months } = workload
  const ofRequests = Object.entries(MIX).reduce(
    (sum, [name, share]) => sum + useOf(measured, name).bytes * share * requestsAMonth,
    0,
  )
  const aMonth = ofRequests + useOf(measured, DISCHARGE).bytes * dischargesAMonth
  return (patients * BYTES_A_PATIENT + aMonth * months) / GIGABYTE
}

/** What a stack uses in a month of a workload, besides what it uses when idle. */
export const workloadUsage = (
  measured: Measured,
  workload: Workload,
  shape: StackShape,
  assumptions: Assumptions,
): Usage => {
  const request = (name: string) => requestUsage(useOf(measured, name), shape, assumptions)
  const requests = plus(
    ...Object.entries(MIX).map(([name, share]) => times(request(name), share * workload.requestsAMonth)),
    times(request(DISCHARGE), workload.dischargesAMonth),
  )
  const stored = storedGigabytes(measured, workload)
  const archiveMonths = Math.min(workload.months, shape.archiveDays / DAYS_A_MONTH)
  return plus(requests, {
    'dynamodb-storage': stored,
    'dynamodb-pitr': stored,
    'backup-storage': stored * shape.backupCopies,
    'eventbridge-archive-storage': (requests['eventbridge-archive'] ?? 0) * archiveMonths,
    'log-storage': keptLogs(requests['log-ingestion'] ?? 0, shape, assumptions),
  })
}
