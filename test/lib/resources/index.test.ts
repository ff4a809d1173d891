import { describe, expect, test } from '@jest/globals'
import { declarations, parametersOf } from '../../../lib/resources/index.ts'

describe('the declarations', () => {
  test('hold the four core types and the types around them', () => {
    expect([...declarations.keys()]).toEqual(
      expect.arrayContaining(['CarePlan', 'Goal', 'Task', 'ServiceRequest', 'Patient', 'Encounter', 'PlanDefinition']),
    )
  })

  test.each([...declarations.values()].map((declaration) => [declaration.type, declaration] as const))(
    '%s names only parameters it has',
    (type, { compartment, order, search }) => {
      const parameters = parametersOf(type)
      for (const code of compartment) expect(parameters.get(code)?.type).toBe('reference')
      if (order) expect(parameters.get(order.parameter)?.type).toBe('date')
      expect(Object.keys(search).length).toBeGreaterThanOrEqual(3)
      for (const { components } of parameters.values())
        for (const code of components) expect(parameters.has(code)).toBe(true)
    },
  )
})

describe('parametersOf', () => {
  test('gives the parameters every resource has as well', () => {
    expect([...parametersOf('Goal').keys()]).toEqual(
      expect.arrayContaining(['_id', '_lastUpdated', '_profile', '_security', '_source', '_tag', 'target-date']),
    )
    expect(() => parametersOf('Unknown')).toThrow('Unknown')
  })

  test('gives the same map each time', () => {
    expect(parametersOf('Task')).toBe(parametersOf('Task'))
  })

  test('keeps only references to patients for patient', () => {
    expect(parametersOf('Task').get('patient')).toEqual({
      code: 'patient',
      type: 'reference',
      paths: [{ steps: [{ element: 'for' }], datatype: 'Reference', only: 'Patient' }],
      targets: ['Patient'],
      components: [],
    })
  })

  test('expands a choice into the names it has in JSON', () => {
    const { paths } = parametersOf('ServiceRequest').get('occurrence')!
    expect(paths.map(({ steps, datatype }) => [steps[0]!.element, datatype])).toEqual([
      ['occurrenceDateTime', 'dateTime'],
      ['occurrencePeriod', 'Period'],
      ['occurrenceTiming', 'Timing'],
    ])
  })

  test('has what R4 lacks: due dates, outputs, supporting information, US Core', () => {
    expect(parametersOf('Task').get('due-date')!.paths).toEqual([
      { steps: [{ element: 'restriction' }, { element: 'period' }, { element: 'end' }], datatype: 'dateTime' },
    ])
    expect(parametersOf('Task').has('start-date')).toBe(true)
    expect(parametersOf('Task').has('output')).toBe(true)
    expect(parametersOf('ServiceRequest').has('supporting-info')).toBe(true)
    expect(parametersOf('Goal').get('description')!.type).toBe('token')
    expect(parametersOf('Encounter').has('discharge-disposition')).toBe(true)
    expect(parametersOf('Condition').get('asserted-date')!.paths[0]!.steps[0]!.where).toEqual({
      element: 'url',
      equals: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate',
    })
  })
})
