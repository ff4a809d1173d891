import { beforeEach, describe, expect, test } from '@jest/globals'
import type { CarePlan, Task } from 'fhir/r4'
import { processAdt } from '../../../lib/messages/process-adt.ts'
import { SimulatedTenant } from '../../flows/simulated-tenant.ts'
import { type AdtText, er7 } from './er7.ts'
import { MRN, patient } from './hospital.ts'

let tenant: SimulatedTenant
beforeEach(async () => {
  tenant = new SimulatedTenant('2026-11-20T20:05:00.000Z', { hl7v2: { assigningAuthorities: { HOSP: MRN } } })
  await tenant.put(patient('amelia', '4711', { birthDate: '1951-04-09' }))
  await tenant.settle()
})

const tell = async (text: AdtText): Promise<void> => {
  const answer = await processAdt(tenant.careloop, () => er7(text), 'request-1')
  expect(answer.text).toContain('\rMSA|AA|')
  await tenant.settle()
}

const admit: AdtText = { trigger: 'A01', at: '20261116100000', pv1: { 2: 'I', 44: '20261116094000' } }
const discharge: AdtText = { trigger: 'A03', at: '20261120140300', pv1: { 2: 'I', 36: '01', 45: '20261120140000' } }
const undo: AdtText = { trigger: 'A13', at: '20261120150000', pv1: { 2: 'I' } }
/** On the Monday after. */
const dischargeAgain: AdtText = {
  ...discharge,
  id: 'again',
  at: '20261123110500',
  pv1: { 2: 'I', 36: '01', 45: '20261123110000' },
}

const CONTACT = 'tcm-interactive-contact'
const contacts = async (): Promise<Task[]> =>
  (await tenant.all<Task>('Task')).filter(({ code }) => code?.coding?.some((coding) => coding.code === CONTACT))
const idsOf = async (): Promise<string[]> => (await tenant.all<Task>('Task')).map(({ id }) => id!).sort()

describe('messages of a stay', () => {
  test('A03 then A13 then A03 with a new time: one set of Tasks, due anew, with its history', async () => {
    await tell(admit)
    await tell(discharge)
    const [first, ...more] = await contacts()
    expect(more).toEqual([])
    expect(first).toMatchObject({ status: 'ready', restriction: { period: { end: '2026-11-24T23:59:59-06:00' } } })
    const ids = await idsOf()

    tenant.now = '2026-11-20T21:01:00.000Z'
    await tell(undo)
    expect(await contacts()).toMatchObject([{ id: first!.id, status: 'cancelled' }])

    tenant.now = '2026-11-23T17:06:00.000Z'
    await tell(dischargeAgain)
    expect(await contacts()).toMatchObject([
      { id: first!.id, status: 'ready', restriction: { period: { end: '2026-11-25T23:59:59-06:00' } } },
    ])
    expect(await idsOf()).toEqual(ids)
    const { versions } = await tenant.careloop.store.history('Task', first!.id!, 10)
    expect(versions.length).toBeGreaterThanOrEqual(3)
    const plans = await tenant.all<CarePlan>('CarePlan')
    expect(new Set(plans.map(({ instantiatesCanonical }) => instantiatesCanonical?.[0])).size).toBe(plans.length)
  })

  test('A08 after A03 takes nothing back, and a message that comes again makes nothing', async () => {
    await tell(admit)
    await tell(discharge)
    const tasks = await tenant.all<Task>('Task')
    await tell({ trigger: 'A08', at: '20261120143000', pv1: { 2: 'I' } })
    await tell(discharge)
    expect(await tenant.all<Task>('Task')).toEqual(tasks)
  })

  test('A11 withdraws what the stay gave rise to', async () => {
    await tell(admit)
    await tell(discharge)
    await tell({ trigger: 'A11', at: '20261120143000', pv1: { 2: 'I' } })
    expect(await contacts()).toMatchObject([{ status: 'cancelled' }])
  })
})

test('the answer to whom a message is about starts what the message calls for', async () => {
  const unknown = { patient: '9999^^^HOSP^MR' }
  await tell({ ...admit, ...unknown })
  await tell({ ...discharge, ...unknown })
  expect(await contacts()).toEqual([])
  const [question] = await tenant.all<Task>('Task', 'status=ready')
  const output = [{ type: { text: 'patient' }, valueReference: { reference: 'Patient/amelia' } }]
  await tenant.change<Task>(`Task/${question!.id}`, { status: 'completed', output })
  await tenant.settle()
  expect(await contacts()).toMatchObject([{ status: 'ready', for: { reference: 'Patient/amelia' } }])
})
