import { beforeAll, describe, expect, test } from '@jest/globals'
import type { JSONWebKeySet } from 'jose'
import { instantOf } from '../../../../lib/clock.ts'
import { createKeySet } from '../../../../lib/security/token/key-set.ts'
import { KeysUnavailable } from '../../../../lib/security/token/token-refused.ts'
import { type KeyPair, keyPair, published } from './tokens.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let one: KeyPair
let two: KeyPair
beforeAll(async () => {
  one = await keyPair('one')
  two = await keyPair('two')
})

/** An issuer whose keys change and that may be away, and a clock that stands still until it is moved. */
const world = (first: JSONWebKeySet) => {
  let time = Date.parse('2026-11-23T12:00:00Z')
  const issuer = { keys: first, away: false, asked: 0 }
  const failures: unknown[] = []
  const keyOf = createKeySet({
    fetchKeys: async () => {
      issuer.asked += 1
      if (issuer.away) throw new Error('away')
      return issuer.keys
    },
    clock: { now: () => instantOf(time) },
    onFailure: (error) => failures.push(error),
  })
  const find = async (kid: string) => keyOf({ alg: 'ES384', kid }, { payload: '', signature: '' })
  return {
    issuer,
    failures,
    find,
    findOrNot: (kid: string) =>
      find(kid).then(
        () => true,
        () => false,
      ),
    pass: (milliseconds: number) => {
      time += milliseconds
    },
  }
}

describe('the keys of an issuer', () => {
  test('are fetched once for many tokens, also when they come together', async () => {
    const { issuer, find, pass } = world(published(one))
    await Promise.all([find('one'), find('one'), find('one')])
    pass(9 * MINUTE)
    await find('one')
    expect(issuer.asked).toBe(1)
  })

  test('are looked at again after ten minutes: one that was taken back is no longer good', async () => {
    const { issuer, find, findOrNot, pass } = world(published(one, two))
    await find('one')
    issuer.keys = published(two)
    pass(11 * MINUTE)
    expect(await findOrNot('one')).toBe(false)
    expect(await findOrNot('two')).toBe(true)
  })

  test('are looked at at once when a token names a new one', async () => {
    const { issuer, find } = world(published(one))
    await find('one')
    issuer.keys = published(two, one)
    await find('two')
    await find('one')
    expect(issuer.asked).toBe(2)
  })

  test('are not asked for more than five times a minute, whatever tokens name', async () => {
    const { issuer, findOrNot, pass } = world(published(one))
    for (let n = 0; n < 50; n += 1) expect(await findOrNot(`unknown-${n}`)).toBe(false)
    expect(issuer.asked).toBe(5)
    expect(await findOrNot('one')).toBe(true)
    pass(MINUTE + 1)
    issuer.keys = published(two)
    expect(await findOrNot('two')).toBe(true)
    expect(issuer.asked).toBe(6)
  })

  test('are believed for a day while the issuer is away, and not longer', async () => {
    const { issuer, failures, find, findOrNot, pass } = world(published(one))
    await find('one')
    issuer.away = true
    pass(23 * HOUR)
    await find('one')
    expect(failures).toHaveLength(1)
    expect(await findOrNot('two')).toBe(false)
    pass(HOUR + 1)
    await expect(find('one')).rejects.toThrow(KeysUnavailable)
    issuer.away = false
    await find('one')
  })

  test('that were never had are unavailable, and asked for no more often', async () => {
    const { issuer, find, pass } = world(published(one))
    issuer.away = true
    for (let n = 0; n < 10; n += 1) await expect(find('one')).rejects.toThrow(KeysUnavailable)
    expect(issuer.asked).toBe(5)
    issuer.away = false
    pass(MINUTE + 1)
    await find('one')
  })

  test('that are no keys do not replace those that are', async () => {
    const { issuer, find, pass } = world(published(one))
    await find('one')
    issuer.keys = { keys: ['x'] } as unknown as JSONWebKeySet
    pass(11 * MINUTE)
    await find('one')
  })
})
