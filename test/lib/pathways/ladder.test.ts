import { describe, expect, test } from '@jest/globals'
import type { Duration, Extension } from 'fhir/r4'
import { defaultLadder, plainLadder, readLadder, unattendedLadder } from '../../../lib/pathways/ladder.ts'

const BASE = 'https://careloop.dev/fhir/StructureDefinition'

const escalation = (step: string, ...timing: Extension[]): Extension => ({
  url: `${BASE}/escalation`,
  extension: [{ url: 'step', valueCode: step }, ...timing],
})
const part = (valueDecimal: number): Extension => ({ url: 'part', valueDecimal })
const priorTo = (valueDuration: Duration): Extension => ({ url: 'before', valueDuration })
const following = (valueDuration: Duration): Extension => ({ url: 'after', valueDuration })
const ucum = (value: number, code: string): Duration => ({ value, system: 'http://unitsofmeasure.org', code })
const business = (unit: 'hours' | 'days', valuePositiveInt: number): Duration => ({
  extension: [{ url: `${BASE}/business-${unit}`, valuePositiveInt }],
})

test('the default ladder has every step, that of a Task without a pathway the two that nobody can go without', () => {
  const stepsOf = ({ rungs }: typeof plainLadder) => rungs.map(({ step }) => step)
  expect(stepsOf(defaultLadder)).toEqual(['reminder', 'due-soon', 'overdue', 'escalation-2', 'window-missed'])
  expect(stepsOf(plainLadder)).toEqual(['overdue', 'escalation-2'])
  expect(stepsOf(unattendedLadder)).toEqual(['window-missed'])
})

test('an action without a ladder of its own has none', () => {
  expect(readLadder(undefined)).toBeUndefined()
  expect(readLadder([{ url: `${BASE}/pausable`, valueBoolean: true }])).toBeUndefined()
})

test('a ladder of its own is the whole ladder, and remembers what it was read from', () => {
  const extensions = [
    escalation('reminder', part(0.25)),
    escalation('due-soon', priorTo(business('hours', 2))),
    escalation('overdue'),
    escalation('escalation-2', following(ucum(15, 'min'))),
    escalation('window-missed'),
  ]
  expect(readLadder([{ url: `${BASE}/pausable`, valueBoolean: true }, ...extensions])).toEqual({
    rungs: [
      { step: 'reminder', moment: { kind: 'part', part: 0.25 } },
      { step: 'due-soon', moment: { kind: 'before', span: { unit: 'business-hour', count: 2 } } },
      { step: 'overdue', moment: { kind: 'due' } },
      { step: 'escalation-2', moment: { kind: 'after', span: { unit: 'min', count: 15 } } },
      { step: 'window-missed', moment: { kind: 'compliance-end' } },
    ],
    source: extensions,
  })
})

test('a decimal that was stored as it was written is read too', () => {
  const raw = JSON.rawJSON('0.50') as unknown as number
  expect(readLadder([escalation('reminder', part(raw))])!.rungs[0]!.moment).toEqual({ kind: 'part', part: 0.5 })
})

describe('what is refused, naming the step', () => {
  test.each<[string, Extension[], RegExp]>([
    ['a step nobody knows', [escalation('panic')], /escalation panic: step must be one of reminder, due-soon/],
    ['a step without a moment', [escalation('reminder')], /escalation reminder: needs part or before/],
    [
      'a step with two moments',
      [escalation('reminder', part(0.5), priorTo(ucum(1, 'h')))],
      /escalation reminder: needs part or before/,
    ],
    [
      'a second escalation before the Task is due',
      [escalation('escalation-2', priorTo(ucum(1, 'h')))],
      /escalation-2: needs after/,
    ],
    [
      'a due date at another time',
      [escalation('overdue', following(ucum(1, 'h')))],
      /overdue: has a moment of its own/,
    ],
    ['a part beyond the window', [escalation('reminder', part(1))], /reminder: part must be between 0 and 1/],
    ['a unit that is not counted', [escalation('reminder', priorTo(ucum(1, 'wk')))], /reminder: a Duration must be/],
    ['part of a day', [escalation('reminder', priorTo(ucum(1.5, 'd')))], /reminder: a Duration must be/],
    ['time that runs backwards', [escalation('escalation-2', following(ucum(-1, 'h')))], /escalation-2: a Duration/],
    ['no time at all', [escalation('escalation-2', { url: 'after' })], /escalation-2: a Duration must be/],
    ['a step that is there twice', [escalation('overdue'), escalation('overdue')], /overdue: is there twice/],
  ])('%s', (_what, extensions, message) => {
    expect(() => readLadder(extensions)).toThrow(message)
  })
})
