import { describe, expect, test } from '@jest/globals'
import { createAsyncInvocations, type DeadLetter } from '../../local/async-invocations.ts'

/** Invocations whose runs end when the test says so. */
const held = () => {
  const runs: { event: unknown; end: () => void; fail: (error: Error) => void }[] = []
  const deadLetters: DeadLetter[] = []
  const host = {
    nameOf: () => 'functions/events/note.ts',
    invoke: (_function: string, event: unknown) =>
      new Promise<void>((resolve, reject) => runs.push({ event, end: resolve, fail: reject })),
    dispose: () => undefined,
  }
  const invocations = createAsyncInvocations({ host, onDeadLetter: (letter) => deadLetters.push(letter) })
  const enqueue = (event: string) =>
    invocations.enqueue({ functionArn: 'arn:note', event, about: `event ${event}`, retries: 0 })
  return { invocations, enqueue, runs, deadLetters }
}

/** Whether a promise is done once all that could run has run. */
const isDone = async (promise: Promise<void>): Promise<boolean> => {
  let done = false
  void promise.then(() => {
    done = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  return done
}

describe('asynchronous invocations', () => {
  test('what was enqueued so far is settled without waiting for what came later', async () => {
    const { invocations, enqueue, runs } = held()
    enqueue('first')
    const settled = invocations.settled()
    enqueue('second')
    expect(await isDone(settled)).toBe(false)
    runs[0]!.end()
    expect(await isDone(settled)).toBe(true)
    expect(await isDone(invocations.idle())).toBe(false)
    runs[1]!.end()
    expect(await isDone(invocations.idle())).toBe(true)
  })

  test('an event that is given up is dealt with too', async () => {
    const { invocations, enqueue, runs, deadLetters } = held()
    enqueue('bad')
    runs[0]!.fail(new TypeError('no'))
    await invocations.settled()
    expect(deadLetters).toEqual([
      { function: 'functions/events/note.ts', event: 'event bad', attempts: 1, error: 'TypeError: no' },
    ])
  })

  /** More than run at once. */
  const MANY = 100

  test('more than can run at once wait in order', async () => {
    const { invocations, enqueue, runs } = held()
    const events = Array.from({ length: MANY }, (_, n) => `${n}`)
    events.forEach(enqueue)
    const atOnce = runs.length
    expect(atOnce).toBeLessThan(MANY)
    for (let n = 0; n < MANY; n += 1) {
      runs[n]!.end()
      await isDone(Promise.resolve())
    }
    expect(runs.map(({ event }) => event)).toEqual(events)
    await invocations.idle()
  })

  test('stopping drops what waits, and ends when what runs has ended', async () => {
    const { invocations, enqueue, runs } = held()
    for (let n = 0; n < MANY; n += 1) enqueue(`${n}`)
    const started = runs.length
    const stopped = invocations.stop()
    expect(await isDone(stopped)).toBe(false)
    for (const { end } of [...runs]) end()
    await stopped
    expect(runs).toHaveLength(started)
  })
})
