import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { eventMatcher } from '../../local/event-pattern.ts'

const event = {
  source: 'careloop',
  'detail-type': 'task-overdue',
  detail: {
    status: 'requested',
    version: 3,
    tags: ['a', 'b'],
    focus: null,
    owner: { type: 'CareTeam' },
    parts: [
      { n: 1, m: 'x' },
      { n: 2, m: 'y' },
    ],
  },
}

describe('eventMatcher', () => {
  test.each<[string, object, boolean]>([
    ['an exact value', { source: ['careloop'] }, true],
    ['another value', { source: ['aws.events'] }, false],
    ['one of several values', { source: ['aws.events', 'careloop'] }, true],
    ['all fields together', { source: ['careloop'], 'detail-type': ['task-due'] }, false],
    ['a nested field', { detail: { owner: { type: ['CareTeam'] } } }, true],
    ['a field that is absent', { detail: { priority: ['stat'] } }, false],
    ['a member of a list', { detail: { tags: ['b'] } }, true],
    ['null', { detail: { focus: [null] } }, true],
    ['a number by value', { detail: { version: [3.0] } }, true],
    ['a number, not its text', { detail: { version: ['3'] } }, false],
    ['fields of one object of a list', { detail: { parts: { n: [1], m: ['x'] } } }, true],
    ['fields of two objects of a list', { detail: { parts: { n: [1], m: ['y'] } } }, false],
    ['a prefix', { 'detail-type': [{ prefix: 'task-' }] }, true],
    ['another prefix', { 'detail-type': [{ prefix: 'encounter-' }] }, false],
    ['exists', { detail: { status: [{ exists: true }] } }, true],
    ['exists, of an object', { detail: { owner: [{ exists: true }] } }, false],
    ['absence', { detail: { priority: [{ exists: false }] } }, true],
    ['absence below what is absent', { detail: { period: { start: [{ exists: false }] } } }, true],
    ['anything but', { detail: { status: [{ 'anything-but': ['completed', 'cancelled'] }] } }, true],
    ['anything but this', { detail: { status: [{ 'anything-but': 'requested' }] } }, false],
    ['anything but, of an absent field', { detail: { priority: [{ 'anything-but': 'stat' }] } }, false],
    ['anything but a prefix', { detail: { status: [{ 'anything-but': { prefix: 're' } }] } }, false],
    ['a range', { detail: { version: [{ numeric: ['>', 2, '<=', 3] }] } }, true],
    ['outside of a range', { detail: { version: [{ numeric: ['<', 3] }] } }, false],
  ])('%s', (_what, pattern, matches) => {
    expect(eventMatcher(pattern)(event)).toBe(matches)
  })

  test.each([
    [{ source: [{ suffix: 'loop' }] }],
    [{ source: [{ wildcard: 'care*' }] }],
    [{ $or: [{ source: ['careloop'] }] }],
    [{ source: [{ prefix: 'a', exists: true }] }],
    [{ source: [{ prefix: { 'equals-ignore-case': 'a' } }] }],
    [{ detail: { version: [{ numeric: ['~', 1] }] } }],
    [{ detail: { version: [{ numeric: [] }] } }],
    [{ detail: { status: [{ 'anything-but': { suffix: 'ed' } }] } }],
    [{ source: 'careloop' }],
    [{ source: [['careloop']] }],
  ])('refuses what it would match wrongly: %j', (pattern) => {
    expect(() => eventMatcher(pattern)).toThrow(/teach it in local\/event-pattern\.ts/)
  })

  test('a value matches itself, and "anything but" is its opposite', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean())
    fc.assert(
      fc.property(leaf, leaf, (value, other) => {
        expect(eventMatcher({ a: [value] })({ a: value })).toBe(true)
        expect(eventMatcher({ a: [{ 'anything-but': [other] }] })({ a: value })).toBe(
          !eventMatcher({ a: [other] })({ a: value }),
        )
      }),
    )
  })
})
