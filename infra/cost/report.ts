import { fhirWorksUsage, healthLakeUsage } from './alternatives.ts'
import type { Assumptions } from './assumptions.ts'
import { auditUsage, requestUsage } from './interaction-usage.ts'
import type { Measured } from './measured.ts'
import { idleUsage, storedGigabytes, type Workload, workloadUsage } from './month-usage.ts'
import type { StackShape } from './stack-shape.ts'
import { type CostLine, linesOf, type PriceList, plus, times, type Usage } from './usage.ts'

export interface InteractionCost {
  name: string
  /** a million of them without their AuditEvents */
  alone: CostLine[]
  /** what the AuditEvents of a million add */
  audit: CostLine[]
}

/** What a tenant costs. Months are a month of 730 hours. */
export interface CostReport {
  region: string
  /** date of the prices */
  asOf: string
  /** date of the measurement */
  measuredOn: string
  tenant: string
  shape: StackShape
  interactions: InteractionCost[]
  /** a month without any use */
  idle: CostLine[]
  workload: Workload
  /** what is in the table by then */
  storedGigabytes: number
  /** a month of the workload, all in all */
  busy: CostLine[]
  /** the same month of other services */
  elsewhere: { name: string; lines: CostLine[] }[]
}

export interface ReportParts {
  tenant: string
  shape: StackShape
  measured: Measured
  prices: PriceList
  assumptions: Assumptions
  workload: Workload
}

const A_MILLION = 1_000_000

export const costReport = ({ tenant, shape, measured, prices, assumptions, workload }: ReportParts): CostReport => {
  const lines = (usage: Usage): CostLine[] => linesOf(usage, prices)
  const idle = idleUsage(shape, assumptions)
  const stored = storedGigabytes(measured, workload)
  const demand = { requests: workload.requestsAMonth + workload.dischargesAMonth, storedGigabytes: stored }
  return {
    region: prices.region,
    asOf: prices.asOf,
    measuredOn: measured.on,
    tenant,
    shape,
    interactions: measured.interactions.map((interaction) => ({
      name: interaction.name,
      alone: lines(times(requestUsage(interaction.plain, shape, assumptions), A_MILLION)),
      audit: lines(times(auditUsage(interaction, shape, assumptions), A_MILLION)),
    })),
    idle: lines(idle),
    workload,
    storedGigabytes: stored,
    busy: lines(plus(idle, workloadUsage(measured, workload, shape, assumptions))),
    elsewhere: [
      { name: 'AWS HealthLake, one data store', lines: lines(healthLakeUsage(demand, assumptions)) },
      {
        name: 'FHIR Works on AWS, production: OpenSearch and keys alone',
        lines: lines(fhirWorksUsage('production', assumptions)),
      },
      { name: 'FHIR Works on AWS, dev: OpenSearch and keys alone', lines: lines(fhirWorksUsage('dev', assumptions)) },
    ],
  }
}
