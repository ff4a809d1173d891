import type { Assumptions } from './assumptions.ts'
import type { MeasuredUse } from './measured.ts'
import type { StackShape } from './stack-shape.ts'
import { plus, type Usage } from './usage.ts'

const GIGABYTE = 1e9
const MEGABYTES_A_GIGABYTE = 1024

type Memory = Pick<StackShape, 'memory'>

/** Runs of functions that take so long altogether. */
const lambda = (runs: number, milliseconds: number, { memory }: Memory): Usage => ({
  'lambda-request': runs,
  'lambda-gb-second': (milliseconds / 1_000) * (memory / MEGABYTES_A_GIGABYTE),
})

/** What the table, the functions and the bus use for something that was measured, without the API in front. Storage is not in it. */
const workUsage = (use: MeasuredUse, requests: number, shape: Memory, assumptions: Assumptions): Usage => {
  const { millisecondsACall, megabytesAProcessor, logBytesARun, eventBytesAround, kmsRequestsAnEvent } = assumptions
  const runs = requests + use.publisherRuns + use.consumerRuns
  const slower = Math.max(1, megabytesAProcessor / shape.memory)
  const milliseconds = use.processorMilliseconds * slower + use.calls * millisecondsACall
  return plus({ 'dynamodb-read-unit': use.read, 'dynamodb-write-unit': use.write }, lambda(runs, milliseconds, shape), {
    'eventbridge-event': use.events,
    'eventbridge-archive': (use.eventBytes + use.events * eventBytesAround) / GIGABYTE,
    'kms-request': use.events * kmsRequestsAnEvent,
    'log-ingestion': (runs * logBytesARun) / GIGABYTE,
  })
}

/** A request to the API with all that follows from it. */
export const requestUsage = (use: MeasuredUse, shape: Memory, assumptions: Assumptions): Usage => {
  const { authorizerRunsARequest: authorizers, authorizerMilliseconds, logBytesARequest, logBytesARun } = assumptions
  return plus(
    { 'api-gateway-request': 1, 'waf-request': 1 },
    workUsage(use, 1, shape, assumptions),
    lambda(authorizers, authorizers * authorizerMilliseconds, shape),
    { 'log-ingestion': (logBytesARequest + authorizers * logBytesARun) / GIGABYTE },
  )
}

/** What the AuditEvents of a request add to it. */
export const auditUsage = (
  { plain, audited }: { plain: MeasuredUse; audited: MeasuredUse },
  shape: Memory,
  assumptions: Assumptions,
): Usage => workUsage(difference(audited, plain), 0, shape, assumptions)

/** Never less than nothing: processor time differs by more than a record costs. */
const difference = (more: MeasuredUse, less: MeasuredUse): MeasuredUse =>
  Object.fromEntries(
    Object.entries(more).map(([name, value]) => [name, Math.max(0, value - less[name as keyof MeasuredUse])]),
  ) as unknown as MeasuredUse
