import { expect, test } from '@jest/globals'
import { ROUTES } from '../../infra/constructs/api.ts'
import { createRouteFinder } from '../../local/route-tree.ts'

const find = createRouteFinder(ROUTES.map(([path, functionArn]) => ({ path, functionArn, method: 'ANY' })))
const found = (path: string) => {
  const match = find('GET', path)
  return match && [match.route.functionArn, match.parameters]
}

test.each([
  ['/fhir', 'system', {}],
  ['/fhir/', 'system', {}],
  ['/fhir/metadata', 'system', {}],
  ['/fhir/.well-known/smart-configuration', 'system', { proxy: 'smart-configuration' }],
  ['/fhir/Task', 'task', {}],
  ['/fhir/Task/1', 'task', { id: '1' }],
  ['/fhir/Task/1/_history/2', 'task', { id: '1', proxy: '_history/2' }],
  ['/fhir/Task/_search', 'task', { id: '_search' }],
  ['/fhir/Task/1/$explain', 'pathways', { id: '1' }],
  ['/fhir/Encounter/1/$meta', 'clinical', { id: '1', proxy: '$meta' }],
  ['/fhir/Encounter/1/$readmission-risk', 'pathways', { id: '1' }],
  ['/fhir/PlanDefinition/1/$apply', 'pathways', { proxy: '1/$apply' }],
  ['/fhir/$transition-report', 'pathways', {}],
  ['/fhir/CarePlan/_search', 'care-plan', { proxy: '_search' }],
  ['/fhir/Patient', 'clinical', { type: 'Patient' }],
  ['/fhir/Patient/a%20b/Task', 'clinical', { type: 'Patient', proxy: 'a b/Task' }],
  ['/fhir/metadata/more', 'clinical', { type: 'metadata', proxy: 'more' }],
])('%s goes to %s', (path, handler, parameters) => {
  expect(found(path)).toEqual([handler, parameters])
})

test.each(['/', '/metadata', '/fhirs', '/FHIR/Task'])('%s goes nowhere', (path) => {
  expect(found(path)).toBeUndefined()
})

test('a method of its own goes before ANY', () => {
  const route = (method: string) => ({ path: '/fhir', functionArn: method, method })
  const finder = createRouteFinder([route('ANY'), route('POST')])
  expect(finder('POST', '/fhir')?.route.functionArn).toBe('POST')
  expect(finder('GET', '/fhir')?.route.functionArn).toBe('ANY')
})

test('a path that is not well encoded is an error of the caller', () => {
  expect(() => find('GET', '/fhir/%ZZ')).toThrow(URIError)
})
