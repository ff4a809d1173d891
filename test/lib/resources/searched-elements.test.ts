import { describe, expect, test } from '@jest/globals'
import { checkWith } from '../../../lib/resources/check.ts'

const check = (resourceType: string, resource: object) => checkWith(resourceType)({ ...resource, resourceType })

describe('a supporting resource', () => {
  test('passes with elements that search does not read', () => {
    expect(check('Observation', { status: 'final', code: { text: 'x' }, interpretation: 'anything' })).toEqual([])
  })

  test.each<[string, string, object, string, string]>([
    [
      'text where an object belongs',
      'Encounter',
      { period: '2026' },
      'Encounter.period',
      'Encounter.period must be a JSON object',
    ],
    [
      'an object where text belongs',
      'Encounter',
      { status: {} },
      'Encounter.status',
      'Encounter.status must be a JSON string',
    ],
    [
      'a date that is none',
      'Encounter',
      { period: { end: 'yesterday' } },
      'Encounter.period.end',
      'Encounter.period.end is not a dateTime: use YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with Z or an offset such as -05:00',
    ],
    [
      'a fault in a list',
      'Observation',
      { component: [{ code: { text: 'x' } }, { code: 'y' }] },
      'Observation.component[1].code',
      'Observation.component[1].code must be a JSON object',
    ],
    [
      'text on the way to an element',
      'Observation',
      { component: 'x' },
      'Observation.component',
      'Observation.component must be a JSON object',
    ],
    [
      'an id that is none',
      'Patient',
      { id: 'a b' },
      'Patient.id',
      'Patient.id is not an id: 1 to 64 of A-Z, a-z, 0-9, - and .',
    ],
    [
      'a tag that is none',
      'Patient',
      { meta: { tag: ['x'] } },
      'Patient.meta.tag[0]',
      'Patient.meta.tag[0] must be a JSON object',
    ],
    [
      'a narrative with a script',
      'Patient',
      { text: { status: 'generated', div: '<div onclick="x"/><div onclick=1>' } },
      'Patient.text.div',
      'Patient.text.div must be a <div> of XHTML that is not empty, without scripts, forms or other active content',
    ],
  ])('%s is refused', (_name, type, resource, expression, text) => {
    expect(check(type, resource)).toEqual([{ code: expect.anything(), expression, text }])
  })
})
