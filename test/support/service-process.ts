import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

/** The service in a process of its own, which can be killed. */
export interface ServiceProcess {
  /** Base URL of the FHIR API. */
  base: string
  /** Ends it at once, whatever it does; resolves when it is gone. */
  kill(): Promise<void>
}

export interface ServiceProcessOptions {
  /** A script and its arguments, which says `ready at <base URL>` when it is. */
  args: readonly string[]
  cwd: string
  env?: NodeJS.ProcessEnv
  /** Told of what it writes, as it comes. */
  onText?: (text: string) => void
}

const LOOK_EVERY_MS = 50

/** @throws Error with what it has said, when it ends before it is ready */
export const startServiceProcess = async (options: ServiceProcessOptions): Promise<ServiceProcess> => {
  const { args, cwd, env = process.env, onText } = options
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  let base: string | undefined
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      onText?.(chunk.toString())
      if (base) return
      text += chunk
      base = /ready at (http:\S+)/.exec(text)?.[1]
    })
  const ended = once(child, 'exit')
  while (!base) {
    if (child.exitCode !== null || child.signalCode) throw new Error(`the service ended: ${text}`)
    await delay(LOOK_EVERY_MS)
  }
  return {
    base,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
