import { describe, expect, test } from '@jest/globals'
import { CannotLoad } from '../../../local/load/cannot-load.ts'
import { readOptions } from '../../../local/load/options.ts'

describe('readOptions', () => {
  test('has defaults for everything but the paths', () => {
    expect(readOptions(['data'])).toEqual({
      paths: ['data'],
      server: 'http://localhost:3000/fhir',
      concurrency: 4,
      transactionSize: 5_000,
      restart: false,
      acceptMissing: false,
    })
  })

  test('takes every option', () => {
    const args = [
      'a',
      '--server',
      'https://x.example/fhir/',
      '--concurrency',
      '2',
      '--transaction-size=500',
      '--report',
      'r.json',
    ]
    expect(readOptions([...args, '--restart', '--accept-missing', 'b'])).toEqual({
      paths: ['a', 'b'],
      server: 'https://x.example/fhir',
      concurrency: 2,
      transactionSize: 500,
      report: 'r.json',
      restart: true,
      acceptMissing: true,
    })
  })

  test.each([
    [[], 'at least one file'],
    [['a', '--fast'], "'--fast'"],
    [['a', '--concurrency', '0'], '--concurrency'],
    [['a', '--concurrency', 'many'], '"many"'],
    [['a', '--server', 'localhost:3000'], '--server'],
  ])('says what is wrong with %j', (args, text) => {
    expect(() => readOptions(args)).toThrow(CannotLoad)
    expect(() => readOptions(args)).toThrow(text)
  })

  test('help comes before any complaint', () => {
    expect(readOptions(['--help'])).toBe('help')
  })
})
