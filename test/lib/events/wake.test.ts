import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Context } from 'aws-lambda'
import { type Careloop, createCareloop } from '../../../lib/careloop.ts'
import { WakeFailed, wake, wakeHandler } from '../../../lib/events/wake.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import type { DueItem, Item } from '../../../lib/store/table.ts'
import { defaultSettings } from '../../../lib/tenant.ts'

const NOW = '2026-11-20T06:00:00.000Z'
const log = jest.spyOn(console, 'log').mockImplementation(() => undefined)

/** Counts what a tick asks of the table, lags like an index, and fails for chosen items. */
class ObservedTable extends MemoryTable {
  queries = 0
  concurrent = 0
  most = 0
  lag = 0
  readonly failing = new Set<string>()
  private readonly stale = new Map<string, DueItem[]>()

  override async due(wakeShard: string, until: string, limit: number): Promise<DueItem[]> {
    this.queries += 1
    const fresh = await super.due(wakeShard, until, limit)
    const stale = this.stale.get(wakeShard)?.slice(0, this.lag) ?? []
    this.stale.set(wakeShard, fresh)
    return [...stale, ...fresh].slice(0, limit)
  }

  override async get(key: { pk: string; sk: string }): Promise<Item | undefined> {
    this.concurrent += 1
    this.most = Math.max(this.most, this.concurrent)
    await new Promise((resolve) => setImmediate(resolve))
    this.concurrent -= 1
    if (this.failing.has(key.pk)) throw new Error('Amelia')
    return super.get(key)
  }
}

let table: ObservedTable
let careloop: Careloop

beforeEach(() => {
  log.mockClear()
  table = new ObservedTable()
  careloop = createCareloop({
    table,
    clock: { now: () => NOW },
    ids: { next: () => 'unused' },
    tenant: defaultSettings,
  })
})

const createTasks = async (count: number, end = '2026-11-20T05:59:59Z'): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    const id = `t${String(n).padStart(4, '0')}`
    const resource = { resourceType: 'Task', status: 'ready', intent: 'order', restriction: { period: { end } } }
    await careloop.store.write([{ type: 'Task', id, resource, method: 'PUT' }])
  }
}
const wokenAt = async (id: string) => (await table.get({ pk: `Task/${id}`, sk: 'current' }))?.woken

test('a tick with nothing due is one small query a shard', async () => {
  await createTasks(5, '2026-11-20T06:00:01Z')
  expect(await wake(careloop, NOW)).toEqual({ woken: 0, failed: 0, behindSeconds: 0 })
  expect(table.queries).toBe(2)
})

test('what is due is woken, once', async () => {
  await createTasks(3)
  expect(await wake(careloop, NOW)).toEqual({ woken: 3, failed: 0, behindSeconds: 1 })
  expect(await wokenAt('t0001')).toBe(NOW)
  expect(await wake(careloop, NOW)).toEqual({ woken: 0, failed: 0, behindSeconds: 0 })
})

test('a backlog is taken in pages, several at once but not too many', async () => {
  await createTasks(450)
  expect(await wake(careloop, NOW)).toEqual({ woken: 450, failed: 0, behindSeconds: 1 })
  expect(table.most).toBeGreaterThan(5)
  expect(table.most).toBeLessThanOrEqual(20)
})

test('an index that lags behind does no harm', async () => {
  await createTasks(450)
  table.lag = 40
  expect((await wake(careloop, NOW)).woken).toBe(450)
})

test('two ticks at once wake each item once', async () => {
  await createTasks(120)
  const ticks = await Promise.all([wake(careloop, NOW), wake(careloop, NOW)])
  expect(ticks[0]!.woken + ticks[1]!.woken).toBe(120)
})

test('when the time is used up the rest waits for the next tick', async () => {
  await createTasks(60)
  let left = 20
  const { woken } = await wake(careloop, NOW, () => left-- > 0)
  expect(woken).toBeLessThan(25)
  expect((await wake(careloop, NOW)).woken).toBe(60 - woken)
})

test('the log tells how late the earliest is, and nothing when nothing was due', async () => {
  const context = { getRemainingTimeInMillis: () => 29_000 } as Context
  await wakeHandler(careloop)(undefined, context, () => undefined)
  expect(log).not.toHaveBeenCalled()
  await createTasks(2, '2026-11-20T05:30:00Z')
  await wakeHandler(careloop)(undefined, context, () => undefined)
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)
  expect(lines).toEqual([{ event: 'tick', outcome: 'woken', count: 2, behindSeconds: 1_800 }])
})

describe('items that fail', () => {
  test('do not hold up those behind them, however many they are', async () => {
    await createTasks(450)
    for (let n = 0; n < 300; n += 1) table.failing.add(`Task/t${String(n).padStart(4, '0')}`)
    expect(await wake(careloop, NOW)).toEqual({ woken: 150, failed: 300, behindSeconds: 1 })
  })

  test('make the function fail after all others, and say nothing but their reference', async () => {
    await createTasks(3)
    table.failing.add('Task/t0000')
    const context = { getRemainingTimeInMillis: () => 29_000 } as Context
    await expect(wakeHandler(careloop)(undefined, context, () => undefined)).rejects.toThrow(WakeFailed)
    expect(await wokenAt('t0002')).toBe(NOW)
    expect(log.mock.calls.join()).toContain('Task/t0000')
    expect(log.mock.calls.join()).not.toContain('Amelia')
  })
})
