import { describe, expect, test } from '@jest/globals'
import type { ValueSet, ValueSetComposeInclude } from 'fhir/r4'
import { codesOf } from '../../../lib/search/value-set.ts'

const SCT = 'http://snomed.info/sct'
const LOINC = 'http://loinc.org'

const valueSet = (include: ValueSetComposeInclude[], exclude?: ValueSetComposeInclude[]): ValueSet => ({
  resourceType: 'ValueSet',
  status: 'active',
  compose: { include, ...(exclude && { exclude }) },
})
const listed = (system: string, ...codes: string[]): ValueSetComposeInclude => ({
  system,
  concept: codes.map((code) => ({ code })),
})

const known: Record<string, ValueSet> = {
  'http://x/colours': valueSet([listed(SCT, 'red', 'blue')]),
  'http://x/all': valueSet([{ system: SCT }]),
  'http://x/circle': valueSet([{ valueSet: ['http://x/circle'] }]),
}
const expand = (one: ValueSet) => codesOf(one, async (canonical) => known[canonical])
const texts = async (one: ValueSet) => (await expand(one))?.map(({ system, code = '*' }) => `${system}|${code}`)

describe('the codes of a value set', () => {
  test('are those listed, of all includes, and whole systems', async () => {
    expect(await texts(valueSet([listed(SCT, 'a', 'b'), { system: LOINC }]))).toEqual([
      `${SCT}|a`,
      `${SCT}|b`,
      `${LOINC}|*`,
    ])
  })

  test('are those of value sets it includes; of several in one include what all of them hold', async () => {
    expect(await texts(valueSet([{ valueSet: ['http://x/colours'] }]))).toEqual([`${SCT}|red`, `${SCT}|blue`])
    expect(await texts(valueSet([{ system: SCT, valueSet: ['http://x/colours'] }]))).toEqual([
      `${SCT}|red`,
      `${SCT}|blue`,
    ])
    expect(await texts(valueSet([{ ...listed(SCT, 'red', 'green'), valueSet: ['http://x/colours'] }]))).toEqual([
      `${SCT}|red`,
    ])
    expect(await texts(valueSet([{ valueSet: ['http://x/all', 'http://x/colours'] }]))).toEqual([
      `${SCT}|red`,
      `${SCT}|blue`,
    ])
    expect(await texts(valueSet([{ system: LOINC, valueSet: ['http://x/colours'] }]))).toEqual([])
  })

  test('are not those excluded', async () => {
    expect(await texts(valueSet([listed(SCT, 'a', 'b')], [listed(SCT, 'b'), listed(LOINC, 'a')]))).toEqual([`${SCT}|a`])
    expect(await texts(valueSet([listed(SCT, 'a'), listed(LOINC, 'a')], [{ system: LOINC }]))).toEqual([`${SCT}|a`])
  })

  test('are those of a whole expansion, abstract ones excepted', async () => {
    const expansion = {
      timestamp: '2026-01-01',
      contains: [{ system: SCT, code: 'top', abstract: true, contains: [{ system: SCT, code: 'leaf' }] }],
    }
    const filtered = valueSet([{ system: SCT, filter: [{ property: 'concept', op: 'is-a', value: 'top' }] }])
    expect(await texts({ ...filtered, expansion })).toEqual([`${SCT}|leaf`])
    expect(await texts({ ...filtered, expansion: { ...expansion, total: 2 } })).toBeUndefined()
  })

  test.each([
    ['a filter', valueSet([{ system: SCT, filter: [{ property: 'concept', op: 'is-a', value: 'top' }] }])],
    ['a value set that is not here', valueSet([{ valueSet: ['http://x/unknown'] }])],
    ['a circle of value sets', valueSet([{ valueSet: ['http://x/circle'] }])],
    ['a whole system less some codes', valueSet([{ system: SCT }], [listed(SCT, 'a')])],
    ['no definition', { resourceType: 'ValueSet', status: 'active' } as ValueSet],
  ])('cannot be told from %s', async (_name, one) => {
    expect(await expand(one)).toBeUndefined()
  })
})
