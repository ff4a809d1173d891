import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createPatch } from 'rfc6902'
import type { Resource } from '../../../lib/fhir.ts'
import { jsonPatch } from '../../../lib/interactions/json-patch.ts'
import { parseJson, stringifyJson } from '../../../lib/json.ts'

const name = fc.constantFrom('a', 'b', 'c/d', 'e~f', 'note')
const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean())
const content = fc.dictionary(
  name,
  fc.oneof(leaf, fc.array(leaf, { maxLength: 4 }), fc.dictionary(name, leaf, { noNullPrototype: true })),
  { noNullPrototype: true },
)

test('a patch made of the difference of two resources turns the one into the other', async () => {
  await fc.assert(
    fc.asyncProperty(content, content, async (from, to) => {
      const before = { resourceType: 'Task', ...from } as Resource
      const after = { resourceType: 'Task', ...to }
      const untouched = stringifyJson(before)
      expect(await jsonPatch(createPatch(before, after))(before)).toEqual(after)
      expect(stringifyJson(before)).toBe(untouched)
    }),
  )
})

test('every decimal is written as it was, wherever it is moved', async () => {
  const before = parseJson('{"resourceType":"Task","x":[{"value":1.00},{"value":2.50}]}') as Resource
  const after = await jsonPatch([{ op: 'move', from: '/x/0', path: '/x/1' }])(before)
  expect(stringifyJson(after)).toBe('{"resourceType":"Task","x":[{"value":2.50},{"value":1.00}]}')
})

test('nothing of a resource is told when a test fails', async () => {
  const change = jsonPatch([{ op: 'test', path: '/description', value: 'Joe' }])
  const outcome = change({ resourceType: 'Task', description: 'Jane' })
  await expect(outcome).rejects.toMatchObject({ status: 422, message: expect.not.stringMatching(/Jane|Joe/) })
})
