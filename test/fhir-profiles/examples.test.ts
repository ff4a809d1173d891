import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../lib/fhir.ts'
import { declarations } from '../../lib/resources/index.ts'
import { example, exampleNames } from './examples.ts'

type Bundle = Resource & { entry: { resource?: Resource }[] }

const resourcesOf = (name: string): Resource[] => {
  const resource = example(name)
  if (resource.resourceType !== 'Bundle') return [resource]
  return (resource as Bundle).entry.flatMap((entry) => entry.resource ?? [])
}

describe('the examples of the project', () => {
  test('show every core type', () => {
    const types = exampleNames.flatMap(resourcesOf).map(({ resourceType }) => resourceType)
    expect(types).toEqual(expect.arrayContaining(['CarePlan', 'Goal', 'ServiceRequest', 'Task']))
  })

  test.each(exampleNames)('%s is valid', (name) => {
    for (const resource of resourcesOf(name))
      expect(declarations.get(resource.resourceType)!.check(resource)).toEqual([])
  })
})
