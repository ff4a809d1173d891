import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { createLinkTokens } from '../../lib/follow-up/referrals/link/link-token.ts'
import { createCursorKey } from '../../lib/search/cursor-key.ts'
import { MemoryTable } from '../../lib/store/memory-table.ts'
import { steppingClock } from '../support/api.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/operations/keys.md'), 'utf8')

/** Where docs/operations/keys.md says that a key is kept. */
const placeOf = (name: string) => {
  expect(page).toContain(`\`${name}\``)
  return { pk: '!settings', sk: name }
}

describe('a key kept in the table is rotated by taking it away', () => {
  test('of page links', async () => {
    const table = new MemoryTable()
    const place = placeOf('cursor-key')
    const running = createCursorKey(table)
    const before = await running()
    expect(await table.get(place)).toMatchObject({ key: before })

    await table.writeMany([], [place])
    const after = await createCursorKey(table)()
    expect(after).not.toEqual(before)
    // Why the functions have to be started anew.
    expect(await running()).toEqual(before)
  })

  test('of links to referrals: those given out before open nothing', async () => {
    const table = new MemoryTable()
    const parts = { table, clock: steppingClock() }
    const place = placeOf('referral-link-key')
    const grant = { task: 'ask', owner: 'Organization/pantry' }
    const link = await createLinkTokens(parts).seal(grant, '2026-02-01T00:00:00.000Z')
    expect(await createLinkTokens(parts).open(link)).toEqual(grant)

    expect(await table.get(place)).toBeDefined()
    await table.writeMany([], [place])
    expect(await createLinkTokens(parts).open(link)).toBe('unknown')
  })
})
