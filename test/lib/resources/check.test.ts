import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Resource } from '../../../lib/fhir.ts'
import { parseJson, stringifyJson } from '../../../lib/json.ts'
import { checkWith } from '../../../lib/resources/check.ts'
import { declarations } from '../../../lib/resources/index.ts'
import { example } from '../../fhir-profiles/examples.ts'
import { call, check, goal, plan, problemsAfter, remove, request, set } from './mutations.ts'

describe('decimals keep their precision', () => {
  test('however they are written', () => {
    const [low, high] = ['69.50', '72.50']
    for (const [bound, value] of [
      [low, '1.00'],
      [high, '1E3'],
      [low, '0.10'],
      [high, '12345678901234567890.5'],
      [low, '-0.0'],
    ] as const) {
      const written = stringifyJson(example(goal)).replace(bound, value)
      const resource = parseJson(written) as Resource
      expect(check(resource)).toEqual([])
      expect(stringifyJson(resource)).toBe(written)
      expect(written).toContain(value)
    }
  })

  test('but a whole number has no decimal places', () => {
    const written = stringifyJson(example(call)).replace('"repetitions":1', '"repetitions":1.0')
    expect(check(parseJson(written) as Resource)).toEqual([
      {
        code: 'value',
        expression: 'Task.restriction.repetitions',
        text: 'Task.restriction.repetitions is not a whole number above zero',
      },
    ])
  })
})

describe('problems', () => {
  test('are all told at once', () => {
    const wrong = [remove('intent'), set('status', 'bogus'), set('foo', 1), set('restriction.period.start', 'tomorrow')]
    expect(
      problemsAfter(call, ...wrong)
        .map(({ expression }) => expression)
        .sort(),
    ).toEqual(['Task.foo', 'Task.intent', 'Task.restriction.period.start', 'Task.status'])
  })

  test('are no more than a person would read', () => {
    const notes = Array.from({ length: 1000 }, () => ({ text: 5 }))
    expect(problemsAfter(call, set('note', notes))).toHaveLength(50)
  })

  test('do not repeat a member that is no name', () => {
    expect(problemsAfter(call, set('Jane Doe, born 1950', 1))).toEqual([
      { code: 'structure', expression: 'Task', text: 'Task has a member that is not an element' },
    ])
  })

  test('never hold what the resource holds', () => {
    const secret = 'QZX 7'
    const values = fc.constantFrom(secret, [secret], { text: secret }, { [secret]: 1 }, [[secret]], {
      reference: secret,
    })
    fc.assert(
      fc.property(fc.constantFrom(call, plan, goal, request), fc.nat(), values, (name, at, value) => {
        const members = Object.keys(example(name)).filter((member) => member !== 'resourceType')
        const found = problemsAfter(name, set(members[at % members.length]!, value))
        expect(JSON.stringify(found)).not.toContain(secret)
      }),
    )
  })

  test('a resource of another type is refused', () => {
    expect(checkWith('Task')({ resourceType: 'Goal' })).toEqual([
      { code: 'invalid', expression: 'Task.resourceType', text: 'resourceType must be Task' },
    ])
  })
})

test('no JSON whatever makes the check throw', async () => {
  const member = fc.constantFrom(
    'id',
    'meta',
    'status',
    'code',
    'subject',
    'period',
    'extension',
    'input',
    'text',
    'name',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...declarations.keys()),
      fc.dictionary(member, fc.jsonValue()),
      async (resourceType, members) => {
        expect(Array.isArray(await declarations.get(resourceType)!.check({ ...members, resourceType }))).toBe(true)
      },
    ),
  )
})
