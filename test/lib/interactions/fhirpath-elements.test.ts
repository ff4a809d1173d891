import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../../lib/fhir.ts'
import { applyOperation } from '../../../lib/interactions/fhirpath-elements.ts'
import type { PatchOperation } from '../../../lib/interactions/fhirpath-patch.ts'
import { parseJson, stringifyJson } from '../../../lib/json.ts'

const patched = (text: string, operation: PatchOperation): string => {
  const resource = parseJson(text) as Resource
  applyOperation(resource, operation)
  return stringifyJson(resource)
}
const PATIENT = '{"resourceType":"Patient","name":[{"family":"x","given":["a","b"]}]}'

describe('an operation of a FHIRPath Patch', () => {
  test('adds to an element that repeats, and makes the list when it is the first', () => {
    const value = { name: 'value', valueString: 'c' }
    expect(patched(PATIENT, { type: 'add', path: 'Patient.name[0]', name: 'given', value })).toContain('["a","b","c"]')
    expect(patched(PATIENT, { type: 'add', path: 'Patient.name[0]', name: 'prefix', value })).toContain(
      '"prefix":["c"]',
    )
    expect(patched(PATIENT, { type: 'add', path: 'Patient.name[0]', name: 'text', value })).toContain('"text":"c"')
  })

  test('names an element with a choice of datatypes by the value', () => {
    const value = { name: 'value', valueBoolean: false }
    expect(patched(PATIENT, { type: 'add', path: 'Patient', name: 'deceased', value })).toContain(
      '"deceasedBoolean":false',
    )
    const replaced = patched('{"resourceType":"Patient","deceasedBoolean":false}', {
      type: 'replace',
      path: 'Patient.deceased',
      value: { name: 'value', valueDateTime: '2026-01-01' },
    })
    expect(replaced).toBe('{"resourceType":"Patient","deceasedDateTime":"2026-01-01"}')
  })

  test('builds an element of parts, lists and parts of parts among them', () => {
    const value = {
      name: 'value',
      part: [
        { name: 'name', valueHumanName: { family: 'y' } },
        { name: 'telecom', valueContactPoint: { value: '1' } },
        { name: 'telecom', part: [{ name: 'value', valueString: '2' }] },
      ],
    }
    expect(patched('{"resourceType":"Patient"}', { type: 'add', path: 'Patient', name: 'contact', value })).toBe(
      '{"resourceType":"Patient","contact":[{"name":{"family":"y"},"telecom":[{"value":"1"},{"value":"2"}]}]}',
    )
  })

  test('removes the list with its last item, and what belongs to a primitive with it', () => {
    expect(
      patched('{"resourceType":"Patient","gender":"other","_gender":{"id":"1"},"name":[{"family":"x"}]}', {
        type: 'delete',
        path: 'Patient.gender',
      }),
    ).toBe('{"resourceType":"Patient","name":[{"family":"x"}]}')
    expect(patched(PATIENT, { type: 'delete', path: 'Patient.name' })).toBe('{"resourceType":"Patient"}')
  })

  test('reaches an extension by its url', () => {
    const text = '{"resourceType":"Patient","extension":[{"url":"u","valueInteger":1},{"url":"v","valueDecimal":1.00}]}'
    const value = { name: 'value', valueInteger: 2 }
    expect(patched(text, { type: 'replace', path: "Patient.extension('u').value", value })).toBe(
      '{"resourceType":"Patient","extension":[{"url":"u","valueInteger":2},{"url":"v","valueDecimal":1.00}]}',
    )
  })

  test('an insert goes up to behind the last item, a move within the list', () => {
    const value = { name: 'value', valueString: 'c' }
    const path = 'Patient.name[0].given'
    expect(patched(PATIENT, { type: 'insert', path, index: 2, value })).toContain('["a","b","c"]')
    expect(() => patched(PATIENT, { type: 'insert', path, index: 3, value })).toThrow(/index/)
    expect(patched(PATIENT, { type: 'move', path, source: 0, destination: 1 })).toContain('["b","a"]')
  })

  test.each([
    ['Patient.name.given', 'more than one'],
    ['Patient.birthDate', 'nothing'],
    ['Patient', 'element'],
    ["Patient.name.where(family='x').given.count()", 'element'],
  ])('a replace at %s is refused without a word of the resource', (path, said) => {
    expect(() => patched(PATIENT, { type: 'replace', path, value: { name: 'value', valueString: 'c' } })).toThrow(
      expect.objectContaining({ status: 422, message: expect.stringContaining(said) }),
    )
  })
})
