import { expect, test } from '@jest/globals'
import type { CarePlan, PlanDefinition, Task } from 'fhir/r4'
import { packagedDefinitions } from '../../../lib/pathways/packaged-definitions.ts'
import { highRisk } from '../simulated-tenant.ts'
import { codeOf, encounter, patient, statesOf, tasksOf, tenantAt, told } from './scene.ts'

const DISCHARGE = '2026-11-20T14:00:00-06:00'
const HEARD = '2026-11-20T20:05:00.000Z'
const stay = (id: string, end = DISCHARGE) => encounter(id, 'IMP', '2026-11-16T09:40:00-06:00', end)

const definition = (id: string, others: Partial<PlanDefinition>): PlanDefinition => ({
  ...structuredClone(packagedDefinitions.find((packaged) => packaged.id === id)!),
  ...others,
})

test('a tenant switches a programme off', async () => {
  const tenant = await tenantAt(HEARD, [definition('trc', { status: 'draft' }), patient(), stay('stay')])
  expect(Object.keys(await statesOf(tenant, 'trc'))).toEqual(['trc-admit-notice'])
})

test('a tenant counts the day of discharge as the first of seven and fourteen, for what starts from then on', async () => {
  const tenant = await tenantAt(HEARD, [patient(), stay('before')])
  const own = definition('transition-of-care', { version: '2.0.0-conservative' })
  const visits = own.action![0]!.action!.find(({ id }) => id === 'tcm-visit')!.action!
  for (const visit of visits) visit.timingDuration!.value! -= 1
  await told(tenant, own, stay('after'))
  const duePlanned = async (id: string) => {
    const [plan] = (await tenant.all<CarePlan>('CarePlan', `encounter=Encounter/${id}`)).filter(({ title }) =>
      title?.startsWith('Transition of care'),
    )
    const tasks = await tenant.all<Task>('Task')
    const visit = tasks.find(
      (task) => task.focus?.reference === `CarePlan/${plan!.id}` && codeOf(task) === 'tcm-visit-14d',
    )
    return { end: visit?.restriction?.period?.end, version: plan!.instantiatesCanonical![0]!.split('|')[1] }
  }
  expect(await duePlanned('before')).toEqual({ end: '2026-12-04T23:59:59-06:00', version: '2.0.0' })
  expect(await duePlanned('after')).toEqual({ end: '2026-12-03T23:59:59-06:00', version: '2.0.0-conservative' })
})

test('a risk that is known later changes what is asked for', async () => {
  const tenant = await tenantAt(HEARD, [patient(), stay('stay')])
  await told(tenant, highRisk('risk', '2026-11-20T15:00:00-06:00'))
  expect(await statesOf(tenant, 'tcm-visit', 'tcm-second', 'tcm-med')).toEqual({
    'tcm-med-rec': 'ready',
    'tcm-second-call': 'ready',
    'tcm-visit-14d': 'cancelled: no-longer-applies',
    'tcm-visit-7d': 'ready',
  })
  expect((await tasksOf(tenant))['tcm-med-rec']!.restriction!.period!.end).toBe('2026-11-27T23:59:59-06:00')
})
