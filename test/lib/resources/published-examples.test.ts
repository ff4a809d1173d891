import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { readPackage } from '../../../fhir-profiles/generate/package.ts'
import type { Resource } from '../../../lib/fhir.ts'
import { parseJson, stringifyJson } from '../../../lib/json.ts'
import { checkWith } from '../../../lib/resources/check.ts'
import { declarations } from '../../../lib/resources/index.ts'
import { hasPackages, jsonFiles, usCorePackage } from '../../fhir-profiles/published.ts'

type BundleOrResource = Resource & { entry?: { resource?: BundleOrResource }[] }

const resourcesIn = (resource: BundleOrResource): Resource[] =>
  resource.resourceType === 'Bundle'
    ? (resource.entry ?? []).flatMap((entry) => (entry.resource ? resourcesIn(entry.resource) : []))
    : [resource]

const served = (texts: readonly string[]): Resource[] =>
  texts
    .flatMap((text) => resourcesIn(parseJson(text) as BundleOrResource))
    .filter((resource) => declarations.has(resource.resourceType))

/** The texts of all problems, with the resource they are of. */
const refusals = (resources: readonly Resource[]): string[] =>
  resources.flatMap((resource) =>
    checkWith(resource.resourceType)(resource).map(({ text }) => `${resource.resourceType}/${resource.id}: ${text}`),
  )

const texts = (folder: string): string[] => jsonFiles(folder).map((path) => readFileSync(path, 'utf8'))
const withPackages = hasPackages ? describe : describe.skip
const withSynthea = jsonFiles('synthea').length ? describe : describe.skip
const withGuides = jsonFiles('ig').length ? describe : describe.skip

withPackages('with US Core beside the checkout', () => {
  test('all its examples are accepted', () => {
    const examples = [...readPackage(usCorePackage)].filter(([name]) => name.startsWith('example/'))
    const resources = served(examples.map(([, text]) => text))
    const types = new Set(resources.map(({ resourceType }) => resourceType))
    // US Core publishes no Task.
    expect([...types]).toEqual(expect.arrayContaining(['CarePlan', 'Goal', 'ServiceRequest', 'Observation']))
    expect(refusals(resources)).toEqual([])
  })
})

withGuides('with SDOH Clinical Care and other guides beside the checkout', () => {
  test('all their examples are accepted, Tasks among them', () => {
    const resources = served(texts('ig'))
    expect(resources.filter(({ resourceType }) => resourceType === 'Task').length).toBeGreaterThan(10)
    const [urisWithSpaces, others] = [/^ConceptMap\/direct-alerts: .* is not a URI/, refusals(resources)]
    expect(others.filter((text) => !urisWithSpaces.test(text))).toEqual([])
  })
})

withSynthea('with synthetic patients beside the checkout', () => {
  test('all their resources are accepted and keep every digit', () => {
    const files = texts('synthea')
    const resources = served(files)
    expect(resources.length).toBeGreaterThan(10_000)
    expect(refusals(resources)).toEqual([])
    const written = stringifyJson(parseJson(files[0]!))
    expect(stringifyJson(parseJson(written))).toBe(written)
  })
})
