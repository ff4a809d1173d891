import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { DeadLetter } from '../../../local/async-invocations.ts'

/** One run of a function; instants in milliseconds since 1970. */
export interface Run {
  function: string
  /** `Type/id` of what it was about */
  subjects: string[]
  started: number
  ended: number
}

/** What the service has used since it began: milliseconds of processor time, memory now. */
export interface Used {
  user: number
  system: number
  megabytes: number
  /** of DynamoDB Local, user and system; to the second on most systems */
  database: number
  databaseMegabytes: number
}

/** What can be asked of the service, and what it answers. */
export interface Asked {
  baseUrl: string
  drain: undefined
  used: Used
  /** those that ended since this was last asked */
  runs: Run[]
  /** of AWS operations, by name, since this was last asked */
  calls: Record<string, number>
  deadLetters: DeadLetter[]
  stop: undefined
}

export interface ServiceProcess {
  ask<Name extends keyof Asked>(what: Name): Promise<Asked[Name]>
  /** milliseconds from its beginning until it was ready */
  readyIn: number
}

/** Starts the service. `onConsumed` is told of each event's subject when its consumer is done with it. @throws Error when it ends */
export const startServiceProcess = async (
  args: readonly string[],
  onConsumed: (reference: string) => void,
): Promise<ServiceProcess> => {
  const { CARELOOP_DYNAMODB_ENDPOINT: _other, ...env } = process.env
  const began = performance.now()
  const child = fork(join(import.meta.dirname, 'service.ts'), args, {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const waiting = new Map<string, (answer: unknown) => void>()
  const answerTo = (what: string): Promise<unknown> => new Promise((resolve) => waiting.set(what, resolve))
  child.on('message', (message: { consumed: string } | { asked: string; answer: unknown }) => {
    if ('consumed' in message) return onConsumed(message.consumed)
    waiting.get(message.asked)?.(message.answer)
  })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the service ended with ${code}`)
  })
  ended.catch(() => undefined)
  await Promise.race([answerTo('ready'), ended])
  return {
    readyIn: performance.now() - began,
    async ask<Name extends keyof Asked>(what: Name) {
      const answer = answerTo(what)
      child.send(what)
      return (await Promise.race([answer, ended])) as Asked[Name]
    },
  }
}
