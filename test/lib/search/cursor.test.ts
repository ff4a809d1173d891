import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { instantOf } from '../../../lib/clock.ts'
import { createCursors } from '../../../lib/search/cursor.ts'

const HOUR = 3_600_000

const given = () => {
  let now = Date.parse('2026-11-25T12:00:00Z')
  const key = new Uint8Array(randomBytes(32))
  const clock = { now: () => instantOf(now) }
  const cursors = createCursors({ key: async () => key, clock })
  return { cursors, clock, pass: (milliseconds: number) => (now += milliseconds) }
}

const refusal = { status: 400, message: expect.stringContaining('Start the search again') }

describe('a cursor', () => {
  test('gives back what it was made of', async () => {
    const { cursors } = given()
    const cursor = await cursors.seal({ position: '2026#1', total: 7 }, 'Task?status=ready')
    expect(cursor).toMatch(/^[\w-]+$/)
    expect(await cursors.open(cursor, 'Task?status=ready')).toEqual({ position: '2026#1', total: 7 })
    const sorted = await cursors.seal({ place: { values: ['a', null, 3], id: 'x' } }, 'Task?')
    expect(await cursors.open(sorted, 'Task?')).toEqual({ place: { values: ['a', null, 3], id: 'x' } })
  })

  test('hides what it holds', async () => {
    const { cursors } = given()
    const cursor = await cursors.seal({ position: 'patient-4711' }, 'Task?')
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('4711')
  })

  test('is of no use for another search', async () => {
    const { cursors } = given()
    const cursor = await cursors.seal({ position: '1' }, 'Task?patient=1')
    await expect(cursors.open(cursor, 'Task?patient=2')).rejects.toMatchObject(refusal)
  })

  test('is of no use to another tenant', async () => {
    const cursor = await given().cursors.seal({ position: '1' }, 'Task?')
    await expect(given().cursors.open(cursor, 'Task?')).rejects.toMatchObject(refusal)
  })

  test('lives for 24 hours', async () => {
    const { cursors, pass } = given()
    const cursor = await cursors.seal({ position: '1' }, 'Task?')
    pass(24 * HOUR)
    expect(await cursors.open(cursor, 'Task?')).toEqual({ position: '1' })
    pass(1)
    await expect(cursors.open(cursor, 'Task?')).rejects.toMatchObject(refusal)
  })

  test('that was changed anywhere is refused', async () => {
    const { cursors } = given()
    const cursor = await cursors.seal({ position: '2026-11-25T12:00:00.000Z#1' }, 'Task?')
    await fc.assert(
      fc.asyncProperty(fc.nat(cursor.length - 1), fc.constantFrom(...'AZaz09-_'), async (at, character) => {
        fc.pre(cursor[at] !== character)
        const changed = cursor.slice(0, at) + character + cursor.slice(at + 1)
        await expect(cursors.open(changed, 'Task?')).rejects.toMatchObject(refusal)
      }),
    )
  })

  test.each(['', 'x', 'not a cursor at all, by any means', 'A'.repeat(60)])('%j is refused', async (cursor) => {
    await expect(given().cursors.open(cursor, 'Task?')).rejects.toMatchObject(refusal)
  })
})
