import { describe, expect, test } from '@jest/globals'
import type { StructureDefinition } from 'fhir/r4'
import type { Resource } from '../../../lib/fhir.ts'
import { parseJson } from '../../../lib/json.ts'
import { validateProfiles } from '../../../lib/profiles/validate-profiles.ts'
import { testApi } from '../../support/api.ts'
import { bloodPressure, component, profileOn, reading, valueSetOf } from './own-profile.ts'

const VALUE_SETS = [valueSetOf('pressures', 'panel'), valueSetOf('interpretations', 'high')]

/** Severity, code and expression of what is found. */
const found = async (
  resource: Record<string, unknown>,
  profiles: readonly StructureDefinition[] = [bloodPressure],
  asked = profiles.map(({ url }) => url),
): Promise<string[]> => {
  const { careloop, put } = testApi()
  for (const [index, one] of [...profiles, ...VALUE_SETS].entries())
    expect((await put(`/${one.resourceType}/${index}`, { ...one, id: String(index) })).status).toBe(201)
  const { findings, unknown } = await validateProfiles(careloop, resource as unknown as Resource, asked)
  return [
    ...findings.map(({ severity, code, expression }) => `${severity} ${code} ${expression}`),
    ...unknown.map((canonical) => `unknown ${canonical}`),
  ]
}

describe('a resource held against a profile', () => {
  test('meets it', async () => {
    expect(await found(reading())).toEqual([])
  })

  test.each<[string, Record<string, unknown>, string[]]>([
    ['a required element', { subject: undefined }, ['error required Observation.subject']],
    ['an element that is not allowed', { valueString: 'x' }, ['error structure Observation.value']],
    ['a slice that is missing', { category: [{ text: 'x' }] }, ['error required Observation.category']],
    [
      'one of two slices, and too few',
      { component: [component('systolic')] },
      ['error required Observation.component', 'error required Observation.component'],
    ],
    [
      'a slice too many',
      { component: [component('systolic'), component('systolic'), component('diastolic')] },
      ['error structure Observation.component'],
    ],
    [
      'what is in no slice of closed ones',
      { component: [component('systolic'), component('diastolic'), component('pulse')] },
      ['error structure Observation.component[2]'],
    ],
    [
      'the type within a slice',
      { component: [component('systolic', { valueString: 'x' }), component('diastolic')] },
      ['error structure Observation.component[0].value'],
    ],
    [
      'a required code',
      { code: { coding: [{ system: 'urn:x', code: 'panel' }] } },
      ['error code-invalid Observation.code'],
    ],
    ['a required code that is only text', { code: { text: 'x' } }, ['error code-invalid Observation.code']],
    [
      'an extensible code',
      { interpretation: [{ coding: [{ system: 'http://loinc.org', code: 'x' }] }, { text: 'none fits' }] },
      ['warning code-invalid Observation.interpretation[0]'],
    ],
    ['the target of a reference', { subject: { reference: 'Group/1' } }, ['error value Observation.subject.reference']],
    [
      'a contained target',
      { subject: { reference: '#g' }, contained: [{ resourceType: 'Group', id: 'g' }] },
      ['error value Observation.subject.reference'],
    ],
    [
      'an invariant',
      { component: [component('systolic', {}), component('diastolic')] },
      ['error invariant Observation.component[0]'],
    ],
  ])('misses %s', async (_, elements, expected) => {
    expect(await found(reading(elements))).toEqual(expected)
  })

  test('issues name the rule and the profile, and no values', async () => {
    const { careloop, put } = testApi()
    await put('/StructureDefinition/1', { ...bloodPressure, id: '1' })
    const resource = reading({ valueString: 'secret', component: [component('systolic', {}), component('secret')] })
    const { findings } = await validateProfiles(careloop, resource as unknown as Resource, [bloodPressure.url])
    const texts = findings.map(({ text }) => text)
    expect(texts).toContain(
      `Observation.component[0] breaks bp-1: A component has a value or says why not (${bloodPressure.url}|1.0.0)`,
    )
    expect(texts.join()).not.toContain('secret')
  })

  test('a value set that is not here is told, not guessed', async () => {
    const elsewhere = profileOn('Observation', 'elsewhere', [
      {
        id: 'Observation.code',
        min: 1,
        max: '1',
        type: [{ code: 'CodeableConcept' }],
        binding: { strength: 'required', valueSet: 'http://example.org/not-here' },
      },
    ])
    expect(await found(reading(), [elsewhere])).toEqual(['information informational Observation.code'])
  })

  test('decimals are compared by value', async () => {
    const fixed = profileOn('Observation', 'fixed', [
      { id: 'Observation.value[x]', min: 1, max: '1', type: [{ code: 'Quantity' }], patternQuantity: { value: 1.5 } },
    ])
    const of = (value: string) => found(reading(parseJson(`{"valueQuantity":{"value":${value}}}`) as never), [fixed])
    expect(await of('1.50')).toEqual([])
    expect(await of('1.51')).toEqual(['error value Observation.value'])
  })

  test('a profile of another type, and one that is not here', async () => {
    const ofTask = profileOn('Task', 'of-task', [])
    expect(await found(reading(), [ofTask], [ofTask.url, 'http://example.org/nowhere'])).toEqual([
      'error invalid Observation.meta.profile',
      'unknown http://example.org/nowhere',
    ])
  })

  test('|version names a version; without it the latest counts', async () => {
    const [older, newer] = ['1.9.0', '1.10.0'].map((version) =>
      profileOn(
        'Observation',
        'two',
        [{ id: 'Observation.value[x]', min: version === '1.10.0' ? 1 : 0, max: '1' }],
        version,
      ),
    )
    const both = [newer!, older!]
    expect(await found(reading(), both, [`${older!.url}|1.9.0`])).toEqual([])
    expect(await found(reading(), both, [older!.url])).toEqual(['error required Observation.value'])
    expect(await found(reading(), both, [`${older!.url}|3.0.0`])).toEqual([`unknown ${older!.url}|3.0.0`])
  })
})

describe('extensions', () => {
  const extension = profileOn('Extension', 'severity', [
    {
      id: 'Extension.url',
      min: 1,
      max: '1',
      type: [{ code: 'uri' }],
      fixedUri: 'http://example.org/fhir/StructureDefinition/severity',
    },
    { id: 'Extension.value[x]', min: 1, max: '1', type: [{ code: 'code' }] },
  ])

  test('are held against their own definition wherever they stand; unknown ones are not', async () => {
    const subject = {
      reference: 'Patient/1',
      _display: {
        extension: [
          { url: extension.url, valueString: 'x' },
          { url: 'urn:unknown', valueString: 'x' },
        ],
      },
    }
    expect(await found(reading({ subject }), [extension], [])).toEqual([
      'error structure Observation.subject.display.extension[0].value',
    ])
  })
})
