import { describe, expect, test } from '@jest/globals'
import { byService, linesOf, plus, readPrices, times, totalOf } from '../../../infra/cost/usage.ts'

const prices = readPrices()

describe('a usage', () => {
  test('is added up by what is used', () => {
    const sum = plus({ 'kms-key': 1, dashboard: 2 }, { dashboard: 3 }, {})
    expect(sum).toEqual({ 'kms-key': 1, dashboard: 5 })
  })

  test('is taken so many times', () => {
    expect(times({ 'kms-request': 2, 'web-acl': 0.5 }, 4)).toEqual({ 'kms-request': 8, 'web-acl': 2 })
  })

  test('costs what the list says for so many units', () => {
    const list = {
      ...prices,
      prices: {
        ...prices.prices,
        'kms-request': { ...prices.prices['kms-request'], usd: 3, per: 100 },
        'kms-key': { ...prices.prices['kms-key'], usd: 2, per: 1 },
        'waf-request': { ...prices.prices['waf-request'], usd: 6, per: 10, confirmed: false },
      },
    }
    const lines = linesOf({ 'kms-request': 50, 'kms-key': 2, 'waf-request': 5 }, list)
    expect(lines.map(({ usd }) => usd)).toEqual([1.5, 4, 3])
    expect(totalOf(lines)).toBe(8.5)
    expect(byService(lines)).toEqual(
      new Map([
        ['KMS', 5.5],
        ['WAF', 3],
      ]),
    )
    expect(lines.map(({ confirmed }) => confirmed)).toEqual([true, true, false])
  })
})

test('each price has a source, a unit and an amount above nothing', () => {
  for (const price of Object.values(prices.prices)) {
    expect(price).toMatchObject({ source: expect.stringMatching(/^https:/), unit: expect.stringMatching(/\w/) })
    expect(price.usd / price.per).toBeGreaterThan(0)
  }
  expect(prices.asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
})
