import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { CodeSystem, Extension, PlanDefinition, PlanDefinitionAction, StructureDefinition } from 'fhir/r4'
import fhirpath from 'fhirpath'
import { pathwayOf, pathwaysStartedBy } from '../../../lib/pathways/definitions.ts'
import { type Pathway, readPathway } from '../../../lib/pathways/pathway.ts'

const profiles = join(import.meta.dirname, '../../../fhir-profiles')
const readAll = <Type>(folder: string): Type[] =>
  readdirSync(join(profiles, folder)).map((file) => JSON.parse(readFileSync(join(profiles, folder, file), 'utf8')))

const definitions = readAll<PlanDefinition>('plan-definitions')
const codeSystems = readAll<CodeSystem>('code-systems')
const extensions = readAll<StructureDefinition>('structure-definitions')

const pathways = definitions.map((definition) => [definition.id!, readPathway(definition)] as const)

/** Every object anywhere inside a value. */
const objectsIn = (value: unknown): object[] =>
  typeof value !== 'object' || value === null ? [] : [value, ...Object.values(value).flatMap(objectsIn)]

describe.each(pathways)('%s', (_id, pathway: Pathway) => {
  test('conditions are FHIRPath that can be parsed', () => {
    for (const { conditions } of [pathway, ...pathway.steps])
      for (const condition of conditions) expect(() => fhirpath.parse(condition)).not.toThrow()
  })

  test('ids of actions are unique: they make the ids of Tasks', () => {
    expect(new Set(pathway.steps.map(({ id }) => id)).size).toBe(pathway.steps.length)
  })

  test('codes of ours and extensions of ours are defined in fhir-profiles', () => {
    const objects = objectsIn(definitions) as { system?: string; code?: string }[]
    const ours = objects.filter(({ system }) => system?.startsWith('https://careloop.dev/'))
    expect(ours.length).toBeGreaterThan(0)
    for (const { system, code } of ours) {
      const concepts = codeSystems.find(({ url }) => url === system)?.concept ?? []
      expect(concepts.map((concept) => concept.code)).toContain(code)
    }
    const used = (objectsIn(definitions) as { extension?: Extension[] }[]).flatMap(({ extension }) => extension ?? [])
    expect(used.length).toBeGreaterThan(0)
    for (const { url } of used) expect(extensions.map((definition) => definition.url)).toContain(url)
  })

  test('runs, and is found by the version a plan names', () => {
    expect(pathwaysStartedBy('encounter-discharged').map(({ canonical }) => canonical)).toContain(pathway.canonical)
    expect(pathwayOf(['https://elsewhere.example/plan|1', pathway.canonical]).url).toBe(pathway.url)
  })
})

test('a version that is no longer kept is missed loudly', () => {
  expect(() => pathwayOf(['https://careloop.dev/fhir/PlanDefinition/transition-of-care|0.9.0'])).toThrow(/0\.9\.0/)
})

describe('a definition that asks for what is not done is refused', () => {
  const withoutUndefined = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))
  const days = { value: 2, code: 'd' }
  const action: PlanDefinitionAction = { id: 'call', title: 'Call', code: [{ text: 'call' }], timingDuration: days }
  const plan = (step: object, group: object = {}): PlanDefinition =>
    withoutUndefined({
      resourceType: 'PlanDefinition',
      status: 'active',
      url: 'https://example.org/plan',
      version: '1',
      title: 'Plan',
      action: [
        {
          id: 'plan',
          trigger: [{ type: 'named-event', name: 'encounter-discharged' }],
          timingDuration: days,
          action: [{ ...action, ...step }],
          ...group,
        },
      ],
    })
  const businessDays = { url: 'https://careloop.dev/fhir/StructureDefinition/business-days', valuePositiveInt: 2 }
  const rollForward = { url: 'https://careloop.dev/fhir/StructureDefinition/roll-forward', valueCode: 'next-bd' }

  test('but not the one these cases are made from', () => {
    expect(readPathway(plan({ timingDuration: { ...days, extension: [rollForward] } })).steps).toMatchObject([
      {
        id: 'call',
        priority: 'routine',
        offset: { unit: 'calendar-day', days: 2, countAnchorDay: true, rollForward: 'next-bd' },
      },
    ])
  })

  test.each([
    ['an element nobody carries out', { definitionCanonical: 'x' }, /definitionCanonical/],
    ['a recurrence', { timingDuration: undefined, timingTiming: {} }, /timingTiming/],
    ['hours', { timingDuration: { value: 4, code: 'h' } }, /timingDuration/],
    ['half a day', { timingDuration: { value: 0.5, code: 'd' } }, /timingDuration/],
    ['calendar and business days', { timingDuration: { ...days, extension: [businessDays] } }, /timingDuration/],
    [
      'an unknown way to roll',
      { timingDuration: { ...days, extension: [{ ...rollForward, valueCode: 'up' }] } },
      /roll-forward/,
    ],
    [
      'CQL',
      { condition: [{ kind: 'applicability', expression: { language: 'text/cql', expression: 'x' } }] },
      /fhirpath/,
    ],
    [
      'a stop condition',
      { condition: [{ kind: 'stop', expression: { language: 'text/fhirpath', expression: 'x' } }] },
      /applicability/,
    ],
    [
      'a relation to an unknown action',
      { relatedAction: [{ actionId: 'nope', relationship: 'before-end' }] },
      /relatedAction/,
    ],
    ['another relation', { relatedAction: [{ actionId: 'call', relationship: 'after-end' }] }, /before-end/],
    ['no code', { code: undefined }, /code/],
    [
      'a group to choose any of',
      { code: undefined, timingDuration: undefined, selectionBehavior: 'any', action: [action] },
      /exactly-one/,
    ],
  ])('%s', (_name, step, message) => {
    expect(() => readPathway(plan(step))).toThrow(message)
  })

  test.each([
    ['no trigger', { trigger: [] }, /trigger/],
    ['no duration', { timingDuration: undefined }, /timingDuration/],
    ['an input with filters', { input: [{ id: 'x', type: 'Condition', limit: 1 }] }, /input/],
  ])('%s', (_name, group, message) => {
    expect(() => readPathway(plan({}, group))).toThrow(message)
  })
})
