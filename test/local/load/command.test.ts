import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type FakeFhirServer, type FakeFhirServerOptions, startFakeFhirServer } from './fake-fhir-server.ts'

/** The command as npm runs it, in a process of its own. */
const SCRIPT = join(import.meta.dirname, '..', '..', '..', 'local', 'load.ts')

let folder: string
let states: string
let fake: FakeFhirServer
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'careloop-command-'))
  states = mkdtempSync(join(tmpdir(), 'careloop-command-state-'))
})
afterEach(async () => {
  await fake?.close()
  for (const path of [folder, states]) rmSync(path, { recursive: true })
})

const start = async (options: FakeFhirServerOptions = {}) => {
  fake = await startFakeFhirServer(options)
}

const begin = (...args: string[]) => {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder, CARELOOP_LOAD_STATE: states, NODE_OPTIONS: '' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  )
  return { child, ended }
}
const run = (...args: string[]) => begin(...args).ended

const patients = (count: number) =>
  writeFileSync(
    join(folder, 'patients.ndjson'),
    Array.from({ length: count }, (_, n) => `{"resourceType":"Patient","id":"p${n}"}`).join('\n'),
  )

describe('npm run load', () => {
  test('explains itself, and what is wrong with its arguments', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, output: expect.stringContaining('npm run load -- <file') })
    expect(await run('--fast', 'x')).toMatchObject({ code: 1, output: expect.stringContaining("'--fast'") })
    const missing = await run('nowhere')
    expect(missing).toMatchObject({ code: 1, output: expect.stringContaining('nowhere does not exist') })
    expect(missing.output).not.toContain('at ')
  })

  test('loads, verifies, reports, and ends with 0; a second time there is nothing to do', async () => {
    await start()
    patients(250)
    const first = await run('patients.ndjson', '--server', fake.base, '--report', 'report.json')
    expect(first).toMatchObject({ code: 0, output: expect.stringContaining('acknowledged all 250 resources') })
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({
      complete: true,
      counts: { Patient: { input: 250, created: 250 } },
    })
    const sent = fake.bundles.length
    expect(await run('patients.ndjson', '--server', fake.base)).toMatchObject({
      code: 0,
      output: expect.stringContaining('loaded by an earlier run'),
    })
    expect(fake.bundles).toHaveLength(sent)
    await run('patients.ndjson', '--server', fake.base, '--restart')
    expect(fake.bundles).toHaveLength(2 * sent)
  })

  test('ends with 1 when something was lost', async () => {
    await start({ check: ({ id }) => (id === 'p3' ? { text: 'no', element: 'id' } : undefined) })
    patients(5)
    expect(await run('.', '--server', fake.base)).toMatchObject({
      code: 1,
      output: expect.stringContaining('1 Patient'),
    })
  })

  test.each([
    ['Ctrl-C', 'SIGINT' as const, 130],
    ['kill -9', 'SIGKILL' as const, null],
  ])('goes on after %s', async (_, signal, code) => {
    let child: ChildProcess | undefined
    await start({
      disturb: async ({ bundle }) => {
        if (bundle && child && fake.bundles.length === 3) {
          child.kill(signal)
          // The answer must not be faster than the signal.
          await delay(300)
        }
        return undefined
      },
    })
    patients(100)
    const begun = begin('.', '--server', fake.base, '--transaction-size', '10')
    child = begun.child
    const ended = await begun.ended
    child = undefined
    expect(ended.code).toBe(code)
    if (code) expect(ended.output).toContain('run the same command again to go on')
    expect(fake.stored.size).toBeLessThan(100)

    const before = fake.bundles.length
    expect(await run('.', '--server', fake.base, '--transaction-size', '10')).toMatchObject({ code: 0 })
    // Ten would be from the start. The request that was under way may be counted with these.
    expect(fake.bundles.length - before).toBeLessThanOrEqual(8)
    expect(fake.stored.size).toBe(100)
  })
})
