import { setImmediate } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { APIGatewayProxyResult, Context } from 'aws-lambda'
import { createCareloop } from '../../lib/careloop.ts'
import { fhirApi } from '../../lib/http/fhir-api.ts'
import { randomIds } from '../../lib/ids.ts'
import { declarations } from '../../lib/resources/index.ts'
import { MemoryTable } from '../../lib/store/memory-table.ts'
import type { Table } from '../../lib/store/table.ts'
import { defaultSettings, type TenantSettings } from '../../lib/tenant.ts'
import { proxyEventOf, steppingClock } from '../support/api.ts'
import { aPatient, fill, measuredTask, OWNER, PATIENT, PATIENT_IDENTIFIER } from './tenant-of-size.ts'

/**
 * `npm run bench:latency -- [--repeat 2000] [--tasks 2000] [--only search] [--strict]`: what a request costs the handler itself, from the event of API
 * Gateway to the answer, over a table in memory that answers at once. Exit 1 when a target is missed and --strict is given.
 */
const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '2000' },
    tasks: { type: 'string', default: '2000' },
    only: { type: 'string', default: '' },
    strict: { type: 'boolean', default: false },
  },
})
const repeat = Number(values.repeat)

type Event = ReturnType<typeof proxyEventOf>

interface Operation {
  name: string
  /** milliseconds at the median */
  target?: number
  /** a heavy one is repeated this much less often */
  weight?: number
  /** the event of the n-th request; made before the clock starts */
  event(n: number): Event
  status: number
  /** entries that the answer has to have */
  entries?: number
}

const jsonPatch = { 'Content-Type': 'application/json-patch+json' }
const request = (method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Event => {
  const [path = '', query = ''] = url.split('?')
  return proxyEventOf(method, `/fhir${path}`, query, body, headers)
}

/** Taken apart, so that what the table in memory costs is not taken for the handler's. All its work is done before it returns. */
const timed = (table: Table): { table: Table; taken: () => number } => {
  let spent = 0
  const measured = new Proxy(table, {
    get(target, name) {
      const operation = Reflect.get(target, name)
      if (typeof operation !== 'function') return operation
      return (...parameters: unknown[]) => {
        const started = performance.now()
        try {
          return operation.apply(target, parameters)
        } finally {
          spent += performance.now() - started
        }
      }
    },
  })
  const taken = () => {
    const was = spent
    spent = 0
    return was
  }
  return { table: measured, taken }
}

// What the Tasks refer to is not there.
const settings: TenantSettings = { ...defaultSettings, referentialIntegrity: 'off' }
const { table, taken } = timed(new MemoryTable())
const careloop = createCareloop({ table, clock: steppingClock(), ids: randomIds, tenant: settings, access: 'open' })
const silent = { log: () => undefined }
const ofTypes = fhirApi(careloop, [...declarations.keys()], silent)
const ofSystem = fhirApi(careloop, 'system', silent)
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 } as Context

const send = async (event: Event): Promise<APIGatewayProxyResult> => {
  const handler = event.path === '/fhir' || event.path === '/fhir/' ? ofSystem : ofTypes
  return (await handler(event, context, () => undefined)) as APIGatewayProxyResult
}

/** Work can be taken up and put back any number of times. */
const statuses = ['in-progress', 'ready']
const known = (status: string) => ({ ...measuredTask('known'), id: 'known', status })
const transactionOf = (n: number) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: Array.from({ length: 20 }, (_, index) => ({
    fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    resource: measuredTask(`transaction-${n}-${index}`),
    request: { method: 'POST', url: 'Task' },
  })),
})

const searches: readonly (readonly [name: string, url: string, entries: number])[] = [
  ['worklist: owner, open, by due date', `/Task?owner=${OWNER}&status=requested,accepted&_sort=due-date`, 20],
  ['patient and status', `/Task?patient=${PATIENT}&status=requested`, 20],
  ['chain: patient.identifier', `/Task?patient.identifier=${PATIENT_IDENTIFIER}`, 20],
  ['_include of the patient', `/Task?patient=${PATIENT}&_include=Task:patient`, 21],
  ['due date', '/Task?due-date=ge2026-01-01&_sort=due-date', 20],
  ['_lastUpdated', '/Task?_lastUpdated=ge2026-01-01', 20],
  ['compartment', `/${PATIENT}/Task`, 20],
]

/** Those that write come last: versions without end would stand in the way of the searches. */
const operations: readonly Operation[] = [
  { name: 'read', target: 1, status: 200, event: () => request('GET', '/Task/known') },
  { name: 'vread, superseded', target: 1, status: 200, event: () => request('GET', '/Task/known/_history/1') },
  ...searches.map(([name, url, entries]) => ({
    name: `search of 20: ${name}`,
    target: 5,
    status: 200,
    entries,
    event: () => request('GET', url),
  })),
  {
    name: 'Patient/$everything, 26 resources',
    status: 200,
    entries: 26,
    event: () => request('GET', `/${PATIENT}/$everything`),
  },
  { name: 'create', target: 3, status: 201, event: (n) => request('POST', '/Task', measuredTask(`new-${n}`)) },
  {
    name: 'conditional create',
    status: 201,
    event: (n) =>
      request('POST', '/Task', measuredTask(`if-${n}`), { 'If-None-Exist': `identifier=urn:bench|if-${n}` }),
  },
  {
    name: 'update of the status',
    target: 3,
    status: 200,
    event: (n) => request('PUT', '/Task/known', known(statuses[n % 2]!)),
  },
  {
    name: 'patch of the status',
    target: 3,
    status: 200,
    event: (n) =>
      request('PATCH', '/Task/known', [{ op: 'replace', path: '/status', value: statuses[(n + 1) % 2] }], jsonPatch),
  },
  {
    name: 'transaction of 20 creates',
    weight: 5,
    status: 200,
    entries: 20,
    event: (n) => request('POST', '/', transactionOf(n)),
  },
]

interface Measured {
  p50: number
  p95: number
  p99: number
  /** what the process used, collecting garbage and compiling included */
  cpu: number
  /** the part of it that was the table's */
  table: number
}

const percentile = (sorted: Float64Array, share: number): number => sorted[Math.floor((sorted.length - 1) * share)]!

const checked = (operation: Operation, answer: APIGatewayProxyResult): void => {
  const entries = operation.entries && (JSON.parse(answer.body) as { entry?: unknown[] }).entry?.length
  if (answer.statusCode !== operation.status || entries !== operation.entries)
    throw new Error(`${operation.name} gave ${answer.statusCode} with ${entries} entries: ${answer.body.slice(0, 500)}`)
}

const measure = async (operation: Operation): Promise<Measured> => {
  const times = Math.ceil(repeat / (operation.weight ?? 1))
  const warmUp = Math.ceil(times / 2)
  checked(operation, await send(operation.event(0)))
  for (let n = 1; n <= warmUp; n += 1) await send(operation.event(n))
  const events = Array.from({ length: times }, (_, n) => operation.event(warmUp + 1 + n))
  const taking = new Float64Array(times)
  taken()
  const before = process.cpuUsage()
  for (const [n, event] of events.entries()) {
    const started = performance.now()
    await send(event)
    taking[n] = performance.now() - started
    // As between two invocations: what a request has left behind can go only when its turn of the event loop is over.
    await setImmediate()
  }
  const { user, system } = process.cpuUsage(before)
  const tableShare = taken() / times
  checked(operation, await send(operation.event(warmUp + 1 + times)))
  taking.sort()
  return {
    p50: percentile(taking, 0.5),
    p95: percentile(taking, 0.95),
    p99: percentile(taking, 0.99),
    cpu: (user + system) / 1_000 / times,
    table: tableShare,
  }
}

const line = (name: string, cells: readonly string[], verdict: string) =>
  console.log([name.padEnd(48), ...cells.map((cell) => cell.padStart(8)), ` ${verdict}`].join(' '))

await fill(careloop, 0, Number(values.tasks))
for (const [url, resource] of [
  [`/${PATIENT}`, aPatient()],
  ['/Task/known', known('requested')],
  ['/Task/known', known('accepted')],
] as const)
  await send(request('PUT', url, resource))

console.log(
  `Handler time in milliseconds, ${values.tasks} Tasks of ${JSON.stringify(measuredTask('')).length} bytes in memory, ${repeat} repetitions; CPU with garbage collection\n`,
)
line('operation', ['target', 'p50', 'p95', 'p99', 'CPU', 'table'], '')
let isMissed = false
for (const operation of operations.filter(({ name }) => name.includes(values.only))) {
  const { p50, p95, p99, cpu, table } = await measure(operation)
  const missed = operation.target !== undefined && p50 > operation.target
  isMissed ||= missed
  const verdict = operation.target === undefined ? '' : missed ? 'MISSED' : 'ok'
  const cells = [p50, p95, p99, cpu, table].map((milliseconds) => milliseconds.toFixed(3))
  line(operation.name, [operation.target === undefined ? '-' : `${operation.target}`, ...cells], verdict)
}
process.exitCode = isMissed && values.strict ? 1 : 0
