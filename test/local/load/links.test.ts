import { describe, expect, test } from '@jest/globals'
import { parseJson, stringifyJson } from '../../../lib/json.ts'
import { linksOf, withLinks } from '../../../local/load/links.ts'

const URN = 'urn:uuid:44717d84-17d5-cefa-acf9-fe51fddc5d1c'
const links = new Map([
  [URN, 'Patient/1'],
  ['https://old.example/fhir/Patient/1', 'Patient/1'],
])

describe('withLinks', () => {
  test('replaces references and urn:uuid links wherever they stand', () => {
    const resource = {
      subject: { reference: URN },
      content: [{ attachment: { url: URN } }],
      performer: [{ reference: 'https://old.example/fhir/Patient/1' }],
    }
    expect(withLinks(resource, links)).toEqual({
      subject: { reference: 'Patient/1' },
      content: [{ attachment: { url: 'Patient/1' } }],
      performer: [{ reference: 'Patient/1' }],
    })
  })

  test('leaves identifiers and names alone, though they read the same', () => {
    const resource = { identifier: [{ value: URN }], url: 'https://old.example/fhir/Patient/1' }
    expect(withLinks(resource, links)).toBe(resource)
  })

  test('keeps decimals as they were written', () => {
    const resource = parseJson(`{"valueQuantity":{"value":1.50},"subject":{"reference":"${URN}"}}`)
    expect(stringifyJson(withLinks(resource, links))).toBe(
      '{"valueQuantity":{"value":1.50},"subject":{"reference":"Patient/1"}}',
    )
  })
})

test('linksOf gives every link in its order', () => {
  const resource = { a: [{ reference: '#x' }, { reference: 'Patient/1' }], b: { url: URN }, identifier: { value: URN } }
  expect([...linksOf(resource)]).toEqual(['#x', 'Patient/1', URN])
})
