import { beforeAll, describe, expect, test } from '@jest/globals'
import { instantOf, systemClock } from '../../../lib/clock.ts'
import type { Units } from '../../../lib/store/dynamodb-table.ts'
import { valuePartition, wakeShard } from '../../../lib/store/keys.ts'
import type { Indexing } from '../../../lib/store/plan-write.ts'
import { ClaimTaken, createStore, type Store, VersionConflict } from '../../../lib/store/store.ts'
import { resourceOf, type Version } from '../../../lib/store/version.ts'
import { type RowStream, Walk } from '../../../lib/store/walk.ts'
import { byIdentifier, byOwner, everyNote, type Note, type NoteContent, notes } from '../../support/notes.ts'
import { createTestTable } from '../../support/tables.ts'

/** The store on DynamoDB Local, with requests that are really under way at the same time. */

const note = (content: Partial<NoteContent> = {}): Note => ({
  ...{ resourceType: 'Note', owner: 'A', patient: 'p', tags: [], open: true },
  ...content,
})

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

const search = async (store: Store, streams: readonly RowStream[], stride = 20): Promise<Version[]> => {
  const walk = new Walk(store.table, streams, {})
  const versions: Version[] = []
  while (!walk.done) versions.push(...(await walk.next(stride)).map(({ version }) => version))
  return versions
}

describe('many at the same time', () => {
  let store: Store
  beforeAll(async () => {
    const { table } = await createTestTable()
    store = createStore({ table, clock: systemClock, indexing: () => notes })
  })
  const create = async (id: string, content?: Partial<NoteContent>) =>
    (await store.write([{ type: 'Note', id, resource: note(content), method: 'POST' }]))[0]!

  test('thirty updates of one version: one commits, the others learn that they did not', async () => {
    const base = await create('contended')
    const outcomes = await Promise.allSettled(
      times(30, (n) =>
        store.write([{ type: 'Note', id: 'contended', resource: note({ owner: `o${n}` }), base, method: 'PUT' }]),
      ),
    )
    const won = outcomes.flatMap((outcome, n) => (outcome.status === 'fulfilled' ? [n] : []))
    expect(won).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(VersionConflict)
    const current = (await store.read('Note', 'contended'))!
    expect(current.v).toBe(2)
    expect(resourceOf(current).owner).toBe(`o${won[0]}`)
    const owners = times(30, (n) => `o${n}`)
    expect(await search(store, byOwner(...owners).streams)).toHaveLength(1)
    expect((await search(store, byOwner(`o${won[0]}`).streams)).map(({ id }) => id)).toEqual(['contended'])
    expect((await store.history('Note', 'contended', 9)).versions.map(({ v }) => v)).toEqual([2, 1])
  })

  test('twenty writers that try again until they succeed: twenty versions, none lost', async () => {
    await create('busy', { tags: [] })
    const add = async (tag: string): Promise<void> => {
      const base = (await store.read('Note', 'busy'))!
      const resource = note({ tags: [...(resourceOf(base) as Note).tags, tag] })
      try {
        await store.write([{ type: 'Note', id: 'busy', resource, base, method: 'PUT' }])
      } catch (error) {
        if (!(error instanceof VersionConflict)) throw error
        await add(tag)
      }
    }
    await Promise.all(times(20, (n) => add(`t${n}`)))
    const current = (await store.read('Note', 'busy'))!
    expect(current.v).toBe(21)
    expect((resourceOf(current) as Note).tags.toSorted()).toEqual(times(20, (n) => `t${n}`).sort())
    const { versions } = await store.history('Note', 'busy', 50)
    expect(versions.map(({ v }) => v)).toEqual(times(21, (n) => 21 - n))
    expect(versions.map((version) => (resourceOf(version) as Note).tags.length)).toEqual(times(21, (n) => 20 - n))
  })

  test('fifty conditional creates with one identifier: one resource, known to all', async () => {
    const criteria = 'identifier=mrn'
    const createIfNoneExists = async (id: string): Promise<string> => {
      for (;;) {
        const [found] = await search(store, byIdentifier('mrn').streams)
        if (found) return found.id
        try {
          const resource = note({ identifier: 'mrn' })
          await store.write([{ type: 'Note', id, resource, method: 'POST', claim: { criteria } }])
          return id
        } catch (error) {
          if (!(error instanceof ClaimTaken || error instanceof VersionConflict)) throw error
        }
      }
    }
    const given = await Promise.all(times(50, (n) => createIfNoneExists(`only-${n}`)))
    expect(new Set(given).size).toBe(1)
    expect((await search(store, byIdentifier('mrn').streams)).map(({ id }) => id)).toEqual([given[0]])
    expect(await store.claimOwner('Note', criteria)).toBe(given[0])
  })

  test('transactions over the same resources: each is wholly there or not at all', async () => {
    const ids = ['t1', 't2', 't3']
    for (const id of ids) await create(id, { owner: 'start' })
    const transfer = async (owner: string): Promise<void> => {
      const bases = await Promise.all(ids.map((id) => store.read('Note', id)))
      const writes = ids.map((id, n) => ({
        type: 'Note',
        id,
        resource: note({ owner }),
        base: bases[n],
        method: 'PUT' as const,
      }))
      await store.write(writes).catch((error) => {
        if (!(error instanceof VersionConflict)) throw error
      })
    }
    await Promise.all(times(12, (n) => transfer(`owner-${n}`)))
    const versions = await store.readMany(ids.map((id) => ({ type: 'Note', id })))
    expect(new Set(versions.map((version) => resourceOf(version).owner)).size).toBe(1)
    expect(new Set(versions.map(({ v }) => v)).size).toBe(1)
    expect(versions[0]!.v).toBeGreaterThan(1)
  })

  test('searches while everything moves: what matches all the time is always found', async () => {
    const ids = times(40, (n) => `m${n}`)
    const day = (n: number) => `2026-01-${String(1 + (n % 28)).padStart(2, '0')}`
    await Promise.all(ids.map((id, n) => create(id, { owner: n % 2 ? 'left' : 'right', date: day(n) })))
    let moving = true
    const move = async (seed: number) => {
      for (let n = seed; n < seed + 40; n += 1) {
        const id = ids[(n * 7) % ids.length]!
        const base = (await store.read('Note', id))!
        const resource = note({ owner: n % 3 ? 'left' : 'right', date: day(n * 11), open: n % 5 > 0 })
        await store.write([{ type: 'Note', id, resource, base, method: 'PUT' }]).catch((error) => {
          if (!(error instanceof VersionConflict)) throw error
        })
      }
    }
    const look = async (stride: number) => {
      while (moving) {
        const found = (await search(store, byOwner('left', 'right').streams, stride)).map(({ id }) => id)
        expect(found.toSorted()).toEqual(ids.toSorted())
      }
    }
    await Promise.all([
      Promise.all(times(3, (n) => move(n * 13))).then(() => {
        moving = false
      }),
      look(3),
      look(50),
    ])
    const all = (await search(store, everyNote().streams)).map(({ id }) => id)
    expect(new Set(all).size).toBe(all.length)
    for (const id of ids) expect(all).toContain(id)
  })

  test('ten wakers: each due instant is claimed by one', async () => {
    const instants = times(3, (n) => instantOf(Date.parse('2020-01-01') + n))
    await Promise.all(times(10, (n) => create(`w${n}`, { clocks: instants })))
    for (const now of instants) {
      const due = (await Promise.all([0, 1].map((shard) => store.table.due(wakeShard(shard), now, 99)))).flat()
      expect(due).toHaveLength(10)
      const woken = await Promise.all(times(10, () => Promise.all(due.map((key) => store.wake(key, now)))))
      expect(woken.flat().filter(Boolean)).toHaveLength(10)
    }
  })
})

describe('what it costs', () => {
  /** A task with eight references and identifiers, a place in the list of its type, and a clock. */
  const tasks: Indexing = {
    postings: (resource) => {
      const order = `${resource.status === 'completed' ? 1 : 0}2026-11-25T05:59:59.000Z`
      const codes = ['owner', 'requester', 'focus', 'encounter', 'based-on', 'part-of', 'identifier']
      return [
        ...codes.map((code) => ({ pk: valuePartition('Task', code, String(resource[code])), prefix: '', order })),
        { pk: 'Patient/p?', prefix: 'Task/', order },
        { pk: 'Task?!', prefix: '', order },
      ]
    },
    wakeAt: (resource) => (resource.status === 'completed' ? undefined : '2026-11-25T05:59:59.000Z'),
  }
  const task = (n: number, more: Record<string, unknown> = {}) => ({
    ...{ resourceType: 'Task', status: 'requested', intent: 'order', priority: 'routine' },
    ...{
      owner: 'Practitioner/o',
      requester: 'Practitioner/r',
      focus: `ServiceRequest/${n}`,
      encounter: `Encounter/${n}`,
    },
    ...{ 'based-on': `CarePlan/${n}`, 'part-of': `Task/parent-${n}`, identifier: `urn:mrn|${n}` },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '185317003', display: 'Telephone follow-up' }] },
    // 2 KB of JSON in all, most of it text as people write it
    note: times(12, (line) => ({ text: `Call ${line}: ${words(n * 12 + line, 18)}.` })),
    ...more,
  })
  const vocabulary =
    `patient reached by phone and asked about medication list changes since discharge symptoms daily weight swelling
    appointment with cardiology next week transport arranged interpreter needed no answer left voicemail will try again tomorrow
    caregiver says blood pressure readings were normal wound clean dry reviewed warning signs and when to call`.split(
      /\s+/,
    )
  const words = (seed: number, count: number) =>
    times(count, (n) => vocabulary[((seed + 1) * (n + 7) * 7919) % vocabulary.length]).join(' ')

  test('within the targets of docs/data-model.md', async () => {
    let units: Units = { read: 0, write: 0 }
    const onCapacity = (_operation: string, { read, write }: Units) => {
      units = { read: units.read + read, write: units.write + write }
    }
    const { table } = await createTestTable({ onCapacity })
    const store = createStore({ table, clock: systemClock, indexing: () => tasks })
    const cost = async <T>(operation: () => Promise<T>): Promise<{ units: Units; result: T }> => {
      units = { read: 0, write: 0 }
      const result = await operation()
      return { units, result }
    }
    const write = (n: number, more: Record<string, unknown>, base?: Version) =>
      cost(async () => {
        const resource = task(n, more)
        const [version] = await store.write([{ type: 'Task', id: `t${n}`, resource, base, method: 'PUT' }])
        return version!
      })
    const size = Buffer.byteLength(JSON.stringify(task(1)))
    expect(size).toBeGreaterThan(1_900)

    const created = await write(1, {})
    const statusOnly = await write(1, { status: 'in-progress' }, created.result)
    const completed = await write(1, { status: 'completed' }, statusOnly.result)
    const deleted = await cost(() =>
      store.write([{ type: 'Task', id: 't1', base: completed.result, method: 'DELETE' }]),
    )
    for (let n = 2; n <= 60; n += 1) await write(n, {})
    const read = await cost(() => store.read('Task', 't2'))
    const oldVersion = await cost(() => store.vread('Task', 't1', 1))
    const owner: RowStream = { pk: valuePartition('Task', 'owner', 'Practitioner/o'), type: 'Task', prefix: '' }
    const page = await cost(() => new Walk(store.table, [owner], {}).next(20))
    const identifier: RowStream = { ...owner, pk: valuePartition('Task', 'identifier', 'urn:mrn|2') }
    const one = await cost(() => new Walk(store.table, [identifier], {}).next(20))
    const claim = { criteria: 'identifier=urn:mrn|99' }
    const claimed = await cost(() =>
      store.write([{ type: 'Task', id: 't99', resource: task(99), method: 'POST', claim }]),
    )
    const tick = await cost(() => table.due(wakeShard(0), '2000', 10))

    const figures = {
      create: created.units.write,
      statusOnly: statusOnly.units.write,
      completed: completed.units.write,
      deleted: deleted.units.write,
      read: read.units.read,
      oldVersion: oldVersion.units.read,
      page: page.units.read,
      oneByIdentifier: one.units.read,
      claim: claimed.units.write - created.units.write,
      tick: tick.units.read,
    }
    if (process.env.SHOW_FIGURES) process.stdout.write(`${JSON.stringify({ size, ...figures })}\n`)
    expect(page.result).toHaveLength(20)
    expect(one.result).toHaveLength(1)
    expect(figures.create).toBeLessThanOrEqual(12)
    expect(figures.statusOnly).toBeLessThanOrEqual(8)
    expect(figures.read).toBe(1)
    expect(figures.oldVersion).toBe(0.5)
    expect(figures.page).toBeLessThanOrEqual(22)
    expect(figures.claim).toBeLessThanOrEqual(6)
    expect(figures.tick).toBeLessThanOrEqual(1)
  })
})
