import { describe, expect, test } from '@jest/globals'
import { parseExpression } from '../../../fhir-profiles/generate/expression.ts'

const element = (name: string) => ({ kind: 'element', name })

describe('parseExpression', () => {
  test('parts a union into its terms', () => {
    const terms = parseExpression('Location.name | Location.alias')
    expect(terms.map(({ root, operations }) => [root, operations])).toEqual([
      ['Location', [element('name')]],
      ['Location', [element('alias')]],
    ])
  })

  test('reads a cast in any of its spellings alike', () => {
    const cast = [element('value'), { kind: 'as', datatype: 'Quantity' }]
    for (const text of ['(Task.value as Quantity)', 'Task.value.as(Quantity)', 'Task.value.ofType(Quantity)'])
      expect(parseExpression(text)[0]!.operations).toEqual(cast)
  })

  test('goes on behind a cast', () => {
    expect(parseExpression('(Observation.value as CodeableConcept).text')[0]!.operations).toEqual([
      element('value'),
      { kind: 'as', datatype: 'CodeableConcept' },
      element('text'),
    ])
  })

  test('reads filters, with bars and dots in their texts', () => {
    expect(parseExpression("Patient.telecom.where(system='e|m.ail')")[0]!.operations).toEqual([
      element('telecom'),
      { kind: 'where', element: 'system', equals: 'e|m.ail' },
    ])
    expect(parseExpression('Task.for.where(resolve() is Patient)')[0]!.operations).toEqual([
      element('for'),
      { kind: 'only', type: 'Patient' },
    ])
  })

  test('says what it does not understand, but only of the terms that are read', () => {
    const [usual, odd] = parseExpression('Task.for | Patient.deceased.exists() and Patient.deceased != false')
    expect(usual!.operations).toEqual([element('for')])
    expect(odd!.root).toBe('Patient')
    expect(() => odd!.operations).toThrow('FHIRPath not understood')
  })
})
