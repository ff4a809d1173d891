import { expect, test } from '@jest/globals'
import { ValueSets } from '../../../fhir-profiles/generate/value-sets.ts'

const files = (resources: Record<string, object>) =>
  new Map(Object.entries(resources).map(([name, resource]) => [`${name}.json`, JSON.stringify(resource)]))

const valueSets = new ValueSets(
  files({
    'CodeSystem-shade': {
      url: 'urn:shade',
      content: 'complete',
      concept: [{ code: 'dark', concept: [{ code: 'black' }] }, { code: 'light' }],
    },
    'CodeSystem-part': { url: 'urn:part', content: 'fragment', concept: [{ code: 'a' }] },
    'ValueSet-all': { url: 'urn:all', compose: { include: [{ system: 'urn:shade' }] } },
    'ValueSet-some': {
      url: 'urn:some',
      compose: { include: [{ system: 'urn:x', concept: [{ code: 'b' }] }, { valueSet: ['urn:all'] }] },
    },
    'ValueSet-unknown': { url: 'urn:unknown', compose: { include: [{ system: 'urn:part' }] } },
    'ValueSet-filtered': { url: 'urn:filtered', compose: { include: [{ system: 'urn:shade', filter: [{}] }] } },
    'ValueSet-without': { url: 'urn:without', compose: { include: [{ system: 'urn:shade' }], exclude: [{}] } },
  }),
)

test('a value set gives its codes, those below others too, and those of value sets it includes', () => {
  expect(valueSets.expand('urn:all|4.0.1')).toEqual(['dark', 'black', 'light'])
  expect(valueSets.expand('urn:some')).toEqual(['b', 'dark', 'black', 'light'])
})

test('the codes of a value set are told by their system too', () => {
  expect(valueSets.codings('urn:some')).toEqual({ 'urn:x': ['b'], 'urn:shade': ['dark', 'black', 'light'] })
})

test('nothing is claimed of a value set whose codes are not all known', () => {
  for (const url of ['urn:unknown', 'urn:filtered', 'urn:without', 'urn:nowhere'])
    expect(valueSets.expand(url)).toBeUndefined()
})
