import { describe, expect, test } from '@jest/globals'
import { parseJson } from '../../../lib/json.ts'
import { resource } from './sample-declarations.ts'
import { BASE_URL, finds } from './sample-search.ts'

const SNOMED = 'http://snomed.info/sct'
const UCUM = 'http://unitsofmeasure.org'
const LOINC = 'http://loinc.org'

describe('token: https://hl7.org/fhir/R4/search.html#token', () => {
  const subject = resource('Task', {
    status: 'ready',
    code: {
      coding: [{ system: SNOMED, code: 'ha125', display: 'Chronic headache' }, { code: 'local' }],
      text: 'Call back',
    },
    identifier: [
      {
        system: 'urn:mrn',
        value: 'Ab1',
        type: { coding: [{ system: 'urn:types', code: 'MR' }], text: 'Record number' },
      },
      { value: '9' },
    ],
  })
  test.each([
    ['code=ha125', true],
    ['code=HA125', true],
    [`code=${SNOMED}|ha125`, true],
    ['code=http://other|ha125', false],
    ['code=|ha125', false],
    ['code=|local', true],
    [`code=${SNOMED}|`, true],
    ['code=http://other|', false],
    ['code=x,ha125', true],
    ['code=x&code=ha125', false],
    ['code=local&code=ha125', true],
    ['code:not=ha125', false],
    ['code:not=x', true],
    ['code:not=x,local', false],
    ['business-status:not=x', true],
    ['code:text=headache', true],
    ['code:text=CALL', true],
    ['code:text=nothing', false],
    ['status=ready', true],
    ['status=Ready', false],
    ['status=http://hl7.org/fhir/task-status|ready', true],
    [`status=${SNOMED}|ready`, false],
    ['identifier=urn:mrn|Ab1', true],
    ['identifier=urn:mrn|ab1', false],
    ['identifier=|9', true],
    ['identifier=|Ab1', false],
    ['identifier=urn:mrn|', true],
    ['identifier:of-type=urn:types|MR|Ab1', true],
    ['identifier:of-type=urn:types|MR|9', false],
    ['identifier:text=record', true],
  ])('%s', (query, expected) => {
    expect(finds(query, subject)).toBe(expected)
  })

  test('a code that holds the characters that part values', () => {
    const odd = resource('Task', { code: { coding: [{ system: 'urn:a|b', code: 'x,y$z' }] } })
    expect(finds('code=urn:a\\|b|x\\,y\\$z', odd)).toBe(true)
  })

  test.each([
    [{ active: true, deceasedDateTime: '2026-01-01' }, 'active=true&deceased=true', true],
    [{ active: false }, 'active=true', false],
    [{ active: true }, 'active=http://hl7.org/fhir/special-values|true', true],
    [{}, 'deceased=false', true],
    [{ deceasedBoolean: false }, 'deceased=true', false],
    [{ telecom: [{ system: 'phone', value: '555-1' }] }, 'phone=555-1', true],
    [{ telecom: [{ system: 'phone', value: '555-1' }] }, 'email=555-1', false],
    [{ telecom: [{ system: 'email', value: 'Ana@example.org' }] }, 'email=ana@EXAMPLE.org', true],
  ])('Patient %j: %s', (content, query, expected) => {
    expect(finds(query, resource('Patient', content))).toBe(expected)
  })
})

describe('string: https://hl7.org/fhir/R4/search.html#string', () => {
  const subject = resource('Patient', {
    name: [{ family: 'Carreño Quiñones', given: ['Evelyn', 'Séverine'] }],
    address: [{ line: ['12 Main St.'], city: 'Saint-Denis' }],
  })
  test.each([
    ['given=eve', true],
    ['given=EVELYN', true],
    ['given=lyn', false],
    ['given=severine', true],
    ['given:contains=ver', true],
    ['given:exact=Evelyn', true],
    ['given:exact=evelyn', false],
    ['given:exact=Eve', false],
    ['family=quinones', true],
    ['family=Carreno', true],
    ['name=quinones', true],
    ['name=x,eve', true],
    ['address=12 main st', true],
    ['address=saint denis', true],
    ['address=denis', false],
    ['address:contains=denis', true],
  ])('%s', (query, expected) => {
    expect(finds(query, subject)).toBe(expected)
  })
})

describe('reference: https://hl7.org/fhir/R4/search.html#reference', () => {
  const task = (content: object) => resource('Task', content)
  const own = { for: { reference: 'Patient/23' } }
  test.each<[object, string, boolean]>([
    [own, 'subject=23', true],
    [own, 'subject=Patient/23', true],
    [own, 'subject:Patient=23', true],
    [own, 'subject:Group=23', false],
    [own, 'subject=Group/23', false],
    [own, `subject=${BASE_URL}/Patient/23`, true],
    [own, 'subject=http://other.example.org/fhir/Patient/23', false],
    [own, 'patient=23', true],
    [own, 'patient=Patient/23,Patient/24', true],
    [own, 'patient=2', false],
    [{ for: { reference: `${BASE_URL}/Patient/23` } }, 'subject=Patient/23', true],
    [{ for: { reference: 'http://other.example.org/fhir/Patient/23' } }, 'subject=Patient/23', false],
    [
      { for: { reference: 'http://other.example.org/fhir/Patient/23' } },
      'subject=http://other.example.org/fhir/Patient/23',
      true,
    ],
    [{ for: { reference: 'Patient/23/_history/2' } }, 'subject=Patient/23', true],
    [{ for: { reference: 'Patient/23/_history/2' } }, 'subject=Patient/23/_history/2', true],
    [{ for: { reference: 'Patient/23/_history/2' } }, 'subject=Patient/23/_history/3', false],
    [{ for: { reference: 'Group/23' } }, 'patient=23', false],
    [{ for: { reference: 'Group/23' } }, 'patient:missing=true', true],
    [{ for: { reference: 'urn:uuid:0b1e' } }, 'subject=urn:uuid:0b1e', true],
    [{ for: { reference: '#p' } }, 'subject=p', false],
    // a bare id means one of the types that the parameter can point at
    [{ owner: { reference: 'Device/7' } }, 'owner=7', false],
    [{ owner: { reference: 'CareTeam/7' } }, 'owner=7', true],
    [{ for: { identifier: { system: 'urn:mrn', value: '5' } } }, 'subject:identifier=urn:mrn|5', true],
    [{ for: { identifier: { system: 'urn:mrn', value: '5' } } }, 'patient:identifier=urn:mrn|5', true],
    [{ for: { type: 'Group', identifier: { system: 'urn:mrn', value: '5' } } }, 'patient:identifier=urn:mrn|5', false],
    [{ for: { identifier: { system: 'urn:mrn', value: '5' } } }, 'subject:identifier=urn:other|5', false],
    [{ instantiatesCanonical: 'http://acme.org/AD/x|1.1' }, 'instantiates-canonical=http://acme.org/AD/x', true],
    [{ instantiatesCanonical: 'http://acme.org/AD/x|1.1' }, 'instantiates-canonical=http://acme.org/AD/x|1.1', true],
    [{ instantiatesCanonical: 'http://acme.org/AD/x|1.1' }, 'instantiates-canonical=http://acme.org/AD/x|1.2', false],
    [
      { instantiatesCanonical: 'http://acme.org/AD/x|1.1' },
      'instantiates-canonical:below=http://acme.org/AD/x|1',
      true,
    ],
    [
      { instantiatesCanonical: 'http://acme.org/AD/x|2.0' },
      'instantiates-canonical:below=http://acme.org/AD/x|1',
      false,
    ],
    [
      { instantiatesCanonical: `${BASE_URL}/PlanDefinition/x` },
      `instantiates-canonical=${BASE_URL}/PlanDefinition/x`,
      true,
    ],
  ])('%j: %s', (content, query, expected) => {
    expect(finds(query, task(content))).toBe(expected)
  })
})

describe('uri: https://hl7.org/fhir/R4/search.html#uri', () => {
  test.each([
    ['http://acme.org/fhir/ValueSet/123', 'instantiates-uri=http://acme.org/fhir/ValueSet/123', true],
    ['http://acme.org/fhir/ValueSet/123', 'instantiates-uri=http://acme.org/fhir/valueset/123', false],
    ['http://acme.org/fhir/ValueSet/123', 'instantiates-uri:below=http://acme.org/fhir/', true],
    ['http://acme.org/fhir/ValueSet/123', 'instantiates-uri:below=http://acme.org/fh', false],
    ['http://acme.org/fhir/ValueSet/123', 'instantiates-uri:above=http://acme.org/fhir/ValueSet/123/_history/5', true],
    ['http://acme.org/fhir/ValueSet/12', 'instantiates-uri:above=http://acme.org/fhir/ValueSet/123', false],
    ['urn:oid:1.2.3.4.5', 'instantiates-uri=urn:oid:1.2.3.4.5', true],
    ['urn:oid:1.2.3.4.5', 'instantiates-uri:below=urn:oid:1.2.3', false],
  ])('%s: %s', (uri, query, expected) => {
    expect(finds(query, resource('Task', { instantiatesUri: uri }))).toBe(expected)
  })

  test('a profile is found with and without its version', () => {
    const subject = resource('Task', { meta: { profile: ['http://acme.org/P|2.0'] } })
    expect(finds('_profile=http://acme.org/P', subject)).toBe(true)
    expect(finds('_profile=http://acme.org/P|2.0', subject)).toBe(true)
    expect(finds('_profile=http://acme.org/P|1.0', subject)).toBe(false)
  })
})

describe('number and quantity: https://hl7.org/fhir/R4/search.html#quantity', () => {
  const measured = (text: string) => resource('Observation', parseJson(text) as object)
  const mg = measured(`{"valueQuantity":{"value":5.40,"unit":"milligram","system":"${UCUM}","code":"mg"}}`)
  test.each([
    [`value-quantity=5.4|${UCUM}|mg`, true],
    [`value-quantity=5.40|${UCUM}|mg`, true],
    [`value-quantity=5.400|${UCUM}|mg`, false],
    [`value-quantity=5.4|${UCUM}|g`, false],
    ['value-quantity=5.4|http://other|mg', false],
    ['value-quantity=5.4||mg', true],
    ['value-quantity=5.4||milligram', true],
    [`value-quantity=5.4|${UCUM}|milligram`, false],
    [`value-quantity=5.4|${UCUM}|`, true],
    ['value-quantity=5.4', true],
    [`value-quantity=le5.4|${UCUM}|mg`, true],
    [`value-quantity=lt5.4|${UCUM}|mg`, false],
    [`value-quantity=ap5|${UCUM}|mg`, true],
    ['value-quantity=ne5.4', false],
  ])('%s', (query, expected) => {
    expect(finds(query, mg)).toBe(expected)
  })

  test('a comparator, a Range and SampledData are ranges', () => {
    const below5 = measured('{"valueQuantity":{"value":5,"comparator":"<"}}')
    expect(finds('value-quantity=lt1', below5)).toBe(true)
    expect(finds('value-quantity=gt5', below5)).toBe(false)
    const range = measured('{"valueRange":{"low":{"value":2},"high":{"value":4}}}')
    expect(finds('value-quantity=gt3', range)).toBe(true)
    expect(finds('value-quantity=sa3', range)).toBe(false)
    expect(finds('value-quantity=sa1', range)).toBe(true)
    const sampled = measured('{"valueSampledData":{"origin":{"value":0,"unit":"mV"},"lowerLimit":-2,"upperLimit":2}}')
    expect(finds('value-quantity=ge1||mV', sampled)).toBe(true)
    expect(finds('value-quantity=gt3', sampled)).toBe(false)
  })

  test('a number', () => {
    const subject = resource('RiskAssessment', { prediction: [{ probabilityDecimal: 0.85 }], doseNumber: 2 })
    expect(finds('probability=gt0.8&dose-number=2', subject)).toBe(true)
    expect(finds('probability=lt0.8', subject)).toBe(false)
  })
})

describe('composite: https://hl7.org/fhir/R4/search.html#combining', () => {
  const coded = (code: string) => ({ coding: [{ system: LOINC, code }] })
  const bloodPressure = resource('Observation', {
    code: coded('85354-9'),
    valueQuantity: { value: 1 },
    component: [
      { code: coded('8480-6'), valueQuantity: { value: 120, unit: 'mm[Hg]' } },
      { code: coded('8462-4'), valueQuantity: { value: 55, unit: 'mm[Hg]' } },
    ],
  })
  test.each([
    [`component-code-value-quantity=${LOINC}|8462-4$lt60`, true],
    // the 55 belongs to the other component
    [`component-code-value-quantity=${LOINC}|8480-6$lt60`, false],
    [`component-code-value-quantity=${LOINC}|8480-6$lt60,${LOINC}|8480-6$gt100`, true],
    ['component-code-value-quantity=8480-6$120||mm[Hg]', true],
    ['code-value-quantity=85354-9$1', true],
    ['code-value-quantity=85354-9$120', false],
    ['combo-code-value-quantity=8480-6$120', true],
    ['combo-code-value-quantity=85354-9$1', true],
    // the code of a component with the value of the whole
    ['combo-code-value-quantity=8480-6$1', false],
  ])('%s', (query, expected) => {
    expect(finds(query, bloodPressure)).toBe(expected)
  })
})

describe(':missing', () => {
  test.each<[object, string, boolean]>([
    [{ status: 'ready' }, 'status:missing=false', true],
    [{ status: 'ready' }, 'status:missing=true', false],
    [{ _status: { extension: [] } }, 'status:missing=true', true],
    [{}, 'period:missing=true', true],
    [{ executionPeriod: { start: '2026' } }, 'period:missing=true', false],
    [{ restriction: {} }, 'due-date:missing=true', true],
  ])('%j: %s', (content, query, expected) => {
    expect(finds(query, resource('Task', content))).toBe(expected)
  })
})

describe('what every resource has', () => {
  const subject = resource('Task', {
    id: 'a1',
    meta: {
      lastUpdated: '2026-11-25T10:00:00.000Z',
      tag: [{ system: 'urn:t', code: 'x' }],
      security: [{ code: 'R' }],
      source: 'urn:s',
    },
  })
  test.each([
    ['_id=a1', true],
    ['_id=A1', false],
    ['_id=b,a1', true],
    ['_lastUpdated=ge2026-11-25', true],
    ['_lastUpdated=lt2026-11-25', false],
    ['_tag=urn:t|x', true],
    ['_tag=y', false],
    ['_security=R', true],
    ['_source=urn:s', true],
  ])('%s', (query, expected) => {
    expect(finds(query, subject)).toBe(expected)
  })
})
