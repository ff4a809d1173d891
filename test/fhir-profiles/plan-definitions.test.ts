import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { CodeSystem, PlanDefinition, StructureDefinition, ValueSet } from 'fhir/r4'
import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4'
import type { Resource } from '../../lib/fhir.ts'
import * as codes from '../../lib/pathways/codes.ts'
import { readPathway } from '../../lib/pathways/read-pathway.ts'
import * as riskCodes from '../../lib/pathways/risk/codes.ts'
import { declarations } from '../../lib/resources/index.ts'

const BASE = 'https://careloop.dev/fhir'
const profiles = join(import.meta.dirname, '../../fhir-profiles')
const all = <Type extends { id?: string }>(folder: string): [string, Type][] =>
  readdirSync(join(profiles, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const resource = JSON.parse(readFileSync(join(profiles, folder, file), 'utf8')) as Type
      return [resource.id!, resource]
    })

const definitions = all<PlanDefinition>('plan-definitions')
const codeSystems = all<CodeSystem>('code-systems')
const codesOf = new Map(
  codeSystems.map(([, { url, concept }]) => [url, new Set(concept!.map(({ code }) => code))] as const),
)
const extensions = new Map(
  all<StructureDefinition>('structure-definitions').flatMap(([, sd]) =>
    sd.type === 'Extension' ? [[sd.url, sd] as const] : [],
  ),
)

/** Every object anywhere in a resource, with the name of the element that holds it. */
const objectsIn = (value: unknown, element = ''): { element: string; object: Record<string, unknown> }[] => {
  if (Array.isArray(value)) return value.flatMap((item) => objectsIn(item, element))
  if (typeof value !== 'object' || value === null) return []
  const object = value as Record<string, unknown>
  return [{ element, object }, ...Object.entries(object).flatMap(([name, inner]) => objectsIn(inner, name))]
}

const valueIn = (extension: Record<string, unknown>): [string, unknown] | undefined =>
  Object.entries(extension).find(([name]) => name.startsWith('value'))

describe.each(definitions)('the PlanDefinition %s', (id, definition) => {
  const objects = objectsIn(definition)

  test('is one that a tenant may PUT, and that the engine can carry out', async () => {
    expect(await declarations.get('PlanDefinition')!.check(definition as unknown as Resource)).toEqual([])
    expect(readPathway(definition).url).toBe(`${BASE}/PlanDefinition/${id}`)
  })

  test('uses codes of ours only as the code systems define them', () => {
    const codings = objects.map(({ object }) => object).filter(({ system }) => codesOf.has(String(system)))
    expect(codings.length).toBeGreaterThan(0)
    for (const { system, code, display } of codings) {
      const concept = codeSystems
        .find(([, { url }]) => url === system)![1]
        .concept!.find((candidate) => candidate.code === code)
      expect([code, concept?.code]).toEqual([code, code])
      if (display !== undefined) expect(display).toBe(concept!.display)
    }
    for (const { object } of objects) {
      const text = typeof object.expression === 'string' ? object.expression : ''
      for (const [, url, code] of text.matchAll(/system = '(https:\/\/careloop\.dev[^']+)' and code = '([^']+)'/g))
        expect([url, codesOf.get(url!)?.has(code!)]).toEqual([url, true])
    }
  })

  test('uses extensions only where and how their definitions say', () => {
    for (const { object } of objects)
      for (const extension of (object.extension ?? []) as Record<string, unknown>[]) {
        if (!String(extension.url).startsWith('http')) continue
        const sd = extensions.get(String(extension.url))
        expect([extension.url, sd?.id]).toEqual([extension.url, expect.any(String)])
        const parts = (extension.extension ?? []) as Record<string, unknown>[]
        const elements = sd!.differential!.element
        const typeAt = (path: string) => elements.find((element) => element.id === path)?.type?.[0]?.code
        const shown = parts.length ? parts : [extension]
        for (const part of shown) {
          const [name] = valueIn(part)!
          const path = part === extension ? 'Extension.value[x]' : `Extension.extension:${part.url}.value[x]`
          expect(name.toLowerCase()).toBe(`value${typeAt(path)}`.toLowerCase())
        }
        const required = elements.filter(({ sliceName, min }) => sliceName && min).map(({ sliceName }) => sliceName)
        expect(parts.map(({ url }) => url)).toEqual(expect.arrayContaining(required))
      }
  })

  test('gives reasons and results that the code systems know', () => {
    const valuesOf = (url: string) =>
      objects.filter(({ object }) => object.url === url).map(({ object }) => String(object.valueCode))
    for (const reason of valuesOf('reason'))
      expect(codesOf.get(`${BASE}/CodeSystem/automation-reason`)).toContain(reason)
    for (const result of valuesOf('result').filter((code) => code !== 'completed'))
      expect(codesOf.get(`${BASE}/CodeSystem/task-business-status`)).toContain(result)
  })

  test('has expressions that can be read, and names only what it is given', () => {
    const given = new Set(['subject', 'encounter', 'previous', 'resource', 'anchor', 'received'])
    for (const { object } of objects) if (typeof object.type === 'string' && object.id) given.add(String(object.id))
    for (const { object } of objects) {
      if (object.language !== 'text/fhirpath') continue
      const expression = String(object.expression)
      expect(() => fhirpath.compile(expression, r4, { async: false })).not.toThrow()
      expect(expression.length).toBeLessThan(2_000)
      for (const [, name] of expression.matchAll(/%([A-Za-z]+)/g)) expect([...given]).toContain(name)
    }
  })

  test('says of what it is not licensed to contain that it does not', () => {
    expect(definition.status).toBe('active')
    if (/HEDIS/.test(definition.description!))
      expect(definition.description).toMatch(/none of its content|not verified/)
    expect(JSON.stringify(definition)).not.toMatch(/"display":"[^"]*(99495|99496|1111F)/)
  })
})

// A fragment has codes that it does not list: no value set could have all of them.
const complete = codeSystems.filter(([, { content }]) => content === 'complete')

test.each(complete)('the code system %s counts its codes, once each, and has a value set', (id, codeSystem) => {
  expect(codeSystem.concept).toHaveLength(codeSystem.count!)
  expect(codesOf.get(codeSystem.url)!.size).toBe(codeSystem.count)
  const valueSet = all<ValueSet>('value-sets').find(([valueSetId]) => valueSetId === id)?.[1]
  expect(valueSet).toMatchObject({ url: codeSystem.valueSet, compose: { include: [{ system: codeSystem.url }] } })
})

test.each([...extensions.values()].map((sd) => [sd.id!, sd] as const))(
  'the extension %s is what its url says, and is bound to value sets that exist',
  (id, { url, differential }) => {
    expect(url).toBe(`${BASE}/StructureDefinition/${id}`)
    expect(differential!.element.find((element) => element.id === 'Extension.url')!.fixedUri).toBe(url)
    const valueSets = new Set(all<ValueSet>('value-sets').map(([, valueSet]) => valueSet.url))
    for (const { binding } of differential!.element)
      if (binding?.valueSet?.startsWith(BASE)) expect(valueSets).toContain(binding.valueSet)
  },
)

test('each Task code of a programme is asked for by one definition only', () => {
  const codes = definitions.flatMap(([, definition]) =>
    readPathway(definition).steps.map(({ code }) => code.coding![0]!.code!),
  )
  expect(new Set(codes).size).toBe(codes.length)
})

describe('what the code names is published', () => {
  const urls = Object.values({ ...codes, ...riskCodes }).filter((value) => typeof value === 'string')

  test.each(urls.filter((url) => url.startsWith(`${BASE}/`)))('%s', (url) => {
    const isExtension = url.startsWith(`${BASE}/StructureDefinition/`)
    expect(isExtension ? extensions.has(url) : codesOf.has(url)).toBe(true)
  })

  test('every reason of the automation', () => {
    expect([...codesOf.get(codes.AUTOMATION_REASON)!]).toEqual(expect.arrayContaining([...codes.AUTOMATION_REASONS]))
  })
})
