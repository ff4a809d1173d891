import { setTimeout as delay } from 'node:timers/promises'
import type { FunctionHost } from './function-host.ts'

/** An event that its function could not process. */
export interface DeadLetter {
  function: string
  /** what it was about: a rule, or a position in the stream; nothing of its content */
  event: string
  attempts: number
  error: string
}

export interface AsyncInvocation {
  functionArn: string
  event: unknown
  /** for the dead letters */
  about: string
  retries: number
}

/** Lambda's asynchronous invocation: a queue, tried again after a failure, in the end a dead letter. */
export interface AsyncInvocations {
  enqueue(invocation: AsyncInvocation): void
  /** how many have been enqueued so far */
  readonly count: number
  /** Resolves when what is queued or running now is dealt with, whatever comes meanwhile. */
  settled(): Promise<void>
  /** Resolves when nothing is queued or running. */
  idle(): Promise<void>
  /** Takes no more; resolves when the running ones have ended. */
  stop(): Promise<void>
}

export interface AsyncInvocationsOptions {
  host: FunctionHost
  onDeadLetter: (letter: DeadLetter) => void
}

const AT_ONCE = 32
const FIRST_RETRY_AFTER_MS = 100

export const errorText = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)

export const createAsyncInvocations = ({ host, onDeadLetter }: AsyncInvocationsOptions): AsyncInvocations => {
  const queue: { invocation: AsyncInvocation; done: () => void }[] = []
  const pending = new Set<Promise<void>>()
  const stopping = new AbortController()
  let running = 0
  let count = 0

  const run = async ({ functionArn, event, about, retries }: AsyncInvocation): Promise<void> => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        await host.invoke(functionArn, event)
        return
      } catch (error) {
        if (stopping.signal.aborted) return
        if (attempts > retries) {
          onDeadLetter({ function: host.nameOf(functionArn), event: about, attempts, error: errorText(error) })
          return
        }
        await delay(FIRST_RETRY_AFTER_MS * 2 ** (attempts - 1), undefined, { signal: stopping.signal }).catch(
          () => undefined,
        )
      }
    }
  }

  const next = (): void => {
    while (running < AT_ONCE && queue.length) {
      const { invocation, done } = queue.shift()!
      running += 1
      void run(invocation).finally(() => {
        running -= 1
        done()
        next()
      })
    }
  }

  const settled = async (): Promise<void> => {
    await Promise.all(pending)
  }

  const idle = async (): Promise<void> => {
    while (pending.size) await settled()
  }

  return {
    get count() {
      return count
    },
    enqueue(invocation) {
      if (stopping.signal.aborted) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const isPending = promise.then(() => void pending.delete(isPending))
      pending.add(isPending)
      count += 1
      queue.push({ invocation, done: resolve })
      next()
    },
    settled,
    idle,
    async stop() {
      stopping.abort()
      for (const { done } of queue.splice(0)) done()
      await idle()
    },
  }
}
