import { describe, expect, test } from '@jest/globals'
import type { CarePlan, ServiceRequest, Task } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import { validateProfiles } from '../../lib/profiles/validate-profiles.ts'
import { answer, phq9, response, tenantWithPatient } from '../flows/follow-up/screening-scene.ts'
import { SimulatedTenant } from '../flows/simulated-tenant.ts'
import { storySteps } from './examples.ts'

const PROFILES = 'https://careloop.dev/fhir/StructureDefinition'

/** Errors of what the automation has made, by what it is. */
const problemsOf = async (
  tenant: SimulatedTenant,
  profile: string,
  made: readonly (Task | CarePlan | ServiceRequest)[],
) => {
  const problems: string[] = []
  for (const resource of made) {
    const asResource = resource as unknown as Resource
    const { findings } = await validateProfiles(tenant.careloop, asResource, [`${PROFILES}/${profile}`])
    const errors = findings.filter(({ severity }) => severity === undefined || severity === 'error')
    problems.push(...errors.map(({ text }) => `${'code' in resource ? resource.code?.coding?.[0]?.code : ''}: ${text}`))
  }
  return problems
}

/** What people wrote says of which profile it is. */
const isMade = ({ meta }: { meta?: Resource['meta'] }): boolean => !meta?.profile

const codesOf = (tasks: readonly Task[]) => [...new Set(tasks.map(({ code }) => code?.coding?.[0]?.code))].sort()

describe('what the automation makes conforms to the profiles', () => {
  test('of an admission, a discharge, missed calls and a referral', async () => {
    const tenant = new SimulatedTenant('2026-11-10T05:00:00.000Z')
    for (const [, transaction] of storySteps('story-admission-to-closed-plan').slice(0, 6)) {
      for (const { resource } of (transaction as unknown as { entry: { resource: object }[] }).entry)
        await tenant.put(resource)
      await tenant.settle()
    }
    await tenant.advanceTo('2026-12-10T05:00:00.000Z')
    const tasks = (await tenant.all<Task>('Task')).filter(isMade)
    expect(codesOf(tasks)).toEqual(
      expect.arrayContaining(['tcm-interactive-contact', 'tcm-med-rec', 'escalation', 'referral-outcome']),
    )
    expect(await problemsOf(tenant, 'careloop-work-task', tasks)).toEqual([])
    const plans = (await tenant.all<CarePlan>('CarePlan')).filter(isMade)
    expect(plans.length).toBeGreaterThan(0)
    expect(await problemsOf(tenant, 'careloop-care-plan', plans)).toEqual([])
  })

  test('of a screening', async () => {
    const tenant = await tenantWithPatient()
    await answer(
      tenant,
      response('phq-9', phq9(22)),
      response('phq-9', phq9(3, { '44260-8': 'LA6569-3' }), { id: 'again' }),
    )
    const tasks = await tenant.all<Task>('Task')
    expect(tasks.length).toBeGreaterThan(1)
    expect(await problemsOf(tenant, 'careloop-work-task', tasks)).toEqual([])
    const requests = await tenant.all<ServiceRequest>('ServiceRequest')
    expect(await problemsOf(tenant, 'careloop-service-request', requests)).toEqual([])
  })
})
