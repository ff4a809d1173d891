import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Instant } from '../../lib/fhir.ts'
import { requestToken } from '../issuer/request-token.ts'
import { NotAsTold } from './narrator.ts'

/** The service as `npm start` runs it, in a process of its own. */
export interface Service {
  baseUrl: string
  /** of a system that may do everything */
  token: string
  /** Moves its clock, and resolves when all that happens meanwhile has happened. */
  moveClock(to: Instant): Promise<void>
  /** What it has said, line by line. */
  log: readonly string[]
  stop(): Promise<void>
}

const READY = /^Careloop is ready at (\S+)/

/** Starts the service in memory, on a free port, with a clock that stands still until it is moved. @throws NotAsTold, NoToken */
export const startService = async (clock: Instant): Promise<Service> => {
  const script = join(import.meta.dirname, '..', 'start.ts')
  const child = spawn(process.execPath, [script, '--in-memory', '--port', '0', '--clock', clock], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  const log: string[] = []
  const baseUrl = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line)
        const [, url] = READY.exec(line) ?? []
        if (url) resolve(url)
      })
    ended.then(() => reject(new NotAsTold(`The service did not start: ${log.join('\n') || 'it said nothing'}`)))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  const token = await requestToken(new URL(baseUrl).origin, { scope: 'system/*.cruds' }).catch(
    async (error: unknown) => {
      await stop()
      throw error
    },
  )
  return {
    baseUrl,
    token: token!,
    log,
    stop,
    async moveClock(to) {
      const response = await fetch(new URL('/_local/clock', baseUrl), { method: 'POST', body: JSON.stringify({ to }) })
      if (!response.ok) throw new NotAsTold(`The clock did not move: ${await response.text()}`)
    },
  }
}
