import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Resource } from '../../../lib/fhir.ts'
import { scopeOf } from '../../../lib/pathways/conditions.ts'
import { matchEvidence } from '../../../lib/pathways/match-evidence.ts'
import type { Evidence } from '../../../lib/pathways/pathway.ts'
import type { Timing } from '../../../lib/pathways/schedule-steps.ts'
import { stepOf } from './steps.ts'

const TIME_ZONE = 'America/Chicago'
const timing: Timing = { window: { start: '2026-11-20T14:00:00-06:00', end: '2026-11-24T23:59:59-06:00' } }

const call = (id: string, sent: string, others: object = {}): Resource =>
  ({ resourceType: 'Communication', id, status: 'completed', sent, meta: { versionId: '3' }, ...others }) as Resource

const reached: Evidence = {
  type: 'Communication',
  expression: "%resource.status = 'completed'",
  date: '%resource.sent',
  count: 1,
  withinWindow: false,
  result: 'completed',
}
const attempts: Evidence = { ...reached, expression: "%resource.status = 'not-done'", count: 2, result: 'attempts-met' }

const proofOf = (evidence: readonly Evidence[], calls: readonly Resource[], when = timing) =>
  matchEvidence(stepOf('call', { evidence }), when, {
    scope: scopeOf({}),
    of: (type) => calls.filter(({ resourceType }) => resourceType === type),
    timeZone: TIME_ZONE,
  })
const found = (...parts: Parameters<typeof proofOf>) => proofOf(...parts)?.references

describe('a candidate', () => {
  test('proves a step by what it is, in which version, and when', () => {
    expect(proofOf([reached], [call('c', '2026-11-21T10:00:00-06:00')])).toEqual({
      result: 'completed',
      references: ['Communication/c'],
      versions: ['Communication/c/_history/3'],
      date: '2026-11-21T10:00:00-06:00',
    })
  })

  test.each([
    ['before the window', '2026-11-20T13:59:59-06:00', undefined],
    ['in its first second', '2026-11-20T14:00:00-06:00', ['Communication/c']],
    ['on its first day, without a time', '2026-11-20', ['Communication/c']],
    ['after it', '2026-12-24T10:00:00-06:00', ['Communication/c']],
    ['without a date', undefined, undefined],
    ['with less than a date', '2026-11', undefined],
  ])('%s', (_when, sent, expected) => {
    expect(found([reached], [call('c', sent as string)])).toEqual(expected)
  })

  test.each([
    ['in the last second', '2026-11-24T23:59:59-06:00', true],
    ['on the last day, without a time', '2026-11-24', true],
    ['a second later', '2026-11-25T00:00:00-06:00', false],
  ])('where it has to be within the window, %s', (_when, sent, counts) => {
    expect(found([{ ...reached, withinWindow: true }], [call('c', sent)]) !== undefined).toBe(counts)
  })

  test('has to be within the compliance window, where that is another', () => {
    const when = { ...timing, complianceEnd: '2026-11-22T23:59:59-06:00' }
    expect(found([{ ...reached, withinWindow: true }], [call('c', '2026-11-23')], when)).toBeUndefined()
  })

  test('that cannot be understood proves nothing, and does not stand in the way of another', () => {
    const broken = { ...reached, expression: "%resource.status = 'completed' and (1 | 2).single() = 1" }
    expect(found([broken, { ...reached, result: 'to-review' }], [call('c', '2026-11-21')])).toEqual(['Communication/c'])
  })

  test('is of the type that is asked for', () => {
    expect(found([{ ...reached, type: 'Encounter' }], [call('c', '2026-11-21')])).toBeUndefined()
  })
})

describe('of several', () => {
  test('the earliest counts, whatever order they come in', () => {
    const calls = ['2026-11-23', '2026-11-21T10:00:00-06:00', '2026-11-22'].map((sent, n) => call(`c${n}`, sent))
    fc.assert(
      fc.property(fc.shuffledSubarray(calls, { minLength: 3 }), (shuffled) => {
        expect(found([reached], shuffled)).toEqual(['Communication/c1'])
      }),
    )
  })

  test('as many as it takes, and the last of them says when', () => {
    const tries = ['2026-11-21', '2026-11-23', '2026-11-22'].map((sent, n) =>
      call(`c${n}`, sent, { status: 'not-done' }),
    )
    expect(proofOf([attempts], tries)).toMatchObject({
      result: 'attempts-met',
      references: ['Communication/c0', 'Communication/c2'],
      date: '2026-11-22',
    })
    expect(proofOf([attempts], tries.slice(0, 1))).toBeUndefined()
  })

  test('that it is done comes before how far it has come', () => {
    const calls = [
      call('a', '2026-11-21', { status: 'not-done' }),
      call('b', '2026-11-21', { status: 'not-done' }),
      call('c', '2026-11-22'),
    ]
    expect(proofOf([attempts, reached], calls)?.result).toBe('completed')
  })
})
