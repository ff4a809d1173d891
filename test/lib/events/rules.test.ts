import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { rules } from '../../../lib/events/rules.ts'
import { eventMatcher } from '../../../local/event-pattern.ts'

const functions = join(import.meta.dirname, '../../../functions')

test.each(rules.map((rule) => [rule.name, rule] as const))(
  '%s has its function, and gets its own events only',
  (_name, { pattern, target }) => {
    expect(existsSync(join(functions, `${target}.ts`))).toBe(true)
    const matches = eventMatcher(pattern)
    for (const event of pattern['detail-type']) expect(matches({ source: 'careloop', 'detail-type': event })).toBe(true)
    expect(matches({ source: 'careloop', 'detail-type': 'unheard-of' })).toBe(false)
    expect(matches({ source: 'other', 'detail-type': pattern['detail-type'][0] })).toBe(false)
  },
)

test('every function has its rule', () => {
  const files = readdirSync(join(functions, 'events')).map((file) => `events/${file.replace(/\.ts$/, '')}`)
  expect(rules.map(({ target }) => target).sort()).toEqual(files.sort())
})

test('names are unique, and no event goes to two functions', () => {
  const events = rules.flatMap(({ pattern }) => pattern['detail-type'])
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
  expect(new Set(events).size).toBe(events.length)
})
