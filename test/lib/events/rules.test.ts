import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { rules } from '../../../lib/events/rules.ts'
import { eventMatcher } from '../../../local/event-pattern.ts'

test.each(rules.map((rule) => [rule.name, rule] as const))(
  '%s has its function, and gets its own events only',
  (name, rule) => {
    expect(existsSync(join(import.meta.dirname, '../../../functions', `${rule.target}.ts`))).toBe(true)
    expect(eventMatcher(rule.pattern)({ source: 'careloop', 'detail-type': name })).toBe(true)
    expect(eventMatcher(rule.pattern)({ source: 'careloop', 'detail-type': 'observation-recorded' })).toBe(false)
    expect(eventMatcher(rule.pattern)({ source: 'other', 'detail-type': name })).toBe(false)
  },
)

test('names are unique', () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
})
