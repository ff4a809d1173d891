import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { MEASURED_FILE, type Measured } from '../../infra/cost/measured.ts'
import { instantOf } from '../../lib/clock.ts'
import type { Table } from '../../lib/store/table.ts'
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts'
import { type TestApi, testApi } from '../support/api.ts'
import { createTestTable } from '../support/tables.ts'
import { operations, type Units } from './cost-operations.ts'
import { measureInteractions } from './measure-interactions.ts'
import { aroundTheTasks, aTask, fill } from './tenant-of-size.ts'

/**
 * `npm run bench:cost -- [--sizes 1000,10000,100000] [--write]`: the capacity DynamoDB says each operation consumed, against the targets of
 * docs/data-model.md, with more and more in the table. Exit 1 when a target is missed or a cost grows with the table.
 * With --write also what the interactions that `npm run cost` prices use, into docs/operations/measured-capacity.json.
 */
const { values } = parseArgs({
  options: { sizes: { type: 'string', default: '1000,10000,100000' }, write: { type: 'boolean', default: false } },
})
const sizes = values.sizes.split(',').filter(Boolean).map(Number)

const expectWritten = ({ status, text }: { status: number; text: string }) => {
  if (status !== 201) throw new Error(`expected 201 and got ${status}: ${text}`)
}

const meter = () => {
  let units: Units = { read: 0, write: 0 }
  return {
    add: (_operation: string, used: Units) => {
      units = { read: units.read + used.read, write: units.write + used.write }
    },
    async of(work: () => Promise<unknown>): Promise<Units> {
      units = { read: 0, write: 0 }
      await work()
      return units
    },
  }
}

const within = ({ read = Number.POSITIVE_INFINITY, write = Number.POSITIVE_INFINITY }: Partial<Units>, units: Units) =>
  units.read <= read && units.write <= write

const text = ({ read, write }: Units): string =>
  `${read ? `${read} R` : ''}${read && write ? ' + ' : ''}${write ? `${write} W` : ''}` || '0'
const targetText = ({ read, write }: Partial<Units>): string =>
  [read !== undefined && `${read} R`, write !== undefined && `${write} W`].filter(Boolean).join(' + ') || '-'

const measure = async (api: TestApi, counter: ReturnType<typeof meter>): Promise<Units[]> => {
  const all: Units[] = []
  for (const operation of operations) {
    const url = (await operation.prepare?.(api)) ?? ''
    all.push(await counter.of(() => operation.run(api, url)))
  }
  return all
}

const main = async (): Promise<boolean> => {
  const dynamodb = process.env.CARELOOP_DYNAMODB_ENDPOINT ? undefined : await startDynamoDbLocal({ inMemory: true })
  if (dynamodb) process.env.CARELOOP_DYNAMODB_ENDPOINT = dynamodb.endpoint
  let client: DynamoDBDocumentClient | undefined
  try {
    const counter = meter()
    const made = await createTestTable({ onCapacity: counter.add })
    client = made.client
    const table: Table = made.table
    const api = testApi({ table })
    const columns: Units[][] = []
    for (const resource of aroundTheTasks())
      expectWritten(await api.put(`/${resource.resourceType}/${resource.id}`, resource))
    // The first page with a next link makes the tenant's cursor key; that happens once.
    await api.careloop.search.page({ type: 'Task', parameters: [] })
    let size = 0
    for (const next of sizes) {
      const started = Date.now()
      await fill(api.careloop, size, next)
      size = next
      const seconds = Math.max(1, Math.round((Date.now() - started) / 1000))
      console.error(`filled to ${size} Tasks in ${seconds} s, measuring …`)
      columns.push(await measure(api, counter))
    }
    if (values.write) await writeMeasured()
    return report(columns)
  } finally {
    client?.destroy()
    await dynamodb?.stop()
  }
}

const writeMeasured = async (): Promise<void> => {
  const measured: Measured = { on: instantOf(Date.now()).slice(0, 10), interactions: await measureInteractions() }
  writeFileSync(MEASURED_FILE, `${JSON.stringify(measured, undefined, 2)}\n`)
}

const report = (columns: Units[][]): boolean => {
  const rows = operations.map((operation, row) => {
    const units = columns.map((column) => column[row]!)
    const met = units.every((each) => within(operation.target, each))
    const flat = units.every((each) => within({ read: units[0]!.read + 1, write: units[0]!.write }, each))
    return {
      operation,
      units,
      verdict: met && flat ? 'ok' : [!met && 'MISSED', !flat && 'GROWS'].filter(Boolean).join(' '),
    }
  })
  const widest = Math.max(...rows.map(({ operation }) => operation.name.length))
  const line = (name: string, target: string, cells: string[], verdict: string) =>
    console.log(
      [name.padEnd(widest), target.padStart(11), ...cells.map((cell) => cell.padStart(13)), `  ${verdict}`].join(' '),
    )
  console.log(
    `Consumed capacity (R read units, W write units) of a ${JSON.stringify(aTask(0)).length}-byte Task, by resources in the table\n`,
  )
  line('operation', 'target', sizes.map(String), '')
  for (const { operation, units, verdict } of rows)
    line(operation.name, targetText(operation.target), units.map(text), verdict)
  return rows.every(({ verdict }) => verdict === 'ok')
}

process.exitCode = (await main()) ? 0 : 1
