import { parseArgs } from 'node:util'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { wake } from '../../lib/events/wake.ts'
import type { Table } from '../../lib/store/table.ts'
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts'
import { type TestApi, testApi } from '../support/api.ts'
import { createTestTable } from '../support/tables.ts'
import { aPatient, aTask, fill, measuredTask, OWNER, PATIENT, PATIENT_IDENTIFIER } from './tenant-of-size.ts'

/**
 * `npm run bench:cost -- [--sizes 1000,10000,100000]`: the capacity DynamoDB says each operation consumed, against the targets of
 * docs/data-model.md, with more and more in the table. Exit 1 when a target is missed or a cost grows with the table.
 */
const { values } = parseArgs({ options: { sizes: { type: 'string', default: '1000,10000,100000' } } })
const sizes = values.sizes.split(',').map(Number)

interface Units {
  read: number
  write: number
}

interface Operation {
  name: string
  target: Partial<Units>
  /** one request of the measured kind; preparation it needs is done by `prepare` and not counted */
  run(api: TestApi, prepared: string): Promise<unknown>
  prepare?(api: TestApi): Promise<string>
}

const created = async (api: TestApi, url: string, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await api.post(url, body, headers)
  if (answer.status !== 201) throw new Error(`expected 201 and got ${answer.status}: ${answer.text}`)
  return answer.headers.location!.replace(/^.*\/fhir/, '').replace(/\/_history\/1$/, '')
}

const page =
  (url: string, entries = 20) =>
  async (api: TestApi) => {
    const answer = await api.get<{ entry?: unknown[] }>(url)
    if (answer.status !== 200) throw new Error(`expected 200 and got ${answer.status}: ${answer.text}`)
    if (answer.body.entry?.length !== entries)
      throw new Error(`${url} gave ${answer.body.entry?.length ?? 0} of ${entries} entries`)
  }

const put = async (api: TestApi, url: string, change: Record<string, unknown> = {}) => {
  const now = await api.get(url)
  return async () => {
    const answer = await api.put(url, { ...now.body, ...change })
    if (answer.status !== 200) throw new Error(`expected 200 and got ${answer.status}: ${answer.text}`)
  }
}

const serials = Array.from({ length: 1_000 }, (_, n) => `bench-${n}`)
const newTask = (api: TestApi) => created(api, '/Task', measuredTask(serials.pop()!))
let prepared: () => Promise<void> = async () => undefined

const operations: Operation[] = [
  { name: 'read', target: { read: 1 }, prepare: newTask, run: (api, url) => api.get(url) },
  {
    name: 'vread, a superseded version',
    target: { read: 1 },
    prepare: async (api) => {
      const url = await newTask(api)
      await (await put(api, url, { status: 'accepted' }))()
      return url
    },
    run: (api, url) => api.get(`${url}/_history/1`),
  },
  {
    name: 'vread, the current version',
    target: { read: 1 },
    prepare: newTask,
    run: (api, url) => api.get(`${url}/_history/1`),
  },
  { name: 'create Task, 8 indexed values', target: { write: 12 }, run: newTask },
  {
    name: 'conditional create by identifier',
    target: { write: 18, read: 2 },
    run: (api) => {
      const value = serials.pop()!
      return created(api, '/Task', measuredTask(value), { 'If-None-Exist': `identifier=urn:bench|${value}` })
    },
  },
  {
    name: 'update, status only (stays open)',
    target: { write: 8 },
    prepare: async (api) => {
      const url = await newTask(api)
      prepared = await put(api, url, { status: 'accepted' })
      return url
    },
    run: () => prepared(),
  },
  {
    name: 'update, status only (closes)',
    target: { write: 8 },
    prepare: async (api) => {
      const url = await newTask(api)
      prepared = await put(api, url, { status: 'completed' })
      return url
    },
    run: () => prepared(),
  },
  {
    name: 'identical PUT',
    target: { write: 0 },
    prepare: async (api) => {
      const url = await newTask(api)
      prepared = await put(api, url)
      return url
    },
    run: () => prepared(),
  },
  { name: 'search by patient', target: { read: 22 }, run: page(`/Task?patient=${PATIENT}`) },
  { name: 'search by encounter', target: { read: 22 }, run: page('/Task?encounter=Encounter/stay-0') },
  { name: 'search by group-identifier', target: { read: 22 }, run: page('/Task?group-identifier=group-0') },
  { name: 'search by due date', target: { read: 22 }, run: page('/Task?due-date=ge2026-01-01') },
  { name: 'search by _lastUpdated', target: { read: 22 }, run: page('/Task?_lastUpdated=ge2026-01-01') },
  { name: 'search without parameters', target: { read: 22 }, run: page('/Task') },
  {
    name: 'worklist: owner, open, by due date',
    target: { read: 22 },
    run: page(`/Task?owner=${OWNER}&status=requested,accepted&_sort=due-date`),
  },
  {
    name: 'open work of the tenant, by due date',
    target: { read: 22 },
    run: page('/Task?status=requested&_sort=due-date'),
  },
  { name: 'all work of the tenant, by due date', target: { read: 22 }, run: page('/Task?_sort=due-date') },
  { name: 'compartment, one type', target: { read: 22 }, run: page(`/${PATIENT}/Task`) },
  { name: 'chain, to one patient', target: { read: 24 }, run: page(`/Task?patient.identifier=${PATIENT_IDENTIFIER}`) },
  {
    name: '_has, back from one encounter',
    target: { read: 52 },
    run: page('/Task?patient._has:Task:patient:group-identifier=group-0'),
  },
  {
    name: '_include of one patient',
    target: { read: 23 },
    run: page(`/Task?patient=${PATIENT}&_include=Task:patient`, 21),
  },
  {
    name: '_revinclude, nothing there',
    target: { read: 42 },
    run: page(`/Task?patient=${PATIENT}&_revinclude=Provenance:target`),
  },
  { name: 'system, two types', target: { read: 24 }, run: page('/?_type=Task,Goal') },
  { name: 'system, two types of one patient', target: { read: 23 }, run: page(`/?_type=Task,Goal&patient=${PATIENT}`) },
  {
    name: 'one minute tick, nothing due',
    target: { read: 1, write: 0 },
    run: (api) => wake(api.careloop, '2020-01-01T00:00:00.000Z'),
  },
]

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
    // The first page with a next link makes the tenant's cursor key; that happens once.
    await api.careloop.search.page({ type: 'Task', parameters: [] }).catch(() => undefined)
    await api.put(`/${PATIENT}`, aPatient())
    let size = 0
    for (const next of sizes) {
      const started = Date.now()
      await fill(api.careloop, size, next)
      size = next
      const seconds = Math.max(1, Math.round((Date.now() - started) / 1000))
      console.error(`filled to ${size} Tasks in ${seconds} s, measuring …`)
      columns.push(await measure(api, counter))
    }
    return report(columns)
  } finally {
    client?.destroy()
    await dynamodb?.stop()
  }
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
