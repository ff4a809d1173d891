import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What one interaction uses, with all that follows from it over stream, bus and consumers. */
export interface MeasuredUse {
  /** read and write units of DynamoDB */
  read: number
  write: number
  /** calls of DynamoDB */
  calls: number
  /** of the processor, in the functions */
  processorMilliseconds: number
  publisherRuns: number
  consumerRuns: number
  /** on the bus */
  events: number
  /** bytes of their details */
  eventBytes: number
  /** that stay in the table */
  bytes: number
}

export interface MeasuredInteraction {
  name: string
  /** without AuditEvents */
  plain: MeasuredUse
  /** with them, as it is deployed */
  audited: MeasuredUse
}

/** What `npm run bench:cost -- --write` found, on DynamoDB Local. */
export interface Measured {
  /** date of the measurement */
  on: string
  interactions: MeasuredInteraction[]
}

export const MEASURED_FILE = join(import.meta.dirname, '../../docs/operations/measured-capacity.json')

/** @throws Error when it has not been measured */
export const readMeasured = (file: string = MEASURED_FILE): Measured => JSON.parse(readFileSync(file, 'utf8'))
