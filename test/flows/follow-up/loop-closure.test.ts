import { expect, test } from '@jest/globals'
import type { MeasureReport, Task } from 'fhir/r4'
import { loopClosure } from '../../../lib/follow-up/referrals/loop-closure.ts'
import { referralReport } from '../../../lib/interactions/referral-report.ts'
import type { SimulatedTenant } from '../simulated-tenant.ts'
import { atCapacity, referral, request, stepOf, tenantWith } from './referral-scene.ts'

const NOVEMBER = { start: '2026-11-01T06:00:00.000Z', end: '2026-12-01T06:00:00.000Z' }

const at = async (tenant: SimulatedTenant, now: string, id: string, others: Partial<Task>) => {
  tenant.now = now
  await tenant.change<Task>(`Task/${id}`, others)
  await tenant.settle()
}

const report = async (tenant: SimulatedTenant, period: string) => {
  const request = {
    ...{ type: '', id: '', versionId: '', conditions: {}, prefer: { handling: 'strict' as const } },
    ...{ query: [['period', period] as const], baseUrl: 'https://api.test/fhir', requestId: '1' },
  }
  const { resource } = await referralReport(tenant.careloop, request, () => {
    throw new Error('not asked')
  })
  return resource as unknown as MeasureReport
}

test('three sent, two answered, one begun and completed, and its loop closed', async () => {
  const tenant = await tenantWith([request(), request({ id: 'ride' }), request({ id: 'home' })])
  await tenant.put(referral())
  await tenant.put(referral({ id: 'ride-task', focus: { reference: 'ServiceRequest/ride' } }))
  await tenant.put(referral({ id: 'home-task', focus: { reference: 'ServiceRequest/home' } }))
  await tenant.settle()
  await at(tenant, '2026-11-21T16:00:00.000Z', 'ask', { status: 'accepted' })
  await at(tenant, '2026-11-23T16:00:00.000Z', 'ride-task', { status: 'rejected', statusReason: atCapacity })
  await at(tenant, '2026-11-24T16:00:00.000Z', 'ask', { status: 'in-progress' })
  await at(tenant, '2026-11-30T16:00:00.000Z', 'ask', { status: 'completed' })
  const review = await stepOf(tenant, 'review-referral')
  await at(tenant, '2026-12-02T16:00:00.000Z', review!.id!, { status: 'completed' })

  expect(await loopClosure(tenant.careloop, NOVEMBER)).toEqual([
    { stage: 'sent', count: 3 },
    // After one day and after three.
    { stage: 'acknowledged', count: 2, medianDays: 2 },
    { stage: 'first-contact', count: 1, medianDays: 4 },
    { stage: 'outcome', count: 1, medianDays: 10 },
    { stage: 'closed', count: 1, medianDays: 12 },
  ])
  expect(await loopClosure(tenant.careloop, { start: NOVEMBER.end, end: '2027-01-01T06:00:00.000Z' })).toEqual(
    ['sent', 'acknowledged', 'first-contact', 'outcome', 'closed'].map((stage) => ({ stage, count: 0 })),
  )

  const { group, ...summary } = await report(tenant, '2026-11')
  expect(summary).toMatchObject({ type: 'summary', period: { start: '2026-11', end: '2026-11' } })
  expect(group!.map(({ population }) => population![0]!.count)).toEqual([3, 2, 1, 1, 1])
  expect(group![1]!.measureScore).toMatchObject({ value: 2, code: 'd' })
})

test.each(['', 'November', '2026-13'])('the period %j is none', async (period) => {
  const tenant = await tenantWith([])
  await expect(report(tenant, period)).rejects.toMatchObject({ status: 400 })
})
