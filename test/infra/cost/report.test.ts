import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ASSUMPTIONS } from '../../../infra/cost/assumptions.ts'
import { readMeasured } from '../../../infra/cost/measured.ts'
import { type CostReport, costReport } from '../../../infra/cost/report.ts'
import { reportText } from '../../../infra/cost/report-text.ts'
import { shapeOf } from '../../../infra/cost/stack-shape.ts'
import { tenantTemplate } from '../../../infra/cost/tenant-template.ts'
import { readPrices, totalOf } from '../../../infra/cost/usage.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/operations/cost.md'), 'utf8')
const shape = shapeOf(tenantTemplate('example-hospital'))

const reportOf = (patients: number, dischargesAMonth: number, requestsAMonth: number): CostReport =>
  costReport({
    tenant: 'example-hospital',
    shape,
    measured: readMeasured(),
    prices: readPrices(),
    assumptions: ASSUMPTIONS,
    workload: { patients, dischargesAMonth, requestsAMonth, months: 12 },
  })

const middle = reportOf(5_000, 500, 500_000)

/** The numbers in the first row of the page's tables that begins with this. */
const rowOf = (name: string): number[] => {
  const row = page.split('\n').find((line) => line.startsWith(`| ${name}`))
  return [...(row ?? '').replace(`| ${name}`, '').matchAll(/\| ([\d.,]+) /g)].map(([, number]) =>
    Number(number!.replaceAll(',', '')),
  )
}

const near = (told: number | undefined, computed: number): void => {
  expect(told).toBeGreaterThan(computed * 0.9)
  expect(told).toBeLessThan(computed * 1.1)
}

describe('docs/operations/cost.md says what is computed, to a tenth', () => {
  test('of each interaction', () => {
    for (const { name, alone, audit } of middle.interactions) {
      const [told, ofAudit, together] = rowOf(name.replace(' through to its Tasks', ' through'))
      if (name.startsWith('vread')) continue
      near(told, totalOf(alone))
      near(ofAudit, totalOf(audit))
      near(together, totalOf(alone) + totalOf(audit))
    }
  })

  test('of an idle month', () => {
    near(Number(/\*\*([\d.]+) dollars\*\*/.exec(page)?.[1]), totalOf(middle.idle))
  })

  test('of busy months, here and elsewhere', () => {
    const reports = [reportOf(1_000, 50, 50_000), middle, reportOf(50_000, 3_000, 5_000_000)]
    reports.forEach((report, column) => {
      near(rowOf('in its 12th month')[column], totalOf(report.busy))
      near(rowOf('Careloop')[column], totalOf(report.busy))
      for (const { name, lines } of report.elsewhere) near(rowOf(name)[column], totalOf(lines))
    })
  })
})

describe('the text', () => {
  const text = reportText(middle)

  test('has every interaction, with its AuditEvents as a line of their own', () => {
    const lines = text.split('\n')
    for (const { name } of middle.interactions) {
      const at = lines.findIndex((line) => line.startsWith(name))
      expect(lines[at + 1]).toContain('+ its AuditEvents')
    }
  })

  test('marks what is not confirmed, and the sums it is in', () => {
    const lines = text.split('\n')
    expect(lines.find((line) => line.includes('metrics of alarms'))).toMatch(/\?$/)
    expect(lines.find((line) => line.startsWith('AWS HealthLake, one data store'))).toMatch(/\d$/)
    expect(lines.find((line) => line.startsWith('total'))).toMatch(/\?$/)
  })

  test('stands in columns', () => {
    const [head, , ...rows] = text.split('\n').slice(5)
    const end = head!.length
    for (const row of rows.slice(0, 4)) expect(row).toHaveLength(end)
  })
})
