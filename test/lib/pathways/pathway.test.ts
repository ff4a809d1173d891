import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { CodeSystem, Extension, PlanDefinition, PlanDefinitionAction, StructureDefinition } from 'fhir/r4'
import fhirpath from 'fhirpath'
import { checkPathway } from '../../../lib/pathways/check-pathway.ts'
import { packaged } from '../../../lib/pathways/definitions.ts'
import { formerDefinitions } from '../../../lib/pathways/packaged-definitions.ts'
import { type Pathway, readPathway } from '../../../lib/pathways/pathway.ts'

const profiles = join(import.meta.dirname, '../../../fhir-profiles')
const readAll = <Type>(folder: string): Type[] =>
  readdirSync(join(profiles, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(profiles, folder, file), 'utf8')))

const definitions = readAll<PlanDefinition>('plan-definitions')
const former = readAll<PlanDefinition>('plan-definitions/former')
const codeSystems = readAll<CodeSystem>('code-systems')
const extensions = readAll<StructureDefinition>('structure-definitions')

const pathways = definitions.map((definition) => [definition.id!, readPathway(definition)] as const)

/** Every object anywhere inside a value. */
const objectsIn = (value: unknown): object[] =>
  typeof value !== 'object' || value === null ? [] : [value, ...Object.values(value).flatMap(objectsIn)]

describe.each(pathways)('%s', (_id, pathway: Pathway) => {
  test('conditions are FHIRPath that can be parsed', () => {
    const { anchor, conditions, stops, steps } = pathway
    const expressions = [
      ...(anchor ? [anchor] : []),
      ...conditions,
      ...stops.map(({ expression }) => expression),
      ...steps.flatMap((step) => [
        ...step.conditions,
        ...step.evidence.flatMap(({ expression, date }) => [expression, date]),
        ...step.dynamicValues.map(({ expression }) => expression),
      ]),
    ]
    for (const expression of expressions) expect(() => fhirpath.parse(expression)).not.toThrow()
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
    for (const { url } of used.filter((each) => each.url.startsWith('https://')))
      expect(extensions.map((definition) => definition.url)).toContain(url)
  })

  test('is among those that run', () => {
    expect(packaged.map(({ canonical }) => canonical)).toContain(pathway.canonical)
  })
})

test('former versions are kept under another version than the one that runs', () => {
  for (const definition of former) {
    expect(formerDefinitions.map(({ url, version }) => `${url}|${version}`)).toContain(
      `${definition.url}|${definition.version}`,
    )
    expect(packaged.map(({ canonical }) => canonical)).not.toContain(`${definition.url}|${definition.version}`)
  }
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

  const fhirPath = (expression: string) => ({ language: 'text/fhirpath', expression })
  const applicability = (expression: string) => ({ kind: 'applicability', expression: fhirPath(expression) })
  const evidence = ({ type = 'Communication', more }: { type?: string; more?: string }) => ({
    url: 'https://careloop.dev/fhir/StructureDefinition/evidence',
    extension: [
      { url: 'type', valueCode: type },
      { url: 'expression', valueExpression: fhirPath('true') },
      { url: 'date', valueExpression: fhirPath('%resource.sent') },
      ...(more ? [{ url: more, valueString: 'x' }] : []),
    ],
  })

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
    ['minutes', { timingDuration: { value: 4, code: 'min' } }, /timingDuration/],
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
    ['another relation', { relatedAction: [{ actionId: 'call', relationship: 'after-start' }] }, /before-end/],
    [
      'a step after itself',
      { timingDuration: undefined, relatedAction: [{ actionId: 'call', relationship: 'after-end' }] },
      /before this one/,
    ],
    ['two timings', { relatedAction: [{ actionId: 'call', relationship: 'after-end' }] }, /offsetDuration alone/],
    ['an unknown variable', { condition: [applicability('%weather.exists()')] }, /%weather/],
    [
      'a status by dynamicValue',
      { dynamicValue: [{ path: 'status', expression: fhirPath("'draft'") }] },
      /dynamicValue/,
    ],
    [
      'an unknown extension of ours',
      { extension: [{ url: 'https://careloop.dev/fhir/StructureDefinition/stop' }] },
      /stop/,
    ],
    ['evidence of a type nobody is told of', { extension: [evidence({ type: 'Binary' })] }, /Binary/],
    ['evidence with an unknown part', { extension: [evidence({ more: 'x' })] }, /no part "x"/],
    [
      'an escalation that cannot be read',
      { extension: [{ url: 'https://careloop.dev/fhir/StructureDefinition/escalation' }] },
      /escalation/,
    ],
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
    [
      'a trigger that is no phase of an Encounter',
      { trigger: [{ type: 'named-event', name: 'full-moon' }] },
      /trigger/,
    ],
    ['an input with other filters', { input: [{ id: 'x', type: 'Condition', limit: 1 }] }, /limit/],
    [
      'an input by what its type is not searched by',
      { input: [{ id: 'x', type: 'Flag', codeFilter: [{ searchParam: 'status', code: [{ code: 'active' }] }] }] },
      /status is no search parameter of Flag/,
    ],
    ['an input of an unknown type', { input: [{ id: 'x', type: 'Binary' }] }, /Binary/],
    ['a plan of hours', { timingDuration: { value: 4, code: 'h' } }, /days/],
    ['a stop for no reason', { extension: [{ url: 'https://careloop.dev/fhir/StructureDefinition/stop' }] }, /reason/],
  ])('%s', (_name, group, message) => {
    expect(() => readPathway(plan({}, group))).toThrow(message)
  })
})

describe('what is checked when a definition is written', () => {
  const definition = definitions.find(({ id }) => id === 'transition-of-care')!

  test('one that can be run is fine', () => {
    expect(checkPathway(definition)).toEqual([])
  })

  test('one of our triggers and something that is not done: a problem that names it', () => {
    const [action] = definition.action!
    const unfit = { ...definition, action: [{ ...action!, cardinalityBehavior: 'multiple' as const }] }
    expect(checkPathway(unfit)).toMatchObject([{ code: 'business-rule', text: expect.stringMatching(/cardinality/) }])
  })

  test('one for other software is none of our business', () => {
    expect(checkPathway({ resourceType: 'PlanDefinition', status: 'active', action: [{ prefix: '1' }] })).toEqual([])
  })
})
