import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../../lib/fhir.ts'
import { planWrite, rowsInForce, type Write, type WritePlan } from '../../../lib/store/plan-write.ts'
import { type Version, versionOf } from '../../../lib/store/version.ts'
import { type Note, type NoteContent, notes } from '../../support/notes.ts'

const now = '2026-11-25T06:00:00.000Z'
const later = '2026-11-25T07:00:00.000Z'
const plan = (write: Omit<Write, 'type' | 'id'>, at = now): WritePlan =>
  planWrite({ type: 'Note', id: '1', ...write }, at, () => notes)
const note = (content: Partial<NoteContent> = {}): Note => ({
  ...{ resourceType: 'Note', owner: 'A', patient: 'p', tags: [], open: true },
  ...content,
})
const created = (content?: Partial<NoteContent>): Version => plan({ resource: note(content), method: 'POST' }).version
const places = (keys: readonly { pk: string; sk: string }[]) => keys.map(({ pk, sk }) => `${pk} ${sk}`).sort()

describe('the items of a write', () => {
  test('that creates', () => {
    const { before, commit, after, version } = plan({ resource: note({ tags: ['x'] }), method: 'POST' })
    expect(places(before)).toEqual([
      'Note!1 2026-11-25T06:00:00.000Z#1@1',
      'Note?! 0~#1@1',
      'Note?owner=A 0~#1@1',
      'Note?tag=x 0~#1@1',
      'Patient/p? Note/0~#1@1',
    ])
    expect(commit).toEqual([{ item: version.item, condition: 'absent' }])
    expect(version).toMatchObject({ type: 'Note', id: '1', v: 1, updated: now, method: 'POST', deleted: false })
    expect(Object.values(version.item.asserted as object)).toEqual([1, 1, 1, 1])
    expect(after).toEqual([])
  })

  test('that changes nothing a list cares for: the former version, the log, the new one', () => {
    const base = created()
    const { before, commit, after, version } = plan(
      { resource: note({ text: 'x' } as object), base, method: 'PUT' },
      later,
    )
    expect(places(before)).toEqual(['Note!1 2026-11-25T07:00:00.000Z#1@2', 'Note/1 v#0000000001'])
    expect(commit[0]?.condition).toEqual({ v: 1, woken: undefined })
    expect(version.item.asserted).toEqual(base.item.asserted)
    expect(after).toEqual([])
  })

  test('that moves the resource: rows of the new version, and the old ones by the version that asserted them', () => {
    const second = plan({
      resource: note({ text: 'x' } as object),
      base: created({ tags: ['x'] }),
      method: 'PUT',
    }).version
    const third = plan({ resource: note({ tags: ['x'], owner: 'B' }), base: second, method: 'PUT' })
    expect(places(third.before)).toContain('Note?owner=B 0~#1@3')
    expect(places(third.before)).toContain('Note?tag=x 0~#1@3')
    expect(places(third.after)).toEqual(['Note?owner=A 0~#1@1'])
  })

  test('tell where the version stands, by the versions that asserted its rows', () => {
    const base = created({ tags: ['x', 'y'] })
    const { version } = plan({ resource: note({ owner: 'B', tags: ['x'] }), base, method: 'PUT' }, later)
    const toCome = { pk: 'Note?by-rules-to-come=1', prefix: '', order: '0~' }
    const indexing = { ...notes, postings: (resource: Resource) => [...notes.postings(resource), toCome] }
    expect(places(rowsInForce(version, indexing))).toEqual([
      'Note!1 2026-11-25T07:00:00.000Z#1@2',
      'Note?! 0~#1@1',
      'Note?owner=B 0~#1@2',
      'Note?tag=x 0~#1@1',
      'Patient/p? Note/0~#1@1',
    ])
  })

  test('that deletes: a tombstone, which is in no list', () => {
    const base = created({ clocks: [later] })
    const { before, commit, after, version } = plan({ base, method: 'DELETE' }, later)
    expect(version).toMatchObject({ v: 2, deleted: true })
    expect(commit[0]?.item).toEqual({
      ...{ pk: 'Note/1', sk: 'current', v: 2, updated: later, method: 'DELETE', deleted: true },
    })
    expect(places(before)).toEqual(['Note!1 2026-11-25T07:00:00.000Z#1@2', 'Note/1 v#0000000001'])
    expect(after).toHaveLength(3)
  })

  test('that resurrects: every row anew, and a copy of the tombstone', () => {
    const tombstone = plan({ base: created(), method: 'DELETE' }).version
    const { before } = plan({ resource: note(), base: tombstone, method: 'PUT' })
    const copy = before.find(({ sk }) => sk.startsWith('v#'))
    expect(copy).toEqual({ pk: 'Note/1', sk: 'v#0000000002', v: 2, updated: now, method: 'DELETE', deleted: true })
    expect(before).toHaveLength(5)
  })

  test('of what is only ever added to: marked, so that the consumer of the stream need not be woken', () => {
    const write: Write = { type: 'Note', id: '1', resource: note(), method: 'POST' }
    expect(planWrite(write, now, () => ({ ...notes, appendOnly: true })).version.item.record).toBe(true)
    expect(planWrite(write, now, () => notes).version.item).not.toHaveProperty('record')
  })

  test('that claims', () => {
    const claim = { criteria: 'identifier=a' }
    const [, put] = plan({ resource: note(), method: 'POST', claim }).commit
    expect(put).toEqual({ item: { pk: 'Note?identifier=a', sk: 'claim', owner: '1' }, condition: 'absent' })
    const [, voided] = plan({ resource: note(), method: 'POST', claim: { ...claim, voidOwner: '0' } }).commit
    expect(voided?.condition).toEqual({ owner: '0' })
  })

  test('of a resource in no list at all', () => {
    const bare = { postings: () => [], wakeAt: () => undefined }
    const { version, before } = planWrite({ type: 'Note', id: '1', resource: note(), method: 'POST' }, now, () => bare)
    expect(version.item.asserted).toEqual({})
    expect(before).toHaveLength(1)
  })

  test('takes nothing of the clock of the version before but when it last woke', () => {
    const base = created({ clocks: [now, later] })
    expect(base.item).toMatchObject({ wakeAt: now, wake: 'wake#1' })
    const woken = versionOf({ ...base.item, woken: now, wakeAt: later })
    const next = plan({ resource: note({ clocks: [now, later] }), base: woken, method: 'PUT' })
    expect(next.version.item).toMatchObject({ woken: now, wakeAt: later })
    expect(next.commit[0]?.condition).toEqual({ v: 1, woken: now })
    expect(plan({ resource: note(), base: woken, method: 'PUT' }).version.item).not.toHaveProperty('wakeAt')
  })
})
