import { describe, expect, test } from '@jest/globals'
import { parseLiteral, parseWantedReference } from '../../../lib/search/reference.ts'
import { BASE_URL } from './sample-search.ts'

describe('parseLiteral', () => {
  test.each([
    ['Patient/1', { type: 'Patient', id: '1' }],
    ['Patient/1/_history/3', { type: 'Patient', id: '1', version: '3' }],
    [`${BASE_URL}/Patient/1`, { type: 'Patient', id: '1' }],
    [
      'https://other.example.org/fhir/Patient/1/_history/2',
      { type: 'Patient', id: '1', version: '2', url: 'https://other.example.org/fhir/Patient/1' },
    ],
    ['urn:uuid:4d1f', { url: 'urn:uuid:4d1f' }],
  ])('%s', (text, expected) => {
    expect(parseLiteral(text, BASE_URL)).toEqual(expected)
  })

  test('a contained resource cannot be searched for', () => {
    expect(parseLiteral('#p1')).toBeUndefined()
  })
})

describe('parseWantedReference', () => {
  test.each([
    ['23', undefined, { text: '23', id: '23' }],
    ['23', 'Patient', { text: '23', id: '23', type: 'Patient' }],
    ['Patient/23', 'Patient', { text: 'Patient/23', type: 'Patient', id: '23' }],
    [
      'http://acme.org/PlanDefinition/tcm|1.0',
      undefined,
      { text: 'http://acme.org/PlanDefinition/tcm', url: 'http://acme.org/PlanDefinition/tcm', version: '1.0' },
    ],
  ])('%s as %s', (text, only, expected) => {
    expect(parseWantedReference(text, only, BASE_URL)).toEqual(expected)
  })

  test.each([
    ['', undefined],
    ['Group/23', 'Patient'],
    ['two words', undefined],
    ['#p1', undefined],
  ])('%j as %s is not understood', (text, only) => {
    expect(parseWantedReference(text, only, BASE_URL)).toBeUndefined()
  })
})
