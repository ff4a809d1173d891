import { beforeEach, describe, expect, test } from '@jest/globals'
import { type Clock, instantOf } from '../../../lib/clock.ts'
import { withIntent } from '../../../lib/store/intent.ts'
import { transactionKey } from '../../../lib/store/keys.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { resolveIntents } from '../../../lib/store/resolve-intents.ts'
import { type Condition, ConditionFailed, type Item, type Table } from '../../../lib/store/table.ts'
import { begin, decideFor } from '../../../lib/store/transaction-record.ts'

const START = Date.parse('2026-11-25T06:00:00.000Z')
const at = (seconds: number) => instantOf(START + seconds * 1_000)
const key = (id: string) => ({ pk: `Note/${id}`, sk: 'current' })
const z = Uint8Array.from([0, 200, 255])
const old: Item = { ...key('a'), v: 1, body: 'old', asserted: { x: 1 }, wake: 'wake#1', wakeAt: at(500) }
const next: Item = { ...key('a'), v: 2, z, asserted: { x: 1, y: 2 } }
const fresh: Item = { ...key('b'), v: 1, body: 'fresh' }

let table: MemoryTable
let seconds: number
let calls: string[]
const clock: Clock = { now: () => at(seconds) }

const counting = (inner: Table): Table =>
  new Proxy(inner, {
    get: (target, name: keyof Table) => {
      calls.push(name)
      return (target[name] as () => unknown).bind(target)
    },
  })

/** A table on which transaction t holds a, which is there, and b, which is not. */
const hold = async (): Promise<Item> => {
  await table.put(old, 'absent')
  const record = await begin(table, 't', [old, fresh], at(30))
  await table.put(withIntent({ item: next, condition: {}, held: old }, 't'), { v: 1 })
  await table.put(withIntent({ item: fresh, condition: 'absent' }, 't'), 'absent')
  return record
}

const readBoth = async (reader: Table = resolveIntents(table, clock)) => {
  const byKey = (one: Item, other: Item) => (one.pk < other.pk ? -1 : 1)
  const together = (await reader.getMany([old, fresh])).sort(byKey)
  const apart = (await Promise.all([reader.get(old), reader.get(fresh)])).filter((item) => item !== undefined)
  expect(apart).toEqual(together)
  return together
}
const stored = async () => [await table.get(old), await table.get(fresh)].map((item) => item?.tx ?? item)

beforeEach(() => {
  table = new MemoryTable()
  seconds = 0
  calls = []
})

describe('an item with an intent', () => {
  test('of a pending transaction is what it was, and nothing is written', async () => {
    await hold()
    const reader = resolveIntents(counting(table), clock)
    expect(await readBoth(reader)).toEqual([old])
    expect(new Set(calls)).toEqual(new Set(['get', 'getMany']))
  })

  test('of a committed transaction is what the intent says, and becomes it', async () => {
    await decideFor(table, await hold())
    expect(await readBoth()).toEqual([next, fresh])
    expect(await stored()).toEqual([next, fresh])
  })

  test('of an expired transaction is what it was, and becomes it again; the transaction can commit no more', async () => {
    const record = await hold()
    seconds = 29
    expect(await readBoth()).toEqual([old])
    expect(await stored()).toEqual(['t', 't'])
    seconds = 30
    expect(await readBoth()).toEqual([old])
    expect(await stored()).toEqual([old, undefined])
    await expect(decideFor(table, record)).rejects.toBeInstanceOf(ConditionFailed)
  })

  test('of a transaction that commits while it is being aborted is what the intent says', async () => {
    const record = await hold()
    seconds = 60
    let decided = false
    const slow = new Proxy(table, {
      get: (target, name: keyof Table) => {
        if (name !== 'put') return (target[name] as () => unknown).bind(target)
        return async (item: Item, condition: Condition) => {
          if (!decided) {
            decided = true
            await decideFor(table, record)
          }
          await table.put(item, condition)
        }
      },
    })
    expect(await readBoth(resolveIntents(slow, clock))).toEqual([next, fresh])
    expect(await stored()).toEqual([next, fresh])
  })

  test('of a transaction that is forgotten came too late', async () => {
    await hold()
    await table.writeMany([], [transactionKey('t')])
    expect(await readBoth()).toEqual([old])
    expect(await stored()).toEqual([old, undefined])
  })

  test('that is promoted and forgotten between the two looks is what it was promoted to', async () => {
    const record = await hold()
    const late = new Proxy(table, {
      get: (target, name: keyof Table) => {
        if (name !== 'getMany') return (target[name] as () => unknown).bind(target)
        return async (keys: Item[]) => {
          if (keys[0]!.sk === 'transaction' && (await table.get(record))) {
            await table.writeMany([next, fresh], [record])
          }
          return table.getMany(keys)
        }
      },
    })
    expect(await resolveIntents(late, clock).get(old)).toEqual(next)
  })

  test.each(['committed', 'pending'])('is read by who may not write as well (%s)', async (state) => {
    const record = await hold()
    if (state === 'committed') await decideFor(table, record)
    seconds = 60
    const refuse = () => Promise.reject(new Error('AccessDenied'))
    const readOnly = new Proxy(table, {
      get: (target, name: keyof Table) =>
        name === 'put' || name === 'delete' ? refuse : (target[name] as () => unknown).bind(target),
    })
    expect(await readBoth(resolveIntents(readOnly, clock))).toEqual(state === 'committed' ? [next, fresh] : [old])
  })
})

test('items without an intent cost what they cost without transactions', async () => {
  await table.writeMany([old, fresh], [])
  await readBoth(resolveIntents(counting(table), clock))
  expect(calls.sort()).toEqual(['get', 'get', 'getMany'])
})

test('one look at the record for all items of a transaction', async () => {
  await hold()
  await resolveIntents(counting(table), clock).getMany([old, fresh])
  expect(calls).toEqual(['getMany', 'getMany'])
})
