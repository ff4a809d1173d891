import type { Handler } from 'aws-lambda'
import type { Careloop } from '../careloop.ts'
import type { Instant } from '../fhir.ts'
import { shards, wakeShard } from '../store/keys.ts'
import type { DueItem } from '../store/table.ts'
import { errorName, logLine } from './log.ts'

/** What one tick of the clock did. */
export interface Tick {
  woken: number
  /** could not be woken; the next tick tries again */
  failed: number
  /** for how many seconds the earliest of all that had come due has been so; 0: there was nothing */
  behindSeconds: number
}

const ITEMS_AT_ONCE = 100
const CONCURRENCY = 10

/** Left for answering after the last item. */
const RESERVE_MS = 3_000

const secondsBetween = (earlier: Instant, later: Instant): number =>
  Math.round((Date.parse(later) - Date.parse(earlier)) / 1_000)

/**
 * Wakes whatever has come due by `now`, in the order of time, until nothing is left or `mayGoOn` says that the time for it is
 * used up; the next tick takes the rest. With nothing due it costs one small query a shard.
 */
export const wake = async (careloop: Careloop, now: Instant, mayGoOn: () => boolean = () => true): Promise<Tick> => {
  const { store } = careloop
  const tick: Tick = { woken: 0, failed: 0, behindSeconds: 0 }

  const wakeItem = async ({ pk, sk }: DueItem): Promise<void> => {
    try {
      if (await store.wake({ pk, sk }, now)) tick.woken += 1
    } catch (error) {
      tick.failed += 1
      logLine({ event: 'wake', reference: pk, outcome: 'failed', error: errorName(error) })
    }
  }

  const wakeEach = async (items: readonly DueItem[]): Promise<void> => {
    const queue = items.values()
    const worker = async (): Promise<void> => {
      for (const item of queue) if (mayGoOn()) await wakeItem(item)
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  }

  const wakeShardOf = async (shard: string): Promise<void> => {
    // An item that failed stays in front, and the index lists one just woken for a moment longer: look behind those.
    const seen = new Set<string>()
    let inFront = 0
    while (mayGoOn()) {
      const limit = ITEMS_AT_ONCE + inFront
      const items = await store.table.due(shard, now, limit)
      const unseen = items.filter(({ pk }) => !seen.has(pk))
      if (!unseen.length) return
      for (const { pk } of unseen) seen.add(pk)
      tick.behindSeconds = Math.max(tick.behindSeconds, secondsBetween(unseen[0]!.wakeAt, now))
      const failedBefore = tick.failed
      await wakeEach(unseen)
      if (items.length < limit) return
      inFront = items.length - unseen.length + (tick.failed - failedBefore)
    }
  }

  await Promise.all(shards().map((shard) => wakeShardOf(wakeShard(shard))))
  return tick
}

/** Some clocks could not be moved; thrown after all others were, so that the failure is counted and tried again. */
export class WakeFailed extends Error {
  constructor(failed: number) {
    super(`${failed} due resources could not be woken; see the log`)
    this.name = 'WakeFailed'
  }
}

/** The Lambda function of the tick. */
export const wakeHandler =
  (careloop: Careloop): Handler<unknown, void> =>
  async (_event, context) => {
    const mayGoOn = () => context.getRemainingTimeInMillis() > RESERVE_MS
    const { woken, failed, behindSeconds } = await wake(careloop, careloop.clock.now(), mayGoOn)
    // An alarm reads `behindSeconds`: infra/constructs/observability.ts.
    if (woken || failed) logLine({ event: 'tick', outcome: failed ? 'failed' : 'woken', count: woken, behindSeconds })
    if (failed) throw new WakeFailed(failed)
  }
