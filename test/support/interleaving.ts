import type { Clock } from '../../lib/clock.ts'
import { instantOf } from '../../lib/clock.ts'
import type { Item, Key, Table } from '../../lib/store/table.ts'

/**
 * Runs several actors on one table, one port call at a time, in an order that a test chooses. An actor can be stopped for good
 * before any of its calls, as a crash would stop it. A batch is what it is in DynamoDB: single reads or writes in any order.
 */
export class Interleaving {
  private readonly table: Table
  private readonly choices: readonly number[]
  private readonly afterEach: () => Promise<void>
  private readonly waiting: (() => void)[] = []
  private readonly failures: unknown[] = []
  /** Calls made so far, of all actors: what time it is in this world. */
  step = 0

  /** @param choices which of the waiting calls goes next; the oldest one when they have run out */
  constructor(table: Table, choices: readonly number[], afterEach: () => Promise<void> = async () => undefined) {
    this.table = table
    this.choices = choices
    this.afterEach = afterEach
  }

  /** Begins an actor. `calls`: how many port calls it lives for. */
  actor(run: (table: Table) => Promise<void>, calls = Number.POSITIVE_INFINITY): void {
    run(this.view(calls)).catch((error) => this.failures.push(error))
  }

  /** Until every actor has ended or crashed. @throws what an actor threw first */
  async run(): Promise<void> {
    for (;;) {
      // Lets every actor come to its next call.
      await new Promise(setImmediate)
      if (this.failures.length) throw this.failures[0]
      if (!this.waiting.length) return
      const choice = this.choices[this.step] ?? 0
      this.step += 1
      const [go] = this.waiting.splice(choice % this.waiting.length, 1)
      go!()
      await new Promise(setImmediate)
      await this.afterEach()
    }
  }

  private view(calls: number): Table {
    let left = calls
    const call = <T>(operation: () => Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        left -= 1
        // An actor that has crashed waits for ever.
        if (left >= 0) this.waiting.push(() => operation().then(resolve, reject))
      })
    const { table } = this
    const each = <T, R>(elements: readonly T[], operation: (element: T) => Promise<R>) =>
      Promise.all(elements.map((element) => call(() => operation(element))))
    return {
      get: (key) => call(() => table.get(key)),
      query: (query) => call(() => table.query(query)),
      put: (item, condition) => call(() => table.put(item, condition)),
      delete: (key, condition) => call(() => table.delete(key, condition)),
      transact: (puts) => call(() => table.transact(puts)),
      due: (wake, until, limit) => call(() => table.due(wake, until, limit)),
      getMany: async (keys) => {
        const distinct = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()]
        const items = await each(distinct, (key: Key) => table.get(key))
        return items.filter((item): item is Item => item !== undefined)
      },
      writeMany: async (puts, deletes) => {
        await each(
          [
            ...puts.map((item) => () => table.writeMany([item], [])),
            ...deletes.map((key) => () => table.writeMany([], [key])),
          ],
          (write) => write(),
        )
      },
    }
  }
}

/** A clock that moves a millisecond whenever somebody looks, and machines whose clocks are off by `skew` milliseconds. */
export class TickingClock implements Clock {
  private milliseconds = Date.parse('2026-11-25T06:00:00.000Z')

  now(): string {
    this.milliseconds += 1
    return instantOf(this.milliseconds)
  }

  advance(milliseconds: number): void {
    this.milliseconds += milliseconds
  }

  skewed(skew: number): Clock {
    return { now: () => instantOf(Date.parse(this.now()) + skew) }
  }
}
