import { describe, expect, test } from '@jest/globals'
import type { OperationOutcome, Questionnaire, Task } from 'fhir/r4'
import {
  answer,
  observed,
  openCodes,
  response,
  tasks,
  tenantWithPatient,
  YES,
} from '../flows/follow-up/screening-scene.ts'
import { testApi } from '../support/api.ts'

const inCrisis = async () => {
  const tenant = await tenantWithPatient()
  await answer(tenant, response('c-ssrs-screener', { '93246-7': YES }))
  const [task] = await tasks(tenant, 'suicide-risk-assessment')
  const api = testApi({ table: tenant.table, tenant: tenant.careloop.tenant, clock: { now: () => tenant.now } })
  const close = (elements: Partial<Task>) => api.put<OperationOutcome>(`/Task/${task!.id}`, { ...task, ...elements })
  return { tenant, close }
}

const DISPOSITION = {
  type: { text: 'disposition' },
  valueCodeableConcept: {
    coding: [{ system: 'https://careloop.dev/fhir/CodeSystem/suicide-risk-disposition', code: 'safety-plan' }],
  },
}

describe('a Task about a risk of suicide', () => {
  test.each<[string, Partial<Task>]>([
    ['completed', { status: 'completed' }],
    ['cancelled', { status: 'cancelled', statusReason: { text: 'not needed' } }],
    ['failed', { status: 'failed', statusReason: { text: 'not reached' } }],
    ['completed with any output', { status: 'completed', output: [{ type: { text: 'x' }, valueString: 'fine' }] }],
  ])('cannot be %s without a disposition', async (_name, elements) => {
    const { close } = await inCrisis()
    const { status, body } = await close(elements)
    expect(status).toBe(422)
    expect(body.issue[0]).toMatchObject({
      code: 'business-rule',
      expression: ['Task.output'],
      diagnostics: expect.stringContaining('suicide-risk-disposition'),
    })
  })

  test('is closed with one', async () => {
    const { tenant, close } = await inCrisis()
    expect((await close({ status: 'completed', output: [DISPOSITION] })).status).toBe(200)
    await tenant.settle()
    expect(await openCodes(tenant)).toEqual(['complete-screening'])
  })

  test('that was entered in error needs none', async () => {
    const { close } = await inCrisis()
    expect((await close({ status: 'entered-in-error' })).status).toBe(200)
  })
})

describe('the Questionnaires that come with the service', () => {
  test('are read like those of the tenant, and give way to one with the same url', async () => {
    const api = testApi()
    const packaged = await api.get<Questionnaire>('/Questionnaire/phq-9')
    expect(packaged).toMatchObject({ status: 200, body: { title: expect.stringContaining('PHQ-9') } })
    const own = { resourceType: 'Questionnaire', id: 'mine', status: 'active', url: packaged.body.url }
    expect((await api.put('/Questionnaire/mine', own)).status).toBe(201)
    expect((await api.get('/Questionnaire/phq-9')).status).toBe(404)
  })
})

test('what a client posts and what comes of it are resources that a client may write', async () => {
  const tenant = await tenantWithPatient()
  const api = testApi({ table: tenant.table, tenant: tenant.careloop.tenant, clock: { now: () => tenant.now } })
  await answer(
    tenant,
    response('prapare', { '76501-6': YES, '93031-3': ['LA30125-1', 'LA46-8'], '63512-8': { valueInteger: 4 } }),
  )
  for (const type of ['Observation', 'Task', 'ServiceRequest', 'Provenance'])
    for (const resource of await tenant.all(type)) {
      const { status, body } = await api.post<OperationOutcome>(`/${type}/$validate`, resource)
      expect([status, body.issue.filter(({ severity }) => severity !== 'information')]).toEqual([200, []])
    }
  expect(await observed(tenant, '63512-8')).toMatchObject({ valueQuantity: { value: 4 } })
})
