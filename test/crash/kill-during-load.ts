import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseJson, stringifyJson } from '../../lib/json.ts'
import { MOST_WRITES } from '../../lib/store/store.ts'
import { type Entry, readBundle } from '../../local/load/entries.ts'
import { TRANSACTION_BYTES } from '../../local/load/options.ts'
import { planBundle } from '../../local/load/plan-bundle.ts'
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts'

/**
 * Posts Synthea Bundles whole to `npm start`, kills the server with SIGKILL in the middle of them, starts it again on the same data
 * and looks whether each Bundle is wholly there or wholly absent; several times over. Ends with 0 when every one always is, and in
 * the end all are there.
 *
 *   CARELOOP_DATA=../shared/data node local/setup.mjs test/crash/kill-during-load.ts [kills]
 */
const ROOT = join(import.meta.dirname, '..', '..')
const DATA = resolve(ROOT, process.env.CARELOOP_DATA ?? '../shared/data', 'synthea')
const KILLS = Number(process.argv[2] ?? 6)
const BUNDLES = 20
const AT_ONCE = 2
/** Below it a Bundle would go by one TransactWriteItems. */
const LEAST_ENTRIES = 110
/** After this time whoever comes may abort what the killed server had begun. */
const PENDING_FOR_MS = 31_000

const work = mkdtempSync(join(tmpdir(), 'careloop-crash-'))

/** What `npm start` runs, with its data under the working directory `work`. */
const startServer = (): Promise<ServiceProcess> =>
  startServiceProcess({ args: [join(ROOT, 'local/start.ts'), '--port', '0', '--open'], cwd: work })

const post = async (base: string, type: 'transaction' | 'batch', entry: unknown[]) => {
  const answer = await fetch(base, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: stringifyJson({ resourceType: 'Bundle', type, entry }),
  })
  return {
    status: answer.status,
    body: parseJson(await answer.text()) as { entry?: { response: { status: string } }[] },
  }
}

const run = async (script: string, ...args: string[]): Promise<void> => {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: work,
    env: { ...process.env, CARELOOP_LOAD_STATE: join(work, 'load') },
    stdio: 'ignore',
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${code}`)
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.json') && statSync(path).isFile())

interface Whole {
  name: string
  entries: Entry[]
  /** what no other Bundle holds: hospitals and practitioners are in several */
  own: string[]
  acknowledged: boolean
  /** sent, and not answered */
  underWay: boolean
}

/** The Bundles of patients that go in one request, as the loader would send them. */
const bundlesFor = (served: ReadonlySet<string>): Whole[] =>
  filesBelow(DATA)
    .filter((path) => !path.includes('0-infrastructure'))
    .flatMap((path) => {
      const bundle = readBundle(parseJson(readFileSync(path, 'utf8')))
      const { chunks } = planBundle(bundle, served, { size: MOST_WRITES, bytes: TRANSACTION_BYTES })
      const [entries] = chunks
      const fits = chunks.length === 1 && entries!.length >= LEAST_ENTRIES && entries!.every(({ target }) => target)
      return fits
        ? [{ name: path.slice(DATA.length + 1), entries: entries!, own: [], acknowledged: false, underWay: false }]
        : []
    })
    .toSorted((a, b) => a.entries.length - b.entries.length)
    .slice(0, BUNDLES)

const servedBy = async (base: string): Promise<Set<string>> => {
  const statement = (await (await fetch(`${base}/metadata`)).json()) as { rest: { resource: { type: string }[] }[] }
  return new Set(statement.rest[0]!.resource.map(({ type }) => type))
}

/** Which of the Bundle's own resources can be read. */
const presentOf = async (base: string, { own }: Whole): Promise<Set<string>> => {
  const reads = own.map((url) => ({ request: { method: 'GET', url } }))
  const present = new Set<string>()
  for (let start = 0; start < reads.length; start += 500) {
    const { body } = await post(base, 'batch', reads.slice(start, start + 500))
    for (const [n, { response }] of body.entry!.entries())
      if (response.status.startsWith('200')) present.add(own[start + n]!)
  }
  return present
}

const send = async (base: string, whole: Whole): Promise<void> => {
  const entry = whole.entries.map(({ resource, request }) => ({ resource, request }))
  whole.underWay = true
  const { status, body } = await post(base, 'transaction', entry)
  whole.underWay = false
  if (status === 200) whole.acknowledged = true
  else console.log(`  ${whole.name}: ${status} ${stringifyJson(body).slice(0, 300)}`)
}

/** Sends until all are answered or the server is gone. */
const sendAll = async (base: string, wholes: readonly Whole[]): Promise<void> => {
  const queue = wholes.values()
  const lane = async () => {
    for (const whole of queue) await send(base, whole)
  }
  await Promise.allSettled(Array.from({ length: AT_ONCE }, lane))
}

const check = async (
  base: string,
  wholes: readonly Whole[],
  when: string,
): Promise<{ torn: number; absent: Whole[] }> => {
  let torn = 0
  const absent: Whole[] = []
  for (const whole of wholes) {
    const present = (await presentOf(base, whole)).size
    if (present === 0) absent.push(whole)
    if ((present > 0 && present < whole.own.length) || (present === 0 && whole.acknowledged)) {
      torn += 1
      const acknowledged = whole.acknowledged ? ', which was acknowledged' : ''
      console.log(`  TORN: ${present} of ${whole.own.length} of ${whole.name}${acknowledged}`)
    }
  }
  console.log(
    `${when}: ${wholes.length - absent.length - torn} wholly there, ${absent.length} wholly absent, ${torn} torn`,
  )
  return { torn, absent }
}

let server: ServiceProcess | undefined
let failures = 0
try {
  server = await startServer()
  for (const folder of readdirSync(join(DATA, '0-infrastructure')))
    await run('local/load.ts', join(DATA, '0-infrastructure', folder), '--server', server.base)
  const wholes = bundlesFor(await servedBy(server.base))
  const times = new Map<string, number>()
  for (const { entries } of wholes) for (const { target } of entries) times.set(target!, (times.get(target!) ?? 0) + 1)
  for (const whole of wholes)
    whole.own = whole.entries.flatMap(({ target }) => (times.get(target!) === 1 ? target! : []))
  const entries = wholes.reduce((sum, whole) => sum + whole.entries.length, 0)
  console.log(
    `${wholes.length} Bundles, ${entries} entries, the largest ${Math.max(...wholes.map((whole) => whole.entries.length))}`,
  )
  if (wholes.length < BUNDLES) throw new Error(`only ${wholes.length} Bundles of that size in ${DATA}`)

  for (const whole of wholes) {
    const before = await presentOf(server.base, whole)
    whole.own = whole.own.filter((target) => !before.has(target))
  }
  const own = wholes.reduce((sum, whole) => sum + whole.own.length, 0)
  console.log(`${own} of them in one Bundle alone and not yet there`)

  let absent: Whole[] = wholes
  let kills = 0
  for (let round = 1; round <= 2 * KILLS && kills < KILLS && absent.length; round += 1) {
    const answered = () => wholes.filter(({ acknowledged }) => acknowledged).length
    const before = answered()
    let over = false
    const sending = sendAll(server.base, absent).finally(() => {
      over = true
    })
    while (!over && answered() === before) await delay(20)
    await delay(Math.random() * 3_000)
    const hit = wholes.filter(({ underWay }) => underWay)
    if (hit.length) kills += 1
    await server.kill()
    await sending
    const entriesHit = hit.reduce((sum, whole) => sum + whole.entries.length, 0)
    console.log(`Kill ${kills}: ${answered()} acknowledged so far, ${hit.length} under way (${entriesHit} entries)`)
    for (const whole of hit) whole.underWay = false
    server = await startServer()
    const early = await check(server.base, wholes, '  at once')
    await delay(PENDING_FOR_MS)
    const late = await check(server.base, wholes, '  when all has expired')
    if (late.absent.length !== early.absent.length) console.log('  CHANGED: what was absent came, or went')
    failures += early.torn + late.torn + Number(late.absent.length !== early.absent.length)
    absent = late.absent
  }
  // A slow machine takes longer for some than a request may last.
  for (let time = 1; time <= 3 && absent.length; time += 1) {
    await sendAll(server.base, absent)
    const end = await check(server.base, wholes, 'In the end')
    failures += end.torn
    absent = end.absent
  }
  failures += absent.length
  console.log(
    `${failures ? 'FAILED' : 'Held'}: ${kills} kills in the middle of Bundles, ${entries} entries in ${wholes.length} Bundles, ${failures} violations`,
  )
} finally {
  await server?.kill()
  rmSync(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 })
}
process.exit(failures ? 1 : 0)
