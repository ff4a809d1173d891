import { describe, expect, test } from '@jest/globals'
import { containedProblems } from '../../../lib/resources/contained.ts'

const scale = { resourceType: 'Device', id: 'scale' }
const device = { reference: '#scale' }
const problemsOf = (observation: object): string[] =>
  containedProblems({ resourceType: 'Observation', ...observation }).map(({ text }) => text)

describe('what a resource contains is right', () => {
  test.each([
    ['when it is referred to', { contained: [scale], device }],
    ['when an extension refers to it', { contained: [scale], extension: [{ url: 'urn:x', valueReference: device }] }],
    ['when a canonical names it', { contained: [scale], instantiates: ['#scale'] }],
    [
      'when another contained resource refers to it',
      { contained: [scale, { resourceType: 'DeviceMetric', id: 'm', source: device, parent: { reference: '#' } }] },
    ],
    [
      'when it refers to the resource itself',
      { contained: [{ resourceType: 'Provenance', target: [{ reference: '#' }] }] },
    ],
  ])('%s', (_when, observation) => {
    expect(problemsOf(observation)).toEqual([])
  })
})

describe('what a resource contains is refused', () => {
  const unreferred = 'must be referred to by its id in the resource, or refer to the resource as # (dom-3)'
  test.each([
    ['when nothing refers to it', { contained: [scale] }, [`Observation.contained[0] ${unreferred}`]],
    ['when it has no id', { contained: [{ resourceType: 'Device' }] }, [`Observation.contained[0] ${unreferred}`]],
    [
      'when it contains others',
      { contained: [{ ...scale, contained: [scale] }], device },
      ['Observation.contained[0] must not contain resources itself (dom-2)'],
    ],
    [
      'when it has a version',
      { contained: [{ ...scale, meta: { versionId: '1' } }], device },
      ['Observation.contained[0] must not have a meta.versionId or meta.lastUpdated (dom-4)'],
    ],
    [
      'when it has a security label',
      { contained: [{ ...scale, meta: { security: [{ code: 'R' }] } }], device },
      ['Observation.contained[0] must not have a meta.security (dom-5)'],
    ],
    [
      'when two have the same id',
      { contained: [scale, scale], device },
      ['Observation.contained[1] must not have the id of another contained resource'],
    ],
  ])('%s', (_when, observation, expected) => {
    expect(problemsOf(observation)).toEqual(expected)
  })

  test('when a reference leads to none', () => {
    const text = 'Observation.device.reference must be the id of a contained resource (ref-1)'
    expect(problemsOf({ device })).toEqual([text])
    expect(problemsOf({ contained: [{ ...scale, id: 'x', definition: { reference: '#' } }], device })).toEqual([text])
  })
})

test('what has another form is told elsewhere', () => {
  for (const contained of ['x', {}, [null, 'x', 7], [[]]]) expect(problemsOf({ contained })).toEqual([])
})
