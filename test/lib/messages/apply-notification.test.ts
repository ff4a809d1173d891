import { beforeEach, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { CareTeam, Encounter, Patient, Provenance } from 'fhir/r4'
import type { Resource } from '../../../lib/fhir.ts'
import type { AdtText } from './er7.ts'
import { hospital, MRN, patient } from './hospital.ts'

type Hospital = Awaited<ReturnType<typeof hospital>>
let api: Hospital
beforeEach(async () => {
  api = await hospital()
})

const admit: AdtText = {
  trigger: 'A01',
  at: '20261116100000',
  pv1: { 2: 'I', 3: 'W^101^1^HOSP', 44: '20261116094000' },
}
const discharge: AdtText = { trigger: 'A03', at: '20261120143000', pv1: { 2: 'I', 36: '01', 45: '20261120140000' } }

describe('a visit', () => {
  test('is one Encounter through all of its messages', async () => {
    await api.tell(admit)
    await api.tell(discharge)
    const [visit, ...others] = await api.encounters()
    expect(others).toEqual([])
    expect(visit).toMatchObject({
      status: 'finished',
      class: { code: 'IMP' },
      subject: { reference: 'Patient/amelia' },
      period: { start: '2026-11-16T09:40:00-06:00', end: '2026-11-20T14:00:00-06:00' },
      hospitalization: {
        dischargeDisposition: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0112', code: '01' }] },
      },
    })
  })

  test('that a client has written is found by its visit number', async () => {
    const identifier = [{ system: 'https://careloop.dev/fhir/NamingSystem/visit-number/HOSP', value: 'V100' }]
    const written = { resourceType: 'Encounter', id: 'stay', status: 'in-progress', class: { code: 'IMP' }, identifier }
    await api.put(written as Resource)
    await api.tell({ ...discharge, at: '20270101000000' })
    expect(await api.encounters()).toMatchObject([
      { id: 'stay', status: 'finished', subject: { reference: 'Patient/amelia' } },
    ])
  })

  test('is told from one of another facility with the same number', async () => {
    await api.tell(admit)
    await api.tell({ ...admit, id: 'other', msh: { 4: 'CLINIC' }, pv1: { 2: 'I' } })
    expect(await api.encounters()).toHaveLength(2)
  })

  test('is one Encounter when its messages come at once, as if they had come one by one', async () => {
    const messages = [
      ...[admit, discharge, { trigger: 'A02', at: '20261117120000', pv1: { 2: 'I', 3: 'W^102^1^HOSP' } }],
      { trigger: 'A08', at: '20261118120000', pv1: { 2: 'I', 44: '20261116093000' } },
      { trigger: 'A13', at: '20261120150000', pv1: { 2: 'I' } },
      { ...discharge, id: 'again', at: '20261121100000', pv1: { 2: 'I', 45: '20261121093000' } },
    ]
    const other = await hospital()
    for (const message of messages) await other.tell(message)
    const codes = (await Promise.all(messages.map((message) => api.tell(message)))).map(({ code }) => code)
    expect(codes).toEqual(messages.map(() => 'AA'))
    const said = async (of: Hospital) => (await of.encounters()).map(({ meta: _meta, ...visit }) => visit)
    expect(await said(api)).toEqual(await said(other))
    expect(await said(api)).toMatchObject([{ status: 'finished', period: { end: '2026-11-21T09:30:00-06:00' } }])
  })

  test('comes to the same in any order, each message any number of times', async () => {
    const messages = [admit, discharge, { trigger: 'A13', at: '20261120150000', pv1: { 2: 'I' } }]
    const again = { ...discharge, id: 'again', at: '20261121100000', pv1: { 2: 'I', 45: '20261121093000' } }
    const all = [...messages, again]
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(all.length - 1), { maxLength: 8 }),
        fc.shuffledSubarray(all, { minLength: 4 }),
        async (some, each) => {
          const at = await hospital()
          for (const index of some) await at.tell(all[index]!)
          for (const message of each) await at.tell(message)
          expect(await at.encounters()).toMatchObject([
            { status: 'finished', period: { end: '2026-11-21T09:30:00-06:00' } },
          ])
          expect(await at.receipts()).toHaveLength(all.length)
        },
      ),
      { numRuns: 20 },
    )
  })

  test('with an offset in its times and without, in the zone of its facility', async () => {
    await api.put({
      resourceType: 'Organization',
      id: 'hosp',
      identifier: [{ system: 'https://careloop.dev/fhir/NamingSystem/facility', value: 'HOSP' }],
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: 'America/Denver' }],
    })
    await api.tell({ ...discharge, pv1: { 2: 'I', 44: '20261116094000-0800', 45: '20261120140000' } })
    expect(await api.encounters()).toMatchObject([
      {
        period: { start: '2026-11-16T09:40:00-08:00', end: '2026-11-20T14:00:00-07:00' },
        serviceProvider: { reference: 'Organization/hosp' },
      },
    ])
  })
})

describe('a receipt', () => {
  test('says what came, when, and what it was about', async () => {
    await api.tell(admit)
    const [visit] = await api.encounters()
    const [receipt] = await api.receipts()
    expect(receipt).toMatchObject({
      status: 'completed',
      identifier: [{ value: 'M-A01' }],
      category: [{ coding: [{ code: 'notification-receipt' }] }],
      subject: { reference: 'Patient/amelia' },
      encounter: { reference: `Encounter/${visit!.id}` },
      topic: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0003', code: 'A01' }] },
      sent: '2026-11-16T16:00:00.000Z',
    })
    expect(receipt!.received).toMatch(/^2026-01-05T/)
    expect(receipt!.payload).toBeUndefined()
  })

  test('makes a duplicate known: nothing is written', async () => {
    await api.tell(admit)
    const before = api.versions()
    expect(await api.tell(admit)).toMatchObject({ code: 'AA', error: expect.arrayContaining(['W']) })
    expect(api.versions()).toBe(before)
  })

  test('is all there is of an event that nothing follows from', async () => {
    expect((await api.tell({ trigger: 'A31' })).code).toBe('AA')
    expect(await api.encounters()).toEqual([])
    expect(await api.receipts()).toMatchObject([{ status: 'completed', topic: { coding: [{ code: 'A31' }] } }])
  })
})

describe('a patient nobody knows', () => {
  const stranger = '9999^^^HOSP^MR'

  test('is asked for once, and the messages wait', async () => {
    const answers = [
      await api.tell({ ...admit, patient: stranger }),
      await api.tell({ ...discharge, patient: stranger }),
    ]
    expect(answers.map(({ code, error }) => [code, error?.[3]])).toEqual([
      ['AA', '204^Unknown key identifier^HL70357'],
      ['AA', '204^Unknown key identifier^HL70357'],
    ])
    expect(await api.encounters()).toEqual([])
    const [task, ...others] = await api.tasks()
    expect(others).toEqual([])
    expect(task).toMatchObject({
      status: 'ready',
      code: { coding: [{ code: 'resolve-identity' }] },
      owner: { reference: 'CareTeam/care-management-pool' },
      restriction: { period: { end: '2026-01-05T18:00:00.000Z' } },
    })
    expect(await api.read<CareTeam>('CareTeam/care-management-pool')).toMatchObject({ status: 'active' })
    const parked = await api.receipts()
    expect(parked).toMatchObject(Array(2).fill({ status: 'on-hold', partOf: [{ reference: `Task/${task!.id}` }] }))
    expect(parked.every(({ payload }) => payload?.[0]?.contentAttachment?.data)).toBe(true)
  })

  test('is asked for once when messages come at once', async () => {
    await Promise.all([admit, discharge].map((text) => api.tell({ ...text, patient: stranger })))
    expect(await api.tasks()).toHaveLength(1)
    expect(await api.receipts()).toHaveLength(2)
  })

  test('is whom nobody can tell from another, who both are named', async () => {
    await api.put(patient('bertha', '4711'))
    await api.tell(admit)
    const [task] = await api.tasks()
    expect(task!.input?.map(({ valueReference }) => valueReference?.reference).sort()).toEqual([
      'Patient/amelia',
      'Patient/bertha',
    ])
  })

  test('is not taken for one with the same social security number', async () => {
    await api.put(
      patient('bertha', '4712', {
        identifier: [
          { system: 'https://careloop.dev/fhir/NamingSystem/assigning-authority/SSA', value: '999-00-1111' },
        ],
      }),
    )
    await api.tell({ ...admit, patient: '1^^^HOSP^MR~999-00-1111^^^SSA^SS' })
    expect(await api.tasks()).toHaveLength(1)
  })

  test('is whose visit is known as somebody else’s', async () => {
    await api.put(patient('bertha', '4712'))
    await api.tell(admit)
    await api.tell({ ...discharge, patient: '4712^^^HOSP^MR' })
    expect(await api.encounters()).toMatchObject([{ status: 'in-progress', subject: { reference: 'Patient/amelia' } }])
    expect(await api.tasks()).toHaveLength(1)
  })
})

describe('a merge', () => {
  const merge: AdtText = { trigger: 'A40', at: '20261118120000', patient: '4711^^^HOSP^MR', prior: '0815^^^HOSP^MR' }
  const old = { patient: '0815^^^HOSP^MR' }
  const work = (id: string): Resource[] => [
    { resourceType: 'CarePlan', id, status: 'active', intent: 'plan', subject: { reference: 'Patient/old' } },
    {
      resourceType: 'Task',
      id,
      status: 'ready',
      intent: 'order',
      for: { reference: 'Patient/old' },
      owner: { reference: 'Patient/old' },
    },
  ]

  beforeEach(() => api.put(patient('old', '0815')))

  test('links the records and moves what runs', async () => {
    await api.tell({ ...admit, ...old })
    for (const resource of [...work('1'), ...work('2')]) await api.put(resource)
    expect((await api.tell(merge)).code).toBe('AA')
    expect(await api.read<Patient>('Patient/old')).toMatchObject({
      active: false,
      link: [{ other: { reference: 'Patient/amelia' }, type: 'replaced-by' }],
    })
    expect(await api.read<Patient>('Patient/amelia')).toMatchObject({
      link: [{ other: { reference: 'Patient/old' }, type: 'replaces' }],
    })
    expect(await api.encounters()).toMatchObject([{ subject: { reference: 'Patient/amelia' } }])
    expect(await api.all('CarePlan', 'patient=Patient/amelia')).toHaveLength(2)
    expect(await api.tasks()).toMatchObject(
      Array(2).fill({ for: { reference: 'Patient/amelia' }, owner: { reference: 'Patient/amelia' } }),
    )
    const provenances = await api.all('Provenance')
    const because = (code: string) =>
      provenances.filter((one) => JSON.stringify((one as Provenance).reason).includes(`"${code}"`))
    expect(because('patient-merged')).toHaveLength(3)
    // The link between the two records is what the message itself says.
    expect(because('message-received')).toContainEqual(
      expect.objectContaining({
        target: expect.arrayContaining([{ reference: expect.stringMatching(/^Patient\/old\/_history\//) }]),
      }),
    )
  })

  test('makes messages with the old number the survivor’s', async () => {
    await api.tell(merge)
    await api.tell({ ...admit, ...old })
    expect(await api.encounters()).toMatchObject([{ subject: { reference: 'Patient/amelia' } }])
  })

  test('moves any number, in commits of a bounded size', async () => {
    for (let n = 0; n < 90; n += 1) await api.put(work(`work-${n}`)[1]!)
    await api.tell(merge)
    expect(await api.all('Task', 'patient=Patient/old')).toEqual([])
    expect(await api.all('Task', 'patient=Patient/amelia')).toHaveLength(90)
    const moves = (await api.all('Provenance')).filter((one) =>
      JSON.stringify((one as Provenance).reason).includes('patient-merged'),
    )
    expect(moves).toHaveLength(3)
  })

  test('that was cut short goes on when it comes again', async () => {
    for (const resource of work('1')) await api.put(resource)
    const { store } = api.careloop
    const write = store.write.bind(store)
    let writes = 0
    store.write = async (all) => {
      writes += 1
      if (writes === 2) throw new Error('crashed')
      return write(all)
    }
    expect(await api.tell(merge)).toMatchObject({ code: 'AR', status: 500, unexpected: 'Error' })
    expect(await api.tasks()).toMatchObject([{ for: { reference: 'Patient/old' } }])
    expect((await api.tell(merge)).code).toBe('AA')
    expect(await api.tasks()).toMatchObject([{ for: { reference: 'Patient/amelia' } }])
    expect(await api.receipts()).toMatchObject([{ status: 'completed' }])
    expect((await api.read<Patient>('Patient/old')).link).toHaveLength(1)
  })

  test('of a record that is not here changes nobody', async () => {
    const { code } = await api.tell({ ...merge, prior: '1^^^HOSP^MR' })
    expect(code).toBe('AA')
    expect((await api.read<Patient>('Patient/amelia')).link).toBeUndefined()
  })

  test('into a record that is not here asks who it is', async () => {
    await api.tell({ ...merge, patient: '1^^^HOSP^MR' })
    expect(await api.tasks()).toHaveLength(1)
    expect((await api.read<Patient>('Patient/old')).active).toBeUndefined()
  })
})

test('the number of a patient counts with who gave it out', async () => {
  await api.put(patient('bertha', '5', { identifier: [{ system: 'urn:oid:1.2.3', value: '4711' }] }))
  await api.tell({ ...admit, patient: '4711^^^X&1.2.3&ISO^MR' })
  expect(await api.encounters()).toMatchObject([{ subject: { reference: 'Patient/bertha' } }])
  expect((await api.read<Patient>('Patient/amelia')).identifier?.[0]?.system).toBe(MRN)
})

test('two Encounters with one visit number are refused, not chosen from', async () => {
  const identifier = [{ system: 'https://careloop.dev/fhir/NamingSystem/visit-number/HOSP', value: 'V100' }]
  const visit = {
    resourceType: 'Encounter',
    status: 'planned',
    class: { code: 'IMP' },
    identifier,
  } as unknown as Encounter
  for (const id of ['a', 'b']) await api.put({ ...visit, id } as unknown as Resource)
  expect(await api.tell(admit)).toMatchObject({ code: 'AE', status: 412 })
  expect(await api.receipts()).toEqual([])
})
