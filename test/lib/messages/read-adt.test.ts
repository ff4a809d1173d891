import { describe, expect, test } from '@jest/globals'
import type { MergeNotification, Notification, VisitNotification } from '../../../lib/messages/notification.ts'
import { facilityOf, parseHl7, readAdt } from '../../../lib/messages/read-adt.ts'
import { defaultSettings, type TenantSettings } from '../../../lib/tenant.ts'
import { type AdtText, er7 } from './er7.ts'

const TENANT: TenantSettings = {
  ...defaultSettings,
  hl7v2: {
    assigningAuthorities: { HOSP: 'urn:hosp:mrn', 'HOSP/VN': 'urn:hosp:visit', 'HOSP/PI': 'urn:hosp:pi' },
    patientClasses: { OBS: 'OBSENC' },
  },
}

const read = (text: AdtText | string): Notification =>
  readAdt(parseHl7(typeof text === 'string' ? text : er7(text)), {
    tenant: TENANT,
    timeZone: 'America/Chicago',
    serviceProvider: { reference: 'Organization/hosp' },
    received: '2026-12-01T00:00:00.000Z',
  })
const visit = (text: AdtText): VisitNotification => read(text) as VisitNotification

/** What a refusal says: the code of its first problem, and where. */
const refusal = (text: AdtText | string): unknown => {
  try {
    read(text)
  } catch (error) {
    const [problem] = (error as { problems: { code?: string; expression?: string }[] }).problems
    return [problem?.code, problem?.expression]
  }
  return undefined
}

describe('what an event says', () => {
  const PV1 = { 2: 'I', 14: '7', 36: '01', 44: '20261116094000', 45: '20261120140000' }
  const BOTH = { start: '2026-11-16T09:40:00-06:00', end: '2026-11-20T14:00:00-06:00' }
  test.each`
    trigger  | status           | start         | end          | disposition
    ${'A01'} | ${'finished'}    | ${BOTH.start} | ${BOTH.end}  | ${'01'}
    ${'A02'} | ${'finished'}    | ${BOTH.start} | ${BOTH.end}  | ${'01'}
    ${'A03'} | ${'finished'}    | ${BOTH.start} | ${BOTH.end}  | ${'01'}
    ${'A04'} | ${'finished'}    | ${BOTH.start} | ${BOTH.end}  | ${'01'}
    ${'A05'} | ${'preadmitted'} | ${BOTH.start} | ${undefined} | ${'01'}
    ${'A06'} | ${'finished'}    | ${BOTH.start} | ${BOTH.end}  | ${'01'}
    ${'A07'} | ${'finished'}    | ${BOTH.start} | ${BOTH.end}  | ${'01'}
    ${'A08'} | ${undefined}     | ${BOTH.start} | ${BOTH.end}  | ${'01'}
    ${'A11'} | ${'cancelled'}   | ${undefined}  | ${undefined} | ${undefined}
    ${'A12'} | ${'finished'}    | ${BOTH.start} | ${BOTH.end}  | ${'01'}
    ${'A13'} | ${'in-progress'} | ${BOTH.start} | ${null}      | ${null}
    ${'A21'} | ${'left'}        | ${BOTH.start} | ${BOTH.end}  | ${'01'}
    ${'A22'} | ${'returned'}    | ${BOTH.start} | ${BOTH.end}  | ${'01'}
  `('$trigger with all of PV1', ({ trigger, status, start, end, disposition }: Record<string, unknown>) => {
    const { status: claim, facts } = visit({ trigger: trigger as string, pv1: PV1 })
    const said = facts['hospitalization.dischargeDisposition']
    const code = said && (said as { coding: { code: string }[] }).coding[0]!.code
    expect([claim, facts['period.start'], facts['period.end'], code]).toEqual([status, start, end, disposition])
  })

  test.each`
    trigger  | patientClass | status
    ${'A01'} | ${'I'}       | ${'in-progress'}
    ${'A02'} | ${'I'}       | ${'underway'}
    ${'A04'} | ${'E'}       | ${'registered'}
    ${'A04'} | ${'OBS'}     | ${'registered'}
    ${'A04'} | ${'O'}       | ${'preadmitted'}
    ${'A06'} | ${'I'}       | ${'underway'}
    ${'A07'} | ${'O'}       | ${'underway'}
    ${'A12'} | ${'I'}       | ${'underway'}
  `(
    '$trigger of class $patientClass, of one who is still there',
    ({ trigger, patientClass, status }: Record<string, string | undefined>) => {
      expect(visit({ trigger: trigger!, pv1: { 2: patientClass! } }).status).toBe(status)
    },
  )

  test.each([
    ['E', 'v3-ActCode', 'EMER'],
    ['I', 'v3-ActCode', 'IMP'],
    ['O', 'v3-ActCode', 'AMB'],
    ['P', 'v3-ActCode', 'PRENC'],
    ['OBS', 'v3-ActCode', 'OBSENC'],
    ['R', 'v2-0004', 'R'],
    ['B', 'v2-0004', 'B'],
  ])('class %s is %s %s', (sent, system, code) => {
    const expected = { system: `http://terminology.hl7.org/CodeSystem/${system}`, code }
    expect(visit({ trigger: 'A08', pv1: { 2: sent } }).facts.class).toEqual(expected)
  })

  test('a discharge without PV1-45 ended when the event was', () => {
    expect(visit({ trigger: 'A03', at: '20261120143000-0500', pv1: { 2: 'I' } }).facts['period.end']).toBe(
      '2026-11-20T14:30:00-05:00',
    )
  })

  test('what is marked to be deleted, or left out, is not said', () => {
    expect(visit({ trigger: 'A08', pv1: { 2: '""', 36: '""', 45: '""' } }).facts).toEqual({
      serviceProvider: { reference: 'Organization/hosp' },
    })
  })

  test('A40 names two records', () => {
    const { kind, patient, prior } = read({ trigger: 'A40', prior: '0815^^^HOSP^MR' }) as MergeNotification
    expect([kind, patient[0]?.value, prior.map(({ system, value }) => [system, value])]).toEqual([
      'merge',
      '4711',
      [['urn:hosp:mrn', '0815']],
    ])
  })

  test('any other event says nothing', () => {
    expect(read({ trigger: 'A31' })).toMatchObject({ kind: 'other', trigger: { code: 'A31' } })
  })
})

describe('when it was recorded', () => {
  const at = (evn: string, msh: string) => visit({ trigger: 'A08', at: evn, msh: { 7: msh } }).at
  test.each([
    ['20261120140000-0600', '20261120150000-0600', '2026-11-20T20:00:00.000Z'],
    ['20261120140000', '20261120150000', '2026-11-20T20:00:00.000Z'],
    ['20261120140000.250-0600', '20261120150000', '2026-11-20T20:00:00.250Z'],
    ['', '20261120150000', '2026-11-20T21:00:00.000Z'],
    ['20261120', '20261120150000', '2026-11-20T21:00:00.000Z'],
    ['202611201400', '20261120140017', '2026-11-20T20:00:17.000Z'],
    ['202611201400', '20261120140117', '2026-11-20T20:00:00.000Z'],
    ['', '', '2026-12-01T00:00:00.000Z'],
  ])('EVN-2 %s and MSH-7 %s', (evn, msh, expected) => {
    expect(at(evn, msh)).toBe(expected)
  })
})

describe('who and where', () => {
  test('identifiers have the system of their authority, as set, as they say, or by name', () => {
    const patient = '1^^^HOSP^MR~2^^^HOSP^PI~3^^^LAB&2.16.1&ISO^MR~4^^^CLINIC^MR~5'
    expect(visit({ trigger: 'A08', patient }).patient.map(({ system }) => system)).toEqual([
      'urn:hosp:mrn',
      'urn:hosp:pi',
      'urn:oid:2.16.1',
      'https://careloop.dev/fhir/NamingSystem/assigning-authority/CLINIC',
      'urn:hosp:mrn',
    ])
  })

  test.each([
    [{ 19: 'V1' }, {}, 'urn:hosp:visit', 'V1'],
    [{ 19: 'V1^^^EPIC' }, {}, 'https://careloop.dev/fhir/NamingSystem/visit-number/EPIC', 'V1'],
    [{ 19: 'V1', 3: 'W^^^NORTH' }, {}, 'https://careloop.dev/fhir/NamingSystem/visit-number/NORTH', 'V1'],
    [{ 19: 'V1' }, { 4: 'SOUTH' }, 'https://careloop.dev/fhir/NamingSystem/visit-number/SOUTH', 'V1'],
  ])('the visit of PV1 %j and MSH %j', (pv1, msh, system, value) => {
    expect(visit({ trigger: 'A08', pv1, msh }).visit).toMatchObject({ system, value })
  })

  test('without PV1-19 the account of PID-18 is the visit', () => {
    const text = er7({ trigger: 'A08', pv1: { 19: '' } }).replace(
      'Brandt^Amelia',
      'Brandt^Amelia|||||||||||||ACC7^^^HOSP',
    )
    expect((read(text) as VisitNotification).visit).toMatchObject({ system: 'urn:hosp:visit', value: 'ACC7' })
  })

  test('the facility is that of the location, else the sender', () => {
    expect(facilityOf(parseHl7(er7({ trigger: 'A08', pv1: { 3: 'W^1^1^NORTH&1.2&ISO' } })))).toEqual({
      namespace: 'NORTH',
      universalId: '1.2',
      universalIdType: 'ISO',
    })
    expect(facilityOf(parseHl7(er7({ trigger: 'A08' }))).namespace).toBe('HOSP')
  })

  test('separators inside of values are told from those between them', () => {
    const [first] = visit({ trigger: 'A08', patient: 'A\\T\\B\\S\\C\\E\\D^^^HOSP^MR' }).patient
    expect(first?.value).toBe('A&B^C\\D')
  })

  test('other delimiters than the usual are those of the message', () => {
    const text = er7({ trigger: 'A08', pv1: { 2: 'I', 3: 'W^101^1^NORTH&1.2&ISO' } })
    const other = text.replaceAll('^', '$').replaceAll('|', '#')
    expect(read(other)).toEqual(read(text))
  })
})

describe('refused is', () => {
  test.each<[string, AdtText | string, string, string]>([
    ['a message without a control id', { trigger: 'A01', id: '' }, 'required', 'MSH-10'],
    ['one without an event', { trigger: '', msh: { 9: 'ADT' } }, 'required', 'MSH-9.2'],
    ['one without a patient', { trigger: 'A01', patient: '^^^HOSP' }, 'required', 'PID-3'],
    ['one without a visit', { trigger: 'A01', pv1: { 19: '' } }, 'required', 'PV1-19'],
    ['one without a facility', { trigger: 'A01', msh: { 4: '' } }, 'required', 'MSH-4'],
    ['a merge of nobody', { trigger: 'A40', prior: '^^^HOSP' }, 'required', 'MRG-1'],
    ['a time that is none', { trigger: 'A03', pv1: { 45: '20261399' } }, 'value', 'PV1-45'],
    ['a time that does not exist', { trigger: 'A03', pv1: { 44: '20260230100000' } }, 'value', 'PV1-44'],
    ['another message', { trigger: 'R01', msh: { 9: 'ORU^R01' } }, 'not-supported', 'MSH-9'],
  ])('%s', (_what, text, code, place) => {
    expect(refusal(text)).toEqual([code, place])
  })

  test.each([
    '',
    'hello',
    'MSH',
    'PID|1',
    `${er7({ trigger: 'A01' })}\r${er7({ trigger: 'A03' })}`,
    '{"resourceType":"Bundle"}',
  ])('text that is no single message (%#)', (text) => {
    expect(refusal(text)).toEqual([undefined, 'MSH'])
  })

  test('nobody’s data is repeated in a refusal', () => {
    const say = (text: AdtText): string => {
      try {
        read(text)
        return ''
      } catch (error) {
        return (error as Error).message
      }
    }
    const texts: AdtText[] = [
      { trigger: 'A03', pv1: { 45: 'BRANDT' } },
      { trigger: 'A01', pv1: { 19: '' } },
    ]
    for (const text of texts) expect(say(text)).not.toMatch(/Brandt|4711|999-00-1111/i)
  })
})
