import type { CostReport } from './report.ts'
import { dollars, textTable } from './text-table.ts'
import { byService, type CostLine, totalOf } from './usage.ts'

const SERVICES = ['DynamoDB', 'Lambda', 'API Gateway', 'WAF', 'EventBridge', 'CloudWatch', 'KMS'] as const

const amount = (quantity: number): string =>
  quantity.toLocaleString('en-US', { maximumFractionDigits: quantity < 10 ? 3 : 0 })

/** The sum of lines; marked when a price among them was not confirmed. */
const total = (lines: readonly CostLine[]): string =>
  dollars(totalOf(lines)) + (lines.every(({ confirmed, usd }) => confirmed || usd === 0) ? '  ' : ' ?')

const interactionTable = ({ interactions }: CostReport): string => {
  const row = (name: string, lines: readonly CostLine[]): string[] => {
    const services = byService(lines)
    return [name, ...SERVICES.map((service) => dollars(services.get(service) ?? 0)), dollars(totalOf(lines))]
  }
  return textTable(
    'US dollars per million, with all that follows over stream and bus',
    ['interaction', ...SERVICES, 'total'],
    interactions.flatMap(({ name, alone, audit }) => [row(name, alone), row('  + its AuditEvents', audit)]),
  )
}

const monthTable = (title: string, lines: readonly CostLine[]): string =>
  textTable(
    title,
    ['service and what', 'quantity', 'US dollars  '],
    [
      ...lines
        .toSorted((one, other) => other.usd - one.usd)
        .map((line) => [`${line.service}: ${line.unit}`, amount(line.quantity), total([line])]),
      ['total', '', total(lines)],
    ],
  )

const busyTitle = ({ tenant, workload, storedGigabytes }: CostReport): string =>
  [
    `A month of careloop-${tenant}: ${amount(workload.patients)} patients, ${amount(workload.dischargesAMonth)} discharges,`,
    `${amount(workload.requestsAMonth)} requests a month; in its month ${workload.months}, with ${amount(storedGigabytes)} GB in the table`,
  ].join('\n')

/** The report for a terminal. */
export const reportText = (report: CostReport): string =>
  [
    `Prices of ${report.region}, ${report.asOf}, without free tiers and data transfer; capacity measured on ${report.measuredOn}.\n"?": with a price that was not confirmed (infra/cost/prices.json).`,
    interactionTable(report),
    monthTable(`An idle month of careloop-${report.tenant}, nothing stored`, report.idle),
    monthTable(busyTitle(report), report.busy),
    textTable(
      'The same month elsewhere',
      ['service', 'US dollars  '],
      [{ name: 'Careloop', lines: report.busy }, ...report.elsewhere].map(({ name, lines }) => [name, total(lines)]),
    ),
  ].join('\n\n')
