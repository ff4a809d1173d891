import { expect, test } from '@jest/globals'
import type { InteractionRequest } from '../../../lib/interactions/interaction.ts'
import { operationParameters } from '../../../lib/interactions/operation-parameters.ts'

const request = (elements: Partial<InteractionRequest>): InteractionRequest => ({
  ...{ type: 'Task', id: '1', versionId: '', query: [], conditions: {}, baseUrl: 'https://host/fhir', requestId: '1' },
  prefer: { handling: 'strict' },
  ...elements,
})
const body = {
  resourceType: 'Parameters',
  parameter: [
    { name: 'mode', valueCode: 'create' },
    { name: 'resource', resource: { resourceType: 'Task' } },
    { name: 'owner', valueReference: { reference: 'Practitioner/1' } },
  ],
}

test('parameters come from the URL and from the body', () => {
  const { texts, element } = operationParameters(request({ query: [['count', '1']], body }), [
    ...['count', 'mode', 'resource', 'owner'],
  ])
  expect(texts).toEqual([
    ['count', '1'],
    ['mode', 'create'],
  ])
  expect(element('resource')).toEqual({ resourceType: 'Task' })
  expect(element('owner')).toEqual({ reference: 'Practitioner/1' })
  expect(element('other')).toBeUndefined()
})

test('what is not known is refused, or left out for a lenient client', () => {
  const names = ['mode', 'resource']
  expect(() => operationParameters(request({ body }), names)).toThrow(/not owner/)
  expect(() => operationParameters(request({ query: [['Jane Doe', 'x']] }), names)).toThrow(
    expect.objectContaining({ status: 400, message: expect.not.stringContaining('Jane') }),
  )
  const lenient = request({ query: [['other', 'x']], prefer: { handling: 'lenient' } })
  expect(operationParameters(lenient, names).texts).toEqual([])
})

test('a number that is kept as it was written is a simple value like any other', () => {
  const parameter = [{ name: 'count', valueDecimal: JSON.rawJSON('7.50') }]
  expect(operationParameters(request({ body: { resourceType: 'Parameters', parameter } }), ['count']).texts).toEqual([
    ['count', '7.50'],
  ])
  const nameless = { resourceType: 'Parameters', parameter: [{ name: JSON.rawJSON('1e400'), valueString: 'x' }] }
  expect(() => operationParameters(request({ body: nameless }), ['count'])).toThrow(
    expect.objectContaining({ status: 400 }),
  )
})
