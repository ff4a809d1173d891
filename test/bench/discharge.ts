import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Bundle, Resource } from 'fhir/r4'
import { discharge, hospital, inpatient } from './discharge/patients.ts'
import { printCalls, printFunctions, printLatencies, printUse, type Row } from './discharge/report.ts'
import { startServiceProcess } from './discharge/service-process.ts'
import { type Discharge, stagesOf } from './discharge/stages.ts'

/**
 * `npm run bench:discharge -- [--rate 20] [--seconds 60] [--warm-up 10] [--on-disk] [--strict]`: how long after a discharge was to be
 * written the transition's Tasks are found, with the service on this machine. Discharges come when they come, whether or not those before
 * them are done: a service that falls behind shows. Ends with 1 when the target is missed and --strict is given.
 */
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
    'warm-up': { type: 'string', default: '10' },
    'on-disk': { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
  },
})
const rate = Number(values.rate)
const count = rate * Number(values.seconds)
const warmUp = Math.max(1, rate * Number(values['warm-up']))

const TARGET_MS = 2_000
const GIVE_UP_AFTER_MS = 60_000
const LOADED_AT_ONCE = 4
const LOOK_AGAIN_AFTER_MS = 250

const epochNow = (): number => performance.timeOrigin + performance.now()
const load = (): string =>
  loadavg()
    .map((average) => average.toFixed(1))
    .join(' ')

const running = new Map<string, Discharge>()
/** none while it is found out, with the first */
let wanted = 0

const service = await startServiceProcess(values['on-disk'] ? ['--on-disk'] : [], (reference) => void look(reference))
const baseUrl = await service.ask('baseUrl')

const ask = async <T>(method: string, path: string, resource?: Resource): Promise<T> => {
  const response = await fetch(baseUrl + path, {
    method,
    headers: { 'content-type': 'application/fhir+json' },
    ...(resource && { body: JSON.stringify(resource) }),
  })
  if (!response.ok) throw new Error(`${method} ${path.split('?')[0]} gave ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

const tasksOf = async (reference: string): Promise<number> =>
  (await ask<Bundle>('GET', `/Task?encounter=${reference}&_summary=count`)).total ?? 0

/** Looks for the Tasks when a consumer is done with the discharge, which is when there is something to see: looking all the time would be the load. */
const look = async (reference: string): Promise<void> => {
  const one = running.get(reference)
  if (!one || one.visible !== undefined) return
  const tasks = await tasksOf(reference)
  if (tasks >= wanted) one.visible ??= epochNow()
  else await delay(LOOK_AGAIN_AFTER_MS).then(() => look(reference))
}

/** The n-th discharge: written when it is due, whatever the others do. */
const write = async (n: number, intended: number): Promise<Discharge> => {
  await delay(Math.max(0, intended - epochNow()))
  const encounter = discharge(n)
  const one: Discharge = { reference: `Encounter/${encounter.id}`, intended }
  running.set(one.reference, one)
  try {
    await ask('PUT', `/${one.reference}`, encounter)
    one.written = epochNow()
  } catch (error) {
    one.failure = (error as Error).message
  }
  return one
}

const writeAll = (from: number, many: number): Promise<Discharge[]> => {
  const start = epochNow()
  return Promise.all(Array.from({ length: many }, (_, n) => write(from + n, start + (n * 1_000) / rate)))
}

const untilVisible = async (discharges: readonly Discharge[]): Promise<void> => {
  const until = epochNow() + GIVE_UP_AFTER_MS
  const isWaiting = ({ visible, failure }: Discharge) => visible === undefined && failure === undefined
  while (discharges.some(isWaiting) && epochNow() < until) await delay(100)
}

console.log(`ready in ${(service.readyIn / 1_000).toFixed(1)} s, load average ${load()}`)
printUse('ready', await service.ask('used'))

const loading = performance.now()
await ask('POST', '', hospital())
let next = 0
const loadPatients = async (): Promise<void> => {
  while (next < warmUp + count) await ask('POST', '', inpatient(next++))
}
await Promise.all(Array.from({ length: LOADED_AT_ONCE }, loadPatients))
await service.ask('drain')
console.log(`${next} patients loaded in ${((performance.now() - loading) / 1_000).toFixed(1)} s`)
printUse('loaded', await service.ask('used'))

const [first] = await writeAll(0, warmUp)
await service.ask('drain')
wanted = await tasksOf(first!.reference)
if (!wanted) throw new Error('a discharge calls for no Task: nothing to measure')
running.clear()
await service.ask('runs')
await service.ask('calls')

const before = await service.ask('used')
const loadBefore = load()
const discharges = await writeAll(warmUp, count)
await untilVisible(discharges)
const loadAfter = load()
await service.ask('drain')
const after = await service.ask('used')
const runs = await service.ask('runs')
const calls = await service.ask('calls')
const deadLetters = await service.ask('deadLetters')
await service.ask('stop')

const failures = discharges.filter(({ failure }) => failure !== undefined)
const latencies = discharges.map(({ intended, visible = Number.POSITIVE_INFINITY }) => visible - intended)
const within = latencies.filter((latency) => latency <= TARGET_MS).length / latencies.length

console.log(
  `\n${count} discharges at ${rate} a second, ${wanted} Tasks each; load average ${loadBefore} before, ${loadAfter} after; milliseconds`,
)
const isMet = printLatencies([['Tasks visible', latencies, TARGET_MS] as Row, ...stagesOf(discharges, runs)])
console.log(
  `${(within * 100).toFixed(1)} % within ${TARGET_MS / 1_000} s; ${failures.length} writes failed, ${latencies.filter((one) => one === Number.POSITIVE_INFINITY).length} never seen, ${deadLetters.length} dead letters`,
)
for (const text of new Set([...failures.map(({ failure }) => failure), ...deadLetters.map(({ error }) => error)]))
  console.log(`  ${text}`)
printFunctions(runs, count)
printCalls(calls, count)
console.log('\nprocessor time for each discharge, the look for its Tasks included')
printUse('service', after, before, count)
process.exitCode = isMet && within > 0 && !failures.length && !deadLetters.length ? 0 : values.strict ? 1 : 0
