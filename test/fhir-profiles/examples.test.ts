import { describe, expect, test } from '@jest/globals'
import type { Bundle as FhirBundle, Task } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import { coreTypes } from '../../lib/http/core-types.ts'
import { validateProfiles } from '../../lib/profiles/validate-profiles.ts'
import { declarations } from '../../lib/resources/index.ts'
import { openTaskStatuses } from '../../lib/resources/task.ts'
import { testApi } from '../support/api.ts'
import { example, exampleNames, storySteps } from './examples.ts'

type Bundle = Resource & { entry: { resource?: Resource }[] }

const STORY = 'story-admission-to-closed-plan'
const PROFILES = 'https://careloop.dev/fhir/StructureDefinition'

const resourcesOf = (resource: Resource): Resource[] =>
  resource.resourceType === 'Bundle' ? (resource as Bundle).entry.flatMap((entry) => entry.resource ?? []) : [resource]

/** The profile of ours that a resource says it is of, or that one of its kind has to be of. */
const profileOf = ({ resourceType, meta, code }: Resource & { code?: Task['code'] }): string => {
  const [claimed] = meta?.profile ?? []
  if (claimed) return claimed
  const isReferral = code?.coding?.some((coding) => coding.code === 'fulfill')
  const names: Record<string, string> = {
    CarePlan: 'careloop-care-plan',
    Goal: 'careloop-goal',
    ServiceRequest: 'careloop-service-request',
    Task: isReferral ? 'careloop-referral-task' : 'careloop-work-task',
  }
  return `${PROFILES}/${names[resourceType]}`
}

const problemsOf = async (resource: Resource) => {
  const { findings, unknown } = await validateProfiles(testApi().careloop, resource, [profileOf(resource)])
  return [...findings.filter(({ severity }) => severity !== 'information').map(({ text }) => text), ...unknown]
}

const singles = exampleNames.filter((name) => coreTypes.includes(example(name).resourceType))

describe('the examples of the project', () => {
  test('show every core type at least three times', () => {
    const types = singles.map((name) => example(name).resourceType)
    for (const type of ['CarePlan', 'Goal', 'ServiceRequest', 'Task'])
      expect([type, types.filter((one) => one === type).length >= 3]).toEqual([type, true])
  })

  test('show every profile of Tasks', () => {
    const claimed = singles.flatMap((name) => example(name).meta?.profile ?? [])
    for (const name of ['careloop-work-task', 'careloop-referral-task', 'careloop-patient-task'])
      expect(claimed).toContain(`${PROFILES}/${name}`)
  })

  test.each(exampleNames)('%s is valid', async (name) => {
    for (const resource of resourcesOf(example(name)))
      expect(await declarations.get(resource.resourceType)!.check(resource)).toEqual([])
  })

  test.each(singles)('%s conforms to its profile', async (name) => {
    expect(await problemsOf(example(name))).toEqual([])
  })

  test.each(singles)('%s comes back from the API as it was sent', async (name) => {
    const api = testApi()
    const resource = example(name)
    const url = `/${resource.resourceType}/${resource.id}`
    expect((await api.put(url, resource)).status).toBe(201)
    const { meta, ...read } = (await api.get<Resource>(url)).body
    const { meta: sent, ...rest } = resource
    expect(read).toEqual(rest)
    expect(meta).toMatchObject({ ...sent })
  })
})

describe('the story from an admission to a closed plan', () => {
  const steps = storySteps(STORY)

  test.each(steps)('%s conforms to the profiles', async (_step, transaction) => {
    for (const resource of resourcesOf(transaction).filter(({ resourceType }) => coreTypes.includes(resourceType))) {
      expect(resource.meta?.profile).toHaveLength(1)
      expect([resource.id, await problemsOf(resource)]).toEqual([resource.id, []])
    }
  })

  test('plays to its end, step by step, and leaves nothing open', async () => {
    const api = testApi({ tenant: { referentialIntegrity: 'enforce', profileValidation: 'enforce' } })
    for (const [step, transaction] of steps) {
      const { status, text } = await api.post('/', transaction)
      expect([step, status, text]).toEqual([step, 200, expect.any(String)])
    }
    const found = async (query: string) => (await api.get<FhirBundle>(query)).body.entry ?? []
    expect(await found(`/Task?patient=henry&status=${openTaskStatuses.join()}`)).toEqual([])
    expect(await found('/Task?patient=henry&status=completed')).toHaveLength(5)
    expect(await found('/Goal?patient=henry&lifecycle-status=completed&achievement-status=achieved')).toHaveLength(2)
    expect(await found('/ServiceRequest?patient=henry&status=completed')).toHaveLength(1)
    const [plan, ...others] = await found('/CarePlan?patient=henry&_include=CarePlan:activity-reference')
    expect(plan!.resource).toMatchObject({ resourceType: 'CarePlan', status: 'completed' })
    expect(others).toHaveLength(5)
  })

  test('told again it changes nothing', async () => {
    const api = testApi()
    const [[, admission]] = steps as [(typeof steps)[number]]
    await api.post('/', admission)
    const { body } = await api.post<FhirBundle>('/', admission)
    for (const { response } of body.entry!) expect(response!.etag).toBe('W/"1"')
  })
})
