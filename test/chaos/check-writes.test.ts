import { describe, expect, test } from '@jest/globals'
import type { Item } from '../../lib/store/table.ts'
import { Promises } from '../simulate/promises.ts'
import { checkWrites } from './check-writes.ts'
import { type Deed, Journal } from './journal.ts'
import { storedIn } from './stored.ts'

const version = (id: string, v: number, mark: string, isCurrent: boolean): Item => ({
  pk: `Task/${id}`,
  sk: isCurrent ? 'current' : `v#000000000${v}`,
  ...{ v, updated: '2026-11-02T14:00:00.000Z', method: 'PUT' },
  body: JSON.stringify({ resourceType: 'Task', note: [{ text: mark }] }),
})

/** What is broken when this was done and this is stored. */
const brokenBy = (deeds: readonly Partial<Deed>[], items: readonly Item[]): string[] => {
  const journal = new Journal()
  for (const { size, ...deed } of deeds) Object.assign(journal.begin('update', size), deed)
  const promises = new Promises()
  checkWrites(journal, storedIn(items), promises)
  return promises.checks.filter(({ broken }) => broken.length).map(({ promise }) => promise)
}

const acknowledged = (reference: string, at: number): Partial<Deed> => ({
  outcome: 'acknowledged',
  named: [{ reference, version: at }],
})
const one = [version('1', 1, 'mark-1', true)]

describe('the check of what clients were told', () => {
  test('is content with what is as it was told', () => {
    expect(brokenBy([acknowledged('Task/1', 1)], one)).toEqual([])
    expect(brokenBy([{ outcome: 'unknown' }], one)).toEqual([])
    expect(brokenBy([{ outcome: 'unknown' }, { outcome: 'refused' }], [])).toEqual([])
    // What the automation adds to a resource leaves the mark where it is.
    const more = [version('1', 1, 'mark-1', false), version('1', 2, 'mark-1', true)]
    expect(brokenBy([acknowledged('Task/1', 1)], more)).toEqual([])
  })

  test.each<[string, string, Partial<Deed>[], Item[]]>([
    ['an acknowledged write that is not there', 'Every acknowledged write', [acknowledged('Task/1', 1)], []],
    ['one under another version', 'Every acknowledged write', [acknowledged('Task/1', 2)], one],
    ['a refused write that is there', 'Nothing of a refused write', [{ outcome: 'refused' }], one],
    ['half of a transaction', 'A write that was not answered', [{ outcome: 'unknown', size: 2 }], one],
    [
      'half of an acknowledged transaction',
      'Every acknowledged write',
      [{ ...acknowledged('Task/1', 1), size: 2 }],
      one,
    ],
    [
      'a write that is there twice',
      'No write is there twice',
      [acknowledged('Task/1', 1), acknowledged('Task/1', 2)],
      [version('1', 1, 'mark-1', false), version('1', 2, 'mark-2', false), version('1', 3, 'mark-1', true)],
    ],
    ['a gap in a history', 'Every history', [{ outcome: 'unknown' }], [version('1', 2, 'mark-1', true)]],
    [
      'two resources on the same criteria',
      'No two conditional creates',
      [
        { ...acknowledged('Task/1', 1), identifier: 'a' },
        { ...acknowledged('Task/2', 1), identifier: 'a' },
      ],
      [version('1', 1, 'mark-1', true), version('2', 1, 'mark-2', true)],
    ],
    [
      'a deletion that is undone',
      'Every acknowledged write',
      [acknowledged('Task/1', 1), { outcome: 'acknowledged', size: 0, deletes: { reference: 'Task/1', version: 1 } }],
      one,
    ],
  ])('finds %s', (_what, promise, deeds, items) => {
    expect(brokenBy(deeds, items)).toEqual([expect.stringContaining(promise)])
  })
})
