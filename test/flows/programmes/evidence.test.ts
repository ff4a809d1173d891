import { describe, expect, test } from '@jest/globals'
import type { Task } from 'fhir/r4'
import { highRisk, type SimulatedTenant } from '../simulated-tenant.ts'
import {
  condition,
  contact,
  diagnoses,
  encounter,
  patient,
  reason,
  reconciliation,
  statesOf,
  summary,
  tasksOf,
  tenantAt,
  told,
  visit,
} from './scene.ts'

/** A Friday, heard of at once. */
const DISCHARGE = '2026-11-20T14:00:00-06:00'
const HEARD = '2026-11-20T20:05:00.000Z'
const stay = (others: object = {}) => encounter('stay', 'IMP', '2026-11-16T09:40:00-06:00', DISCHARGE, others)
const discharged = (...before: object[]): Promise<SimulatedTenant> => tenantAt(HEARD, [patient(), ...before, stay()])

const referencesOf = ({ output = [] }: Task): unknown[] => output.map(({ valueReference }) => valueReference?.reference)

describe('a contact', () => {
  test('that reached the patient closes every Task that asks for one, and is named by them', async () => {
    const tenant = await discharged(highRisk('risk', '2026-11-19'))
    await told(tenant, contact('call', '2026-11-21T10:00:00-06:00', 'reached'))
    const tasks = await tasksOf(tenant)
    for (const code of ['tcm-interactive-contact', 'trc-engagement', 'high-risk-call-48h']) {
      expect(tasks[code]).toMatchObject({ status: 'completed', executionPeriod: { end: '2026-11-21T10:00:00-06:00' } })
      expect(referencesOf(tasks[code]!)).toEqual(['Communication/call'])
    }
    expect(tasks['tcm-second-call']!.status).toBe('ready')
    await told(tenant, contact('second', '2026-11-24T10:00:00-06:00', 'reached'))
    expect((await tasksOf(tenant))['tcm-second-call']!.status).toBe('completed')
  })

  test.each([
    ['with a caregiver', { recipient: [{ reference: 'RelatedPerson/julia' }] }, 'completed'],
    [
      'by the patient',
      { recipient: [{ reference: 'Practitioner/nora' }], sender: { reference: 'Patient/amelia' } },
      'completed',
    ],
    ['with somebody else', { recipient: [{ reference: 'Organization/hospital' }] }, 'ready'],
    ['that is not over', { status: 'in-progress' }, 'ready'],
    ['of another category', { category: [{ text: 'chat' }] }, 'ready'],
    ['that says no outcome', { extension: undefined }, 'ready'],
    ['before the discharge', { sent: '2026-11-20T09:00:00-06:00' }, 'ready'],
    ['on the day of the discharge', { sent: '2026-11-20T17:00:00-06:00' }, 'completed'],
  ])('%s', async (_name, others, status) => {
    const tenant = await discharged()
    await told(tenant, contact('call', '2026-11-21T10:00:00-06:00', 'reached', others))
    expect((await tasksOf(tenant))['tcm-interactive-contact']!.status).toBe(status)
  })

  test('twice tried in vain in time is enough for TCM, but the Task goes on until one reaches the patient', async () => {
    const tenant = await discharged()
    const tried = (id: string, at: string, outcome: string) => told(tenant, contact(id, at, outcome))
    await tried('first', '2026-11-23T09:00:00-06:00', 'no-answer')
    expect(await statesOf(tenant, 'tcm-interactive')).toEqual({ 'tcm-interactive-contact': 'ready' })
    await tried('second', '2026-11-24T16:00:00-06:00', 'left-message')
    expect(await statesOf(tenant, 'tcm-interactive')).toEqual({ 'tcm-interactive-contact': 'ready: attempts-met' })
    await tenant.advanceTo('2026-11-25T06:00:00.000Z')
    expect((await tasksOf(tenant))['tcm-interactive-contact']!.status).toBe('ready')
    await tried('fourth-day', '2026-11-26T11:00:00-06:00', 'reached')
    const closed = (await tasksOf(tenant))['tcm-interactive-contact']!
    expect(closed).toMatchObject({ status: 'completed', executionPeriod: { end: '2026-11-26T11:00:00-06:00' } })
  })

  test.each([
    ['one of them too late', '2026-11-25T09:00:00-06:00', 'no-answer'],
    ['one of them without an outcome', '2026-11-24T09:00:00-06:00', 'unheard'],
  ])('twice tried, %s: not enough', async (_name, at, outcome) => {
    const tenant = await discharged()
    await told(tenant, contact('first', '2026-11-23T09:00:00-06:00', 'wrong-number'), contact('second', at, outcome))
    expect(await statesOf(tenant, 'tcm-interactive')).toEqual({ 'tcm-interactive-contact': 'ready' })
  })
})

describe('a visit', () => {
  test('with a practitioner closes the TCM visit and the TRC engagement', async () => {
    const tenant = await discharged()
    await told(tenant, visit('office', '2026-11-30T10:00:00-06:00'))
    expect(await statesOf(tenant, 'tcm-visit', 'trc-eng')).toEqual({
      'tcm-visit-14d': 'completed',
      'trc-engagement': 'completed',
    })
  })

  test.each([
    ['with nobody', { participant: undefined }],
    ['still to come', { status: 'planned' }],
    ['in a hospital', { class: { code: 'IMP' } }],
  ])('%s closes no TCM visit', async (_name, others) => {
    const tenant = await discharged()
    await told(tenant, visit('office', '2026-11-30T10:00:00-06:00', others))
    expect((await tasksOf(tenant))['tcm-visit-14d']!.status).not.toBe('completed')
  })

  test('counts for FUH with a diagnosis of mental illness only, and not on the day of discharge', async () => {
    const tenant = await tenantAt(HEARD, [patient(), stay(reason('F32.1'))])
    await told(tenant, visit('other', '2026-11-23T10:00:00-06:00', reason('I10')))
    await told(tenant, visit('same-day', '2026-11-20T17:00:00-06:00', reason('F32.1')))
    expect(await statesOf(tenant, 'fuh')).toEqual({ 'fuh-30': 'ready', 'fuh-7': 'ready' })
    await told(
      tenant,
      condition('depression', 'F33.0'),
      visit('mental', '2026-11-21T10:00:00-06:00', diagnoses('depression')),
    )
    expect(await statesOf(tenant, 'fuh')).toEqual({ 'fuh-30': 'completed', 'fuh-7': 'completed' })
  })

  test('counts for FUM on the day of the emergency visit', async () => {
    const tenant = await tenantAt(HEARD, [
      patient(),
      encounter('emergency', 'EMER', '2026-11-20T09:00:00-06:00', DISCHARGE, reason('F32.1')),
    ])
    await told(tenant, visit('same-day', '2026-11-20T16:00:00-06:00', reason('F32.1')))
    expect(await statesOf(tenant, 'fum')).toEqual({ 'fum-30': 'completed', 'fum-7': 'completed' })
  })

  test('counts for FUA with a diagnosis of substance use', async () => {
    const tenant = await tenantAt(HEARD, [
      patient(),
      encounter('emergency', 'EMER', '2026-11-20T09:00:00-06:00', DISCHARGE, reason('F11.20')),
    ])
    await told(tenant, visit('mental', '2026-11-21T16:00:00-06:00', reason('F32.1')))
    expect(await statesOf(tenant, 'fua')).toEqual({ 'fua-30': 'ready', 'fua-7': 'ready' })
    await told(tenant, visit('substances', '2026-11-22T16:00:00-06:00', reason('F11.20')))
    expect(await statesOf(tenant, 'fua')).toEqual({ 'fua-30': 'completed', 'fua-7': 'completed' })
  })
})

describe('medications', () => {
  test('reconciled close both Tasks about them, on the day of discharge too', async () => {
    const tenant = await discharged()
    await told(tenant, reconciliation('reconciled', '2026-11-20'))
    expect((await tasksOf(tenant))['trc-med-rec']).toMatchObject({ status: 'completed' })
    await told(tenant, reconciliation('again', '2026-11-22T10:00:00-06:00'))
    expect(await statesOf(tenant, 'tcm-med', 'trc-med')).toEqual({
      'tcm-med-rec': 'completed',
      'trc-med-rec': 'completed',
    })
  })

  test('that were not reconciled after all close nothing', async () => {
    const tenant = await discharged()
    await told(tenant, reconciliation('planned', '2026-11-22', { status: 'not-done' }))
    expect((await tasksOf(tenant))['tcm-med-rec']!.status).toBe('ready')
  })
})

describe('TRC', () => {
  test('a discharge summary is for somebody to review, and closes nothing', async () => {
    const tenant = await discharged()
    await told(tenant, summary('summary', '2026-11-21T08:00:00Z'))
    expect(await statesOf(tenant, 'trc-discharge')).toEqual({ 'trc-discharge-info': 'ready: to-review' })
  })

  test('an admission is noticed the moment we hear of it, and nobody has to work on that', async () => {
    const tenant = await tenantAt('2026-11-17T10:00:00.000Z', [
      patient(),
      encounter('stay', 'IMP', '2026-11-16T09:40:00-06:00'),
    ])
    const { 'trc-admit-notice': row } = await tasksOf(tenant)
    expect(row).toMatchObject({ status: 'completed', restriction: { period: { end: '2026-11-18T23:59:59-06:00' } } })
    expect(Date.parse(row!.executionPeriod!.end!)).toBe(Date.parse('2026-11-17T10:00:00.000Z'))
    expect(row!.owner?.reference).toBeUndefined()
  })
})

describe('late notice: a discharge heard of five business days later', () => {
  test('leaves a contact that is overdue and escalated once, and rows of evidence that are late', async () => {
    const tenant = await tenantAt('2026-11-30T15:00:00.000Z', [patient(), stay()])
    await tenant.tick()
    await tenant.tick()
    const tasks = await tasksOf(tenant)
    expect(tasks['tcm-interactive-contact']!.businessStatus!.coding![0]!.code).toMatch(/overdue|escalated/)
    const escalations = async () =>
      (await tenant.all<Task>('Task'))
        .filter(({ partOf }) => partOf?.[0]?.reference === `Task/${tasks['tcm-interactive-contact']!.id}`)
        .map(({ id, code }) => `${id} ${code!.coding![0]!.code}`)
    const once = await escalations()
    expect(once.every((escalation) => escalation.endsWith(' escalation'))).toBe(true)
    expect(once.length).toBeGreaterThan(0)
    await tenant.tick()
    expect(await escalations()).toEqual(once)

    const notice = tasks['trc-admit-notice']!
    expect(Date.parse(notice.executionPeriod!.end!)).toBeGreaterThan(Date.parse(notice.restriction!.period!.end!))
    await told(tenant, summary('summary', '2026-11-30T15:00:00Z'))
    expect(Date.parse((await tasksOf(tenant))['trc-discharge-info']!.restriction!.period!.end!)).toBeLessThan(
      Date.parse('2026-11-30T15:00:00Z'),
    )
  })
})
