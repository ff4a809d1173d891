import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CodeSystem, ValueSet, ValueSetComposeInclude } from 'fhir/r4'
import { expand, type TerminologySources } from '../../../lib/terminology/expand.ts'

const HERE = 'urn:here'
const ELSEWHERE = 'urn:elsewhere'

const here: CodeSystem = {
  resourceType: 'CodeSystem',
  url: HERE,
  status: 'active',
  content: 'complete',
  concept: [
    { code: 'a', display: 'A', concept: [{ code: 'b', display: 'B', property: [{ code: 'kind', valueCode: 'x' }] }] },
    { code: 'c', display: 'C', property: [{ code: 'kind', valueString: 'y' }] },
  ],
}

const sourcesWith = (codeSystem: CodeSystem, valueSets: readonly ValueSet[] = []): TerminologySources => ({
  codeSystem: async (url) => (url === codeSystem.url ? codeSystem : undefined),
  valueSet: async (url) => valueSets.find((one) => one.url === url),
})

const valueSetOf = (include: ValueSetComposeInclude[], exclude?: ValueSetComposeInclude[]): ValueSet => ({
  resourceType: 'ValueSet',
  status: 'active',
  compose: { include, ...(exclude && { exclude }) },
})

const codes = async (valueSet: ValueSet, sources = sourcesWith(here)) =>
  (await expand(valueSet, sources))?.concepts.map(({ code }) => code)

const filter = (property: string, op: string, value: string) =>
  valueSetOf([{ system: HERE, filter: [{ property, op: op as 'is-a', value }] }])

describe('filters of a code system that is here', () => {
  test.each([
    [filter('concept', 'is-a', 'a'), ['a', 'b']],
    [filter('concept', 'descendent-of', 'a'), ['b']],
    [filter('concept', 'is-not-a', 'a'), ['c']],
    [filter('kind', '=', 'x'), ['b']],
    [filter('kind', 'in', 'x, y'), ['b', 'c']],
    [filter('kind', 'not-in', 'x'), ['a', 'c']],
    [filter('kind', 'exists', 'false'), ['a']],
    [filter('code', 'in', 'c,a'), ['a', 'c']],
    [filter('display', '=', 'C'), ['c']],
    [filter('code', 'regex', '.*'), undefined],
  ])('%#', async (valueSet, expected) => {
    expect(await codes(valueSet)).toEqual(expected)
  })

  test('hierarchies that are told by properties are not guessed at', async () => {
    const concept = [{ code: 'a' }, { code: 'b', property: [{ code: 'parent', valueCode: 'a' }] }]
    expect(await codes(filter('concept', 'is-a', 'a'), sourcesWith({ ...here, concept }))).toBeUndefined()
  })

  test('a code system that is here in part cannot be filtered, nor listed', async () => {
    const part = sourcesWith({ ...here, content: 'fragment' })
    expect(await codes(filter('concept', 'is-a', 'a'), part)).toBeUndefined()
    expect(await expand(valueSetOf([{ system: HERE }]), part)).toEqual({ concepts: [], wholeSystems: [HERE] })
  })
})

describe('displays', () => {
  test('are those of the value set, then those of the code system', async () => {
    const concept = [{ code: 'a', display: 'Our A' }, { code: 'c' }]
    const listed = await expand(valueSetOf([{ system: HERE, concept }]), sourcesWith(here))
    expect(listed!.concepts.map(({ display }) => display)).toEqual(['Our A', 'C'])
  })

  test('of an expansion that is kept are given', async () => {
    const contains = [{ system: ELSEWHERE, code: '1', display: 'One', contains: [{ system: ELSEWHERE, code: '2' }] }]
    const kept: ValueSet = { resourceType: 'ValueSet', status: 'active', expansion: { timestamp: '2026', contains } }
    expect((await expand(kept, sourcesWith(here)))!.concepts).toEqual([
      { system: ELSEWHERE, code: '1', display: 'One' },
      { system: ELSEWHERE, code: '2' },
    ])
  })
})

test('a code comes once, however often it is included', async () => {
  expect(await codes(valueSetOf([{ system: HERE }, { system: HERE, concept: [{ code: 'b' }] }]))).toEqual([
    'a',
    'b',
    'c',
  ])
})

test('value sets that include each other come to an end', async () => {
  const loop: ValueSet = { ...valueSetOf([{ valueSet: ['urn:loop'] }]), url: 'urn:loop' }
  expect(await codes(loop, sourcesWith(here, [loop]))).toBeUndefined()
})

test('more concepts than can be compared are refused', async () => {
  const concept = Array.from({ length: 10_001 }, (_, index) => ({ code: `c${index}` }))
  const valueSet = valueSetOf([{ system: HERE, concept }])
  await expect(expand(valueSet, sourcesWith(here))).rejects.toMatchObject({ problems: [{ code: 'too-costly' }] })
})

test('what is excluded is never in it, and what is included and not excluded always', async () => {
  const some = fc.subarray(['a', 'b', 'c', 'd', 'e'], { minLength: 1 })
  const listing = (list: string[]) => [{ system: HERE, concept: list.map((code) => ({ code })) }]
  await fc.assert(
    fc.asyncProperty(some, some, async (included, excluded) => {
      const expected = included.filter((code) => !excluded.includes(code))
      expect(await codes(valueSetOf(listing(included), listing(excluded)))).toEqual(expected)
    }),
  )
})
