import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationDefinition, OperationOutcome, RiskAssessment } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'

const V3 = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const patient = { reference: 'Patient/amelia' }
const encounter = (id: string, code: string, start: string, end: string, others: object = {}) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { system: V3, code },
  subject: patient,
  period: { start, end },
  ...others,
})
const priority = (code: string) => ({
  priority: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActPriority', code }] },
})
/** Seven nights; the tenant is in Chicago. */
const stay = (others: object = priority('EM')) =>
  encounter('stay', 'IMP', '2026-01-02T09:00:00-06:00', '2026-01-09T14:00:00-06:00', others)

const observation = (id: string, coding: object, effectiveDateTime: string, value: object, status = 'final') => ({
  resourceType: 'Observation',
  id,
  status,
  code: { coding: [coding] },
  subject: patient,
  effectiveDateTime,
  ...value,
})
const charlson = (index: number) =>
  observation(
    'charlson',
    { system: 'https://careloop.dev/fhir/CodeSystem/risk-input', code: 'charlson-comorbidity-index' },
    '2025-06-01',
    { valueInteger: index },
  )
const quantity = (value: number, code: string) => ({
  valueQuantity: { value, code, system: 'http://unitsofmeasure.org' },
})
const loinc = (code: string) => ({ system: 'http://loinc.org', code })
const hemoglobin = (id: string, at: string, value: number, unit = 'g/dL', status?: string) =>
  observation(id, loinc('718-7'), at, quantity(value, unit), status)
const sodium = (id: string, at: string, value: number) =>
  observation(id, loinc('2951-2'), at, quantity(value, 'mmol/L'))

const parameters = (values: object) => ({
  resourceType: 'Parameters',
  parameter: Object.entries(values).map(([name, value]) => ({
    name,
    ...(typeof value === 'boolean' && { valueBoolean: value }),
    ...(typeof value === 'number' && { valueDecimal: value }),
    ...(typeof value === 'string' && { valueCode: value }),
  })),
})

let api: TestApi
beforeEach(() => {
  api = testApi({ tenant: { timeZone: 'America/Chicago' } })
})

const store = async (...resources: { resourceType: string; id: string }[]) => {
  for (const resource of resources) await api.put(`/${resource.resourceType}/${resource.id}`, resource)
}
const risk = (values: object = {}) => api.post<RiskAssessment>('/Encounter/stay/$readmission-risk', parameters(values))
const missing = async (values: object = {}): Promise<string[]> => {
  const { status, body } = await api.post<OperationOutcome>('/Encounter/stay/$readmission-risk', parameters(values))
  expect(status).toBe(422)
  return body.issue.map(({ diagnostics }) => diagnostics!.split(' ')[0]!)
}

describe('LACE', () => {
  test('is calculated from the stay, earlier visits and an observed Charlson index, and says from what', async () => {
    await store(
      stay(),
      charlson(2),
      encounter('visit-1', 'EMER', '2025-12-01T10:00:00-06:00', '2025-12-01T15:00:00-06:00'),
      encounter('visit-2', 'EMER', '2025-07-02T10:00:00-06:00', '2025-07-02T15:00:00-06:00'),
      encounter('too-old', 'EMER', '2025-07-01T10:00:00-06:00', '2025-07-01T15:00:00-06:00'),
      encounter('led-into-it', 'EMER', '2026-01-02T03:00:00-06:00', '2026-01-02T09:00:00-06:00'),
      encounter('later', 'EMER', '2026-02-01T03:00:00-06:00', '2026-02-01T09:00:00-06:00'),
      encounter('error', 'EMER', '2025-12-02T10:00:00-06:00', '2025-12-02T15:00:00-06:00', {
        status: 'entered-in-error',
      }),
    )
    const { status, body } = await risk()
    expect(status).toBe(200)
    expect(body).toMatchObject({
      resourceType: 'RiskAssessment',
      status: 'final',
      subject: patient,
      encounter: { reference: 'Encounter/stay' },
      method: { coding: [{ code: 'lace' }] },
      extension: [{ valueInteger: 12 }],
      prediction: [
        { qualitativeRisk: { coding: [{ code: 'high' }] }, rationale: 'LACE index: 12 of 19 (L 5, A 3, C 2, E 2).' },
      ],
    })
    expect(body.basis!.map(({ reference }) => reference)).toEqual([
      'Encounter/stay',
      'Observation/charlson',
      'Encounter/visit-1',
      'Encounter/visit-2',
    ])
    expect(body.id).toBeUndefined()
    expect((await api.get<Bundle>('/RiskAssessment')).body.entry).toBeUndefined()
  })

  test('counts the day of discharge where asked to', async () => {
    await store(
      encounter('stay', 'IMP', '2026-01-02T09:00:00-06:00', '2026-01-08T14:00:00-06:00', priority('EL')),
      charlson(0),
    )
    expect((await risk()).body.extension![0]!.valueInteger).toBe(4)
    expect((await risk({ losCounting: 'days' })).body.extension![0]!.valueInteger).toBe(5)
  })

  test('counts days where the hospital is', async () => {
    // 2 January 20:00 in Chicago, 3 January in UTC
    await store(encounter('stay', 'IMP', '2026-01-03T02:00:00Z', '2026-01-03T15:00:00Z', priority('EL')), charlson(0))
    expect((await risk()).body.extension![0]!.valueInteger).toBe(1)
  })

  test.each([
    ['a priority', priority('UR'), true],
    ['an elective priority', priority('EL'), false],
    [
      'an admit source',
      {
        hospitalization: {
          admitSource: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/admit-source', code: 'emd' }] },
        },
      },
      true,
    ],
    [
      'an admission type of HL7 v2',
      { type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0007', code: 'E' }] }] },
      true,
    ],
    [
      'an elective one',
      { type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0007', code: 'C' }] }] },
      false,
    ],
    [
      'a former class',
      { classHistory: [{ class: { system: V3, code: 'EMER' }, period: { start: '2026-01-02' } }] },
      true,
    ],
  ])('reads from %s whether the admission was acute', async (_name, others, isAcute) => {
    await store(stay(others), charlson(0))
    expect((await risk()).body.extension![0]!.valueInteger).toBe(isAcute ? 8 : 5)
  })

  test('takes an emergency visit that led into the stay for an acute admission, and names it', async () => {
    await store(
      stay({}),
      charlson(0),
      encounter('led-into-it', 'EMER', '2026-01-02T03:00:00-06:00', '2026-01-02T09:00:00-06:00'),
    )
    const { body } = await risk()
    expect(body.extension![0]!.valueInteger).toBe(8)
    expect(body.basis!.map(({ reference }) => reference)).toContain('Encounter/led-into-it')
  })

  test('is not calculated with inputs missing: they are listed', async () => {
    await store(stay({}))
    expect(await missing()).toEqual(['acuteAdmission', 'charlsonIndex'])
    expect(await missing({ charlsonIndex: 2 })).toEqual(['acuteAdmission'])
  })

  test('nor before the discharge', async () => {
    await store(
      { ...stay(), status: 'in-progress', period: { start: '2026-01-02T09:00:00-06:00' } } as never,
      charlson(1),
    )
    expect(await missing()).toEqual(['lengthOfStay', 'charlsonIndex'])
  })

  test('prefers what is given, and says so', async () => {
    await store(stay(), charlson(0))
    const { body } = await risk({ charlsonIndex: 4, emergencyVisits: 1 })
    expect(body.extension![0]!.valueInteger).toBe(14)
    expect(body.prediction![0]!.rationale).toContain('Given with the request: charlsonIndex, emergencyVisits.')
    expect(body.basis!.map(({ reference }) => reference)).toEqual(['Encounter/stay'])
  })
})

describe('HOSPITAL', () => {
  const oncology = { serviceType: { coding: [{ system: 'http://snomed.info/sct', code: '394593009' }] } }
  const procedure = (id: string, others: object) => ({
    resourceType: 'Procedure',
    id,
    status: 'completed',
    subject: patient,
    ...others,
  })

  test('is calculated from the last results of the stay, procedures, service and earlier admissions', async () => {
    await store(
      stay({ ...priority('EM'), ...oncology }),
      hemoglobin('before', '2026-01-03T08:00:00-06:00', 14),
      hemoglobin('last', '2026-01-09T08:00:00-06:00', 119, 'g/L'),
      hemoglobin('unknown-unit', '2026-01-09T09:00:00-06:00', 15, 'mmol/L'),
      hemoglobin('draft', '2026-01-09T09:00:00-06:00', 15, 'g/dL', 'preliminary'),
      hemoglobin('afterwards', '2026-01-09T18:00:00-06:00', 15),
      sodium('sodium', '2026-01-08', 135),
      procedure('done', { encounter: { reference: 'Encounter/stay' }, performedDateTime: '2026-01-03' }),
      procedure('elsewhere', { encounter: { reference: 'Encounter/other' }, performedDateTime: '2026-01-03' }),
      encounter('a', 'IMP', '2025-01-02T09:00:00-06:00', '2025-01-05'),
      encounter('b', 'ACUTE', '2025-06-01T09:00:00-06:00', '2025-06-05'),
      encounter('too-old', 'IMP', '2025-01-01T09:00:00-06:00', '2025-01-05'),
    )
    const { body } = await risk({ method: 'hospital' })
    expect(body.prediction![0]).toMatchObject({
      rationale:
        'HOSPITAL score (2016): 9 of 13 (hemoglobin 1, oncology 2, sodium 0, procedure 1, index type 1, admissions 2, length of stay 2).',
      probabilityDecimal: 22.8,
      qualitativeRisk: { coding: [{ code: 'high' }] },
    })
    expect(body.basis!.map(({ reference }) => reference)).toEqual([
      'Observation/last',
      'Encounter/stay',
      'Observation/sodium',
      'Procedure/done',
      'Encounter/b',
      'Encounter/a',
    ])
  })

  test('counts one earlier admission as in 2013 where asked to', async () => {
    await store(stay(), encounter('a', 'IMP', '2025-06-01T09:00:00-06:00', '2025-06-05'))
    const given = { method: 'hospital', hemoglobin: 12.5, sodium: 140, oncologyService: false }
    expect((await risk(given)).body.extension![0]!.valueInteger).toBe(3)
    expect((await risk({ ...given, variant: '2013' })).body.extension![0]!.valueInteger).toBe(5)
  })

  test('lists what is missing', async () => {
    await store(stay(), hemoglobin('of-another-stay', '2025-12-01', 10))
    expect(await missing({ method: 'hospital' })).toEqual(['hemoglobin', 'oncologyService', 'sodium'])
  })
})

describe('saved', () => {
  test('it is one RiskAssessment for a stay and a method, with a history', async () => {
    await store(stay(), charlson(1))
    const first = await risk({ save: true })
    expect(first.status).toBe(201)
    expect(first.headers.location).toContain(`/RiskAssessment/${first.body.id}/_history/1`)
    const second = await risk({ save: true, charlsonIndex: 4 })
    expect({ status: second.status, id: second.body.id, v: second.body.meta!.versionId }).toEqual({
      status: 200,
      id: first.body.id,
      v: '2',
    })
    const { body } = await api.get<Bundle>('/RiskAssessment?patient=Patient/amelia')
    expect(body.total).toBe(1)
  })
})

test('the published operation names every parameter there is', async () => {
  const path = join(import.meta.dirname, '../../fhir-profiles/operation-definitions/encounter-readmission-risk.json')
  const { parameter } = JSON.parse(readFileSync(path, 'utf8')) as OperationDefinition
  const names = parameter!.filter(({ use }) => use === 'in').map(({ name }) => name)
  const { body } = await api.post<OperationOutcome>('/Encounter/stay/$readmission-risk?unheard=1', parameters({}))
  expect(body.issue[0]!.diagnostics).toBe(`This operation takes ${names.join(', ')}, not unheard.`)
})

describe('refused', () => {
  test.each([
    [{ method: 'guess' }],
    [{ variant: '2020' }],
    [{ losCounting: 'weeks' }],
    [{ lengthOfStay: 1.5 }],
    [{ charlsonIndex: -1 }],
    [{ hemoglobin: 0 }],
    [{ acuteAdmission: 'perhaps' }],
    [{ unheard: 1 }],
  ])('%j', async (values) => {
    await store(stay(), charlson(1))
    expect((await risk(values)).status).toBe(400)
  })

  test('a stay that is not there, or of nobody', async () => {
    expect((await risk()).status).toBe(404)
    await store({ ...stay(), subject: undefined } as never)
    expect((await risk()).status).toBe(422)
  })
})
