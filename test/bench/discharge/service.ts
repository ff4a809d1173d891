import { execFileSync } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import type { ClientRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRuntime } from '../../../local/careloop-runtime.ts'
import type { Invocation } from '../../../local/function-host.ts'
import type { Asked, Run, Used } from './service-process.ts'

/** The service under measurement, in a process of its own: `service.ts [--on-disk]`; asked and answering through messages. */
const dataDirectory = process.argv.includes('--on-disk') ? mkdtempSync(join(tmpdir(), 'careloop-bench-')) : undefined

let runs: Run[] = []
let calls: Record<string, number> = {}

/** Every request of the AWS SDK names its operation: `DynamoDB_20120810.Query`. */
subscribe('http.client.request.start', (message) => {
  const target = (message as { request: ClientRequest }).request.getHeader('x-amz-target')
  const operation = String(target).split('.').at(-1)!
  calls[operation] = (calls[operation] ?? 0) + 1
})

/** What a run was about: the keys of the stream's records, the subject of an event; nothing for a request. */
const subjectsOf = (event: unknown): string[] => {
  const { Records, detail } = event as {
    Records?: { dynamodb: { Keys: { pk: { S: string } } } }[]
    detail?: { reference?: string }
  }
  return Records?.map(({ dynamodb }) => dynamodb.Keys.pk.S) ?? (detail?.reference ? [detail.reference] : [])
}

const onInvocation = ({ function: name, event, started, ended }: Invocation): void => {
  const run: Run = { function: name, subjects: subjectsOf(event), started, ended }
  runs.push(run)
  const isOfConsumer = (event as { detail?: unknown }).detail !== undefined
  for (const subject of isOfConsumer ? run.subjects : []) process.send?.({ consumed: subject })
}

/** `[[days-]hours:]minutes:seconds[.hundredths]`, as ps prints it, in milliseconds */
const milliseconds = (time: string): number =>
  time
    .replace('-', ':')
    .split(':')
    .reverse()
    .reduce((sum, part, place) => sum + Number(part) * [1, 60, 3_600, 86_400][place]! * 1_000, 0)

/** DynamoDB Local is the only Java below this process: the time it has used, and its memory. */
const ofJava = (): { cpu: number; megabytes: number } => {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,time=,rss=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const below = (parent: string): string[][] =>
    all.filter(([, ppid]) => ppid === parent).flatMap((row) => [row, ...below(row[0]!)])
  const java = below(String(process.pid)).find(([, , , , command]) => command?.endsWith('java'))
  return { cpu: milliseconds(java?.[2] ?? '0'), megabytes: Number(java?.[3] ?? 0) / 1024 }
}

const used = (): Used => {
  const { user, system } = process.cpuUsage()
  const java = ofJava()
  return {
    ...{ user: user / 1_000, system: system / 1_000, megabytes: process.memoryUsage.rss() / 1024 ** 2 },
    ...{ database: java.cpu, databaseMegabytes: java.megabytes },
  }
}

const runtime = await startRuntime({
  ...(dataDirectory ? { dataDirectory } : { inMemory: true }),
  ...{ port: 0, open: true, onInvocation },
})

const answers: { [Name in keyof Asked]: () => Promise<Asked[Name]> | Asked[Name] } = {
  baseUrl: () => runtime.baseUrl,
  async drain() {
    await runtime.drain()
    return undefined
  },
  used,
  runs() {
    const taken = runs
    runs = []
    return taken
  },
  calls() {
    const taken = calls
    calls = {}
    return taken
  },
  deadLetters: () => [...runtime.deadLetters],
  async stop() {
    await runtime.stop()
    if (dataDirectory) rmSync(dataDirectory, { recursive: true })
    return undefined
  },
}

process.on('message', async (asked: keyof Asked) => {
  process.send?.({ asked, answer: await answers[asked]() })
  if (asked === 'stop') process.disconnect()
})
process.on('disconnect', () => process.exit())
process.send?.({ asked: 'ready', answer: used() })
