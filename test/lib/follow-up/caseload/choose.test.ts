import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Candidate, choose, type Wanted } from '../../../../lib/follow-up/caseload/choose.ts'

const ANY: Wanted = { languages: [], interpreter: false, roles: [] }
const candidate = (worker: string, others: Partial<Candidate> = {}): Candidate => ({
  worker,
  load: 10,
  capacity: 40,
  languages: ['en'],
  roles: [],
  ...others,
})
const reasonsOf = (candidates: Candidate[], wanted: Partial<Wanted> = {}) => {
  const { chosen, verdicts } = choose(candidates, { ...ANY, ...wanted })
  return { chosen, reasons: Object.fromEntries(verdicts.map(({ worker, reasons }) => [worker, reasons.join()])) }
}

describe('the choice', () => {
  test.each<[string, Candidate[], Partial<Wanted>, { chosen: string | undefined; reasons: Record<string, string> }]>([
    ['nobody is there', [], {}, { chosen: undefined, reasons: {} }],
    [
      'the lowest load by capacity, not the lowest load',
      [candidate('a', { load: 10, capacity: 20 }), candidate('b', { load: 12, capacity: 40 })],
      {},
      { chosen: 'b', reasons: { b: 'lowest-load', a: 'higher-load' } },
    ],
    [
      'of two alike whoever has gone longest without',
      [
        candidate('a', { lastAssigned: '2026-11-02T00:00:00.000Z' }),
        candidate('b', { lastAssigned: '2026-11-01T00:00:00.000Z' }),
      ],
      {},
      { chosen: 'b', reasons: { b: 'longest-without', a: 'assigned-later' } },
    ],
    [
      'of two alike whoever was never given anything',
      [candidate('a', { lastAssigned: '2026-11-02T00:00:00.000Z' }), candidate('b')],
      {},
      { chosen: 'b', reasons: { b: 'longest-without', a: 'assigned-later' } },
    ],
    [
      'who had it keeps it below 110 %',
      [candidate('a', { load: 43.9 }), candidate('b', { load: 1 })],
      { prior: 'a' },
      { chosen: 'a', reasons: { a: 'kept', b: 'not-prior' } },
    ],
    [
      'who had it loses it at 110 %',
      [candidate('a', { load: 44 }), candidate('b', { load: 1 })],
      { prior: 'a' },
      { chosen: 'b', reasons: { b: 'lowest-load', a: 'higher-load' } },
    ],
    [
      'who had it and is away loses it',
      [candidate('a', { unavailable: 'absent' }), candidate('b', { load: 39 })],
      { prior: 'a' },
      { chosen: 'b', reasons: { b: 'lowest-load', a: 'absent' } },
    ],
    [
      'a language, whatever the region',
      [candidate('a'), candidate('b', { load: 39, languages: ['es'] })],
      { languages: ['es-MX'] },
      { chosen: 'b', reasons: { b: 'lowest-load', a: 'language' } },
    ],
    [
      'an interpreter makes up for the language',
      [candidate('a'), candidate('b', { load: 39, languages: ['es'] })],
      { languages: ['es'], interpreter: true },
      { chosen: 'a', reasons: { a: 'lowest-load', b: 'higher-load' } },
    ],
    [
      'a licence',
      [candidate('a'), candidate('b', { load: 39, roles: ['urn:x|rn'] })],
      { roles: ['urn:x|rn'] },
      { chosen: 'b', reasons: { b: 'lowest-load', a: 'role' } },
    ],
    [
      'no capacity',
      [candidate('a', { capacity: 0, load: 0 })],
      {},
      { chosen: undefined, reasons: { a: 'no-capacity' } },
    ],
    [
      'all that stands against somebody',
      [candidate('a', { capacity: 0, unavailable: 'absent-when-due' })],
      { languages: ['fr'], roles: ['urn:x|rn'] },
      { chosen: undefined, reasons: { a: 'absent-when-due,role,language,no-capacity' } },
    ],
  ])('%s', (_name, candidates, wanted, expected) => {
    expect(reasonsOf(candidates, wanted)).toEqual(expected)
    expect(reasonsOf([...candidates].reverse(), wanted)).toEqual(expected)
  })

  test('is never somebody who is away, cannot do it or takes nothing, and says why of everybody', () => {
    const languages = fc.subarray(['en', 'es-MX', 'fr'])
    const roles = fc.subarray(['urn:x|rn', 'urn:x|sw'])
    const candidates = fc.uniqueArray(
      fc.record(
        {
          worker: fc.stringMatching(/^[a-e]$/),
          load: fc.integer({ min: 0, max: 600 }).map((tenths) => tenths / 10),
          capacity: fc.integer({ min: 0, max: 50 }),
          languages,
          roles,
          unavailable: fc.constantFrom('inactive', 'absent', 'absent-when-due', 'no-working-hours'),
          lastAssigned: fc.constantFrom('2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'),
        },
        { requiredKeys: ['worker', 'load', 'capacity', 'languages', 'roles'] },
      ),
      { selector: ({ worker }) => worker },
    )
    const wanted = fc.record(
      { languages, interpreter: fc.boolean(), roles, prior: fc.stringMatching(/^[a-e]$/) },
      { requiredKeys: ['languages', 'interpreter', 'roles'] },
    )
    fc.assert(
      fc.property(candidates, wanted, (all, asked) => {
        const { chosen, verdicts } = choose(all as Candidate[], asked as Wanted)
        const may = (one: (typeof all)[number]) =>
          one.unavailable === undefined &&
          one.capacity > 0 &&
          (!asked.roles.length || asked.roles.some((role) => one.roles.includes(role))) &&
          (asked.interpreter ||
            !asked.languages.length ||
            !one.languages.length ||
            asked.languages.some((language) => one.languages.includes(language)))
        const eligible = all.filter(may)
        expect(chosen === undefined).toBe(eligible.length === 0)
        const one = eligible.find(({ worker }) => worker === chosen)
        if (chosen !== undefined) expect(one).toBeDefined()
        if (one && chosen !== asked.prior)
          for (const other of eligible) expect(one.load / one.capacity).toBeLessThanOrEqual(other.load / other.capacity)
        expect(verdicts.map(({ worker }) => worker).sort()).toEqual(all.map(({ worker }) => worker).sort())
        for (const { reasons } of verdicts) expect(reasons.length).toBeGreaterThan(0)
      }),
    )
  })
})
