import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Bundle } from 'fhir/r4'
import { startRuntime } from '../../local/careloop-runtime.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const DATA = resolve(ROOT, process.env.CARELOOP_DATA ?? '../shared/data', 'synthea')
/** What Lambda takes as one request. */
const MOST_BYTES = 6 * 1024 * 1024

interface Posted {
  name: string
  bytes: number
  entries: number
  seconds: number
  status: number
  /** what the answer says of the first thing that is wrong */
  problem?: string
}

const bundleFiles = (): string[] =>
  readdirSync(DATA, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && !name.startsWith('0-infrastructure'))
    .filter((name) => statSync(join(DATA, name)).isFile())
    .sort()

/** Hospitals and practitioners, which the Bundles refer to by their identifiers. */
const loadInfrastructure = async (server: string, state: string): Promise<void> => {
  const args = [join(ROOT, 'local/load.ts'), join(DATA, '0-infrastructure'), '--server', server]
  const loader = spawn(process.execPath, args, { env: { ...process.env, CARELOOP_LOAD_STATE: state }, stdio: 'ignore' })
  const [code] = await once(loader, 'exit')
  if (code !== 0) throw new Error(`hospitals and practitioners could not be loaded (${code})`)
}

/** Conditions and Goals of one generation have a `request` without the `url` that a transaction must have. */
const asTransaction = (bundle: Bundle): Bundle => ({
  ...bundle,
  entry: bundle.entry?.map((entry) => ({
    ...entry,
    request: entry.request?.url ? entry.request : { method: 'POST', url: entry.resource!.resourceType },
  })),
})

const post = async (server: string, name: string): Promise<Posted> => {
  const bundle = asTransaction(JSON.parse(readFileSync(join(DATA, name), 'utf8')) as Bundle)
  const body = JSON.stringify(bundle)
  const entries = bundle.entry?.length ?? 0
  const started = performance.now()
  const headers = { 'content-type': 'application/fhir+json', prefer: 'return=minimal' }
  const answer = await fetch(server, { method: 'POST', headers, body })
  const { issue } = (await answer.json()) as { issue?: { diagnostics?: string }[] }
  const seconds = (performance.now() - started) / 1000
  const problem = issue?.[0]?.diagnostics
  return { name, bytes: Buffer.byteLength(body), entries, seconds, status: answer.status, ...(problem && { problem }) }
}

const row = ({ name, bytes, entries, seconds, status, problem }: Posted): string =>
  `| ${name} | ${(bytes / 1e6).toFixed(2)} | ${entries} | ${status} | ${seconds.toFixed(1)} | ${Math.round(entries / seconds)} |${problem ? ` ${problem}` : ''}`

/**
 * Posts every Synthea Bundle as it is, one after the other, over HTTP to what `npm start` runs, and prints a table.
 * @returns whether all below 6 MB were taken whole
 */
export const postSyntheaBundles = async (onDisk: boolean): Promise<boolean> => {
  if (!existsSync(DATA)) {
    console.log(`\nNo Synthea Bundles in ${DATA}: set CARELOOP_DATA to post them.`)
    return true
  }
  const work = mkdtempSync(join(tmpdir(), 'careloop-bench-'))
  const runtime = await startRuntime({ port: 0, open: true, inMemory: !onDisk, dataDirectory: join(work, 'data') })
  try {
    await loadInfrastructure(runtime.baseUrl, join(work, 'load'))
    const posted: Posted[] = []
    for (const name of bundleFiles()) posted.push(await post(runtime.baseUrl, name))
    // The functions log to the same place, so that the table comes when they are done.
    await runtime.drain()
    console.log(`\nSynthea Bundles, each posted whole, data ${onDisk ? 'on disk' : 'in memory'}:\n`)
    console.log('| Bundle | MB | entries | status | seconds | entries/s |\n|---|---|---|---|---|---|')
    console.log(posted.map(row).join('\n'))
    const whole = posted.filter(({ status }) => status === 200)
    const entries = whole.reduce((sum, one) => sum + one.entries, 0)
    const seconds = whole.reduce((sum, one) => sum + one.seconds, 0)
    const slowest = Math.max(...whole.map((one) => one.seconds))
    console.log(
      `\n${whole.length} of ${posted.length} Bundles taken whole: ${entries} entries in ${seconds.toFixed(1)} s, ${Math.round(entries / seconds)} entries/s, the slowest ${slowest.toFixed(1)} s`,
    )
    return posted.every(({ status, bytes }) => status === 200 || bytes > MOST_BYTES)
  } finally {
    await runtime.stop()
    rmSync(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 })
  }
}
