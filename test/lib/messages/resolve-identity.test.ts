import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Patient, Task } from 'fhir/r4'
import type { Resource } from '../../../lib/fhir.ts'
import { resolveIdentity } from '../../../lib/messages/resolve-identity.ts'
import type { AdtText } from './er7.ts'
import { hospital, MRN, patient } from './hospital.ts'

let api: Awaited<ReturnType<typeof hospital>>
beforeEach(async () => {
  api = await hospital()
})

const stranger = '9999^^^HOSP^MR'
const admit: AdtText = { trigger: 'A01', at: '20261116100000', patient: stranger, pv1: { 2: 'I' } }
const discharge: AdtText = {
  trigger: 'A03',
  at: '20261120143000',
  patient: stranger,
  pv1: { 2: 'I', 45: '20261120140000' },
}

/** Closes the open question. */
const answer = async (elements: Partial<Task>): Promise<string> => {
  const [task] = await api.all<Task>('Task', 'status=ready')
  await api.put({ ...task, ...elements } as unknown as Resource)
  return `Task/${task!.id}`
}
const isAmelia = (): Partial<Task> => ({
  status: 'completed',
  output: [{ type: { text: 'patient' }, valueReference: { reference: 'Patient/amelia' } }],
})

describe('an answer', () => {
  test('lets what has waited happen, in its order, and keeps when it came', async () => {
    await api.tell(discharge)
    await api.tell(admit)
    const received = (await api.receipts()).map((receipt) => receipt.received).sort()
    expect(await resolveIdentity(api.careloop, await answer(isAmelia()))).toBe('replayed')
    expect(await api.encounters()).toMatchObject([{ status: 'finished', subject: { reference: 'Patient/amelia' } }])
    const receipts = await api.receipts()
    expect(receipts).toMatchObject(Array(2).fill({ status: 'completed', subject: { reference: 'Patient/amelia' } }))
    expect(receipts.map((receipt) => receipt.received).sort()).toEqual(received)
    expect(receipts.some(({ payload }) => payload)).toBe(false)
  })

  test('makes the number the patient’s, so that the next message needs no answer', async () => {
    await api.tell(admit)
    await resolveIdentity(api.careloop, await answer(isAmelia()))
    expect((await api.read<Patient>('Patient/amelia')).identifier).toContainEqual(
      expect.objectContaining({ system: MRN, value: '9999' }),
    )
    expect((await api.tell(discharge)).error).toBeUndefined()
    expect(await api.encounters()).toMatchObject([{ status: 'finished' }])
    expect(await api.tasks()).toHaveLength(1)
  })

  test('given twice changes nothing more', async () => {
    await api.tell(admit)
    const task = await answer(isAmelia())
    await resolveIdentity(api.careloop, task)
    const before = api.versions()
    expect(await resolveIdentity(api.careloop, task)).toBe('unchanged')
    expect(api.versions()).toBe(before)
  })

  test('holds for messages that come before it was acted upon', async () => {
    await api.tell(admit)
    const task = await answer(isAmelia())
    await api.tell(discharge)
    expect(await api.encounters()).toMatchObject([{ status: 'finished' }])
    await resolveIdentity(api.careloop, task)
    expect(await api.encounters()).toMatchObject([{ status: 'finished' }])
  })

  test('chooses between two with the same number, for good', async () => {
    await api.put(patient('bertha', '9999'))
    await api.put(patient('clara', '9999'))
    await api.tell(admit)
    const output = [{ type: { text: 'patient' }, valueReference: { reference: 'Patient/clara' } }]
    await resolveIdentity(api.careloop, await answer({ status: 'completed', output }))
    await api.tell(discharge)
    expect(await api.encounters()).toMatchObject([{ status: 'finished', subject: { reference: 'Patient/clara' } }])
    expect(await api.tasks()).toHaveLength(1)
  })

  test('says whose a visit is that two are named for', async () => {
    await api.tell({ ...admit, patient: '4711^^^HOSP^MR' })
    await api.put(patient('bertha', '9999'))
    await api.tell(discharge)
    const output = [{ type: { text: 'patient' }, valueReference: { reference: 'Patient/bertha' } }]
    await resolveIdentity(api.careloop, await answer({ status: 'completed', output }))
    expect(await api.encounters()).toMatchObject([{ status: 'finished', subject: { reference: 'Patient/bertha' } }])
    expect((await api.read<Patient>('Patient/bertha')).identifier).toHaveLength(1)
  })

  test('of nobody of ours closes what has waited, and what is still to come', async () => {
    await api.tell(admit)
    await resolveIdentity(api.careloop, await answer({ status: 'cancelled' }))
    expect(await api.receipts()).toMatchObject([{ status: 'not-done' }])
    expect(await api.tell(discharge)).toMatchObject({ code: 'AA', error: expect.anything() })
    expect(await api.encounters()).toEqual([])
    expect(await api.all('Task', 'status=ready')).toEqual([])
    expect((await api.receipts()).some(({ payload }) => payload)).toBe(false)
  })

  test('without a patient asks again', async () => {
    await api.tell(admit)
    await resolveIdentity(api.careloop, await answer({ status: 'completed' }))
    const [question] = await api.all<Task>('Task', 'status=ready')
    expect(await api.receipts()).toMatchObject([{ status: 'on-hold', partOf: [{ reference: `Task/${question!.id}` }] }])
    await resolveIdentity(api.careloop, await answer(isAmelia()))
    expect(await api.encounters()).toMatchObject([{ status: 'in-progress' }])
  })
})

test('a question that is open, and a Task that asks nothing, are left alone', async () => {
  await api.tell(admit)
  const [task] = await api.tasks()
  expect(await resolveIdentity(api.careloop, `Task/${task!.id}`)).toBe('open')
  await api.put({ resourceType: 'Task', id: 'other', status: 'completed', intent: 'order' })
  expect(await resolveIdentity(api.careloop, 'Task/other')).toBe('no-question')
  expect(await resolveIdentity(api.careloop, 'Task/none')).toBe('gone')
})

test('one message that cannot be applied does not keep the others', async () => {
  await api.tell(discharge)
  await api.tell({ ...admit, pv1: { 2: 'I', 19: 'V200' } })
  const identifier = [{ system: 'https://careloop.dev/fhir/NamingSystem/visit-number/HOSP', value: 'V200' }]
  for (const id of ['a', 'b'])
    await api.put({ resourceType: 'Encounter', id, status: 'planned', class: { code: 'IMP' }, identifier } as Resource)
  await expect(resolveIdentity(api.careloop, await answer(isAmelia()))).rejects.toThrow(/More than one/)
  expect((await api.receipts()).map(({ status }) => status).sort()).toEqual(['completed', 'on-hold'])
})
