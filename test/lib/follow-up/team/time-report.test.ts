import { expect, test } from '@jest/globals'
import type { Parameters } from 'fhir/r4'
import { MINUTES_SPENT } from '../../../../lib/follow-up/team/codes.ts'
import { testApi } from '../../../support/api.ts'

const task = (id: string, patient: string | undefined, start: string, end: string) => ({
  resourceType: 'Task',
  id,
  status: 'completed',
  intent: 'order',
  ...(patient && { for: { reference: `Patient/${patient}` } }),
  owner: { reference: 'Practitioner/nora' },
  executionPeriod: { start, end },
})
const call = {
  resourceType: 'Communication',
  id: 'call',
  status: 'completed',
  sent: '2026-01-09T09:00:00-05:00',
  subject: { reference: 'Patient/ann' },
  sender: { reference: 'Practitioner/omar' },
  extension: [{ url: MINUTES_SPENT, valuePositiveInt: 5 }],
}

const filled = async () => {
  const api = testApi()
  for (const resource of [
    task('visit', 'ann', '2026-01-08T10:00:00-05:00', '2026-01-08T10:15:00-05:00'),
    task('other', 'ben', '2026-01-08T11:00:00-05:00', '2026-01-08T11:10:00-05:00'),
    task('before', 'ann', '2025-12-31T11:00:00-05:00', '2025-12-31T11:10:00-05:00'),
    task('office', undefined, '2026-01-08T11:00:00-05:00', '2026-01-08T11:10:00-05:00'),
    call,
  ])
    expect((await api.put(`/${resource.resourceType}/${resource.id}`, resource)).status).toBe(201)
  await api.put('/Task/visit', { ...task('visit', 'ann', '2026-01-08T10:00:00-05:00', '2026-01-08T10:16:00-05:00') })
  return api
}

test('the month of everybody, each resource as it is now', async () => {
  const api = await filled()
  const { status, body } = await api.get<Parameters>('/$time-report?period=2026-01')
  expect(status).toBe(200)
  const [, , ann, ben, ...more] = body.parameter!
  expect(more).toEqual([])
  const values = (name: string) => ann!.part!.filter((part) => part.name === name)
  expect(values('minutes')[0]!.valueInteger).toBe(21)
  expect(values('reached-minutes').map(({ valueInteger }) => valueInteger)).toEqual([20])
  expect(
    values('person-time').map(({ part }) => [part![0]!.valueReference!.reference, part![1]!.valueInteger]),
  ).toEqual([
    ['Practitioner/nora', 16],
    ['Practitioner/omar', 5],
  ])
  expect(ben!.part![0]!.valueReference!.reference).toBe('Patient/ben')
})

test('of one patient, as CSV', async () => {
  const api = await filled()
  const { text, headers } = await api.get('/$time-report?period=2026-01&patient=Patient/ann', { Accept: 'text/csv' })
  expect(headers['content-type']).toMatch('text/csv')
  expect(text.split('\r\n')).toEqual([
    'period,patient,person,date,source,minutes,basis,patient_minutes,reached_20,reached_60',
    '2026-01,Patient/ann,Practitioner/nora,2026-01-08,Task/visit,16,period,21,true,false',
    '2026-01,Patient/ann,Practitioner/omar,2026-01-09,Communication/call,5,stated,21,true,false',
    '',
  ])
})

test('takes a month', async () => {
  const api = testApi()
  for (const query of [
    '',
    '?period=2026',
    '?period=2026-01-05',
    '?period=2026-13',
    '?period=2026-01&patient=Practitioner/x',
  ])
    expect((await api.get(`/$time-report${query}`)).status).toBe(400)
})
