import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ACUITIES } from '../../../../lib/follow-up/caseload/acuity.ts'
import { type Case, loadOf, type OpenWork } from '../../../../lib/follow-up/caseload/load.ts'

const NOW = '2026-11-23T15:00:00.000Z'
const one = (acuity: Case['acuity'], since?: string): Case => ({
  patient: 'Patient/p',
  acuity,
  ...(since && { since }),
})
const work = (due?: string): OpenWork => ({ reference: 'Task/t', ...(due && { due }) })

describe('the load', () => {
  test.each([
    ['nobody', [], [], 0],
    ['low 1', [one('low')], [], 1],
    ['moderate 2', [one('moderate')], [], 2],
    ['high 3', [one('high')], [], 3],
    ['crisis 5', [one('crisis')], [], 5],
    ['all four', [one('low'), one('moderate'), one('high'), one('crisis')], [], 11],
    ['a case of today takes one more', [one('low', '2026-11-23T14:00:00.000Z')], [], 2],
    ['a case of 30 days less a second', [one('low', '2026-10-24T15:00:01.000Z')], [], 2],
    ['a case of 30 days', [one('low', '2026-10-24T15:00:00.000Z')], [], 1],
    ['a task due in 7 days', [], [work('2026-11-30T15:00:00.000Z')], 0.1],
    ['a task due a millisecond later', [], [work('2026-11-30T15:00:00.001Z')], 0],
    ['a task overdue', [], [work('2026-11-01T00:00:00.000Z')], 0.1],
    ['a task without a due date', [], [work()], 0],
    ['three tenths are 0.3', [], [work(NOW), work(NOW), work(NOW)], 0.3],
    ['the sum', [one('high', NOW), one('moderate')], [work(NOW)], 6.1],
  ] as const)('%s', (_name, cases, tasks, total) => {
    expect(loadOf([...cases], [...tasks], NOW).total).toBe(total)
  })

  test('is the sum of its parts, and counts what it is made of', () => {
    const load = loadOf([one('high', NOW), one('low')], [work(NOW), work('2026-11-24T00:00:00.000Z'), work()], NOW)
    expect(load).toEqual({
      total: 5.2,
      acuity: 4,
      newCases: 1,
      tasks: 0.2,
      counts: { low: 1, moderate: 0, high: 1, crisis: 0, new: 1, open: 3, dueSoon: 2, overdue: 1 },
    })
  })

  test('never gets less by one more case or Task, in whatever order', () => {
    const instants = fc
      .date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString())
    const cases = fc.record(
      { patient: fc.constant('Patient/p'), acuity: fc.constantFrom(...ACUITIES), since: instants },
      { requiredKeys: ['patient', 'acuity'] },
    )
    const tasks = fc.record({ reference: fc.constant('Task/t'), due: instants }, { requiredKeys: ['reference'] })
    fc.assert(
      fc.property(fc.array(cases), fc.array(tasks), cases, tasks, (held, open, another, more) => {
        const before = loadOf(held, open, NOW).total
        expect(loadOf([another, ...held], open, NOW).total).toBeGreaterThan(before)
        expect(loadOf(held, [more, ...open], NOW).total).toBeGreaterThanOrEqual(before)
        expect(loadOf([...held].reverse(), [...open].reverse(), NOW).total).toBe(before)
      }),
    )
  })
})
