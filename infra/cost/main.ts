import { parseArgs } from 'node:util'
import { InvalidTenant } from '../tenants.ts'
import { ASSUMPTIONS } from './assumptions.ts'
import { readMeasured } from './measured.ts'
import { costReport } from './report.ts'
import { reportText } from './report-text.ts'
import { shapeOf } from './stack-shape.ts'
import { tenantTemplate } from './tenant-template.ts'
import { readPrices } from './usage.ts'

/**
 * `npm run cost -- [--tenant local] [--patients 5000] [--discharges 500] [--requests 500000] [--months 12] [--json]`: what a tenant costs,
 * from measured capacity, the synthesized template and the committed price list. Nothing is fetched.
 */
const OPTIONS = {
  tenant: { type: 'string', default: 'local' },
  patients: { type: 'string', default: '5000' },
  discharges: { type: 'string', default: '500' },
  requests: { type: 'string', default: '500000' },
  months: { type: 'string', default: '12' },
  json: { type: 'boolean', default: false },
} as const

const count = (name: string, value: string): number => {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0)
    throw new TypeError(`--${name} must be a whole number from 0 on, not "${value}"`)
  return number
}

const run = (): void => {
  const { values } = parseArgs({ options: OPTIONS })
  const report = costReport({
    tenant: values.tenant,
    shape: shapeOf(tenantTemplate(values.tenant)),
    measured: readMeasured(),
    prices: readPrices(),
    assumptions: ASSUMPTIONS,
    workload: {
      patients: count('patients', values.patients),
      dischargesAMonth: count('discharges', values.discharges),
      requestsAMonth: count('requests', values.requests),
      months: count('months', values.months),
    },
  })
  console.log(values.json ? JSON.stringify(report, undefined, 2) : reportText(report))
}

try {
  run()
} catch (error) {
  if (!(error instanceof InvalidTenant || error instanceof TypeError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
