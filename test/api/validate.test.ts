import { describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome } from 'fhir/r4'
import { bloodPressure, profileOn, reading, valueSetOf } from '../lib/profiles/own-profile.ts'
import { type TestApi, testApi } from '../support/api.ts'
import { examplePatient, exampleTask } from '../support/example-resources.ts'

const withProfiles = async (tenant: Parameters<typeof testApi>[0] = {}): Promise<TestApi> => {
  const api = testApi(tenant)
  await api.put('/StructureDefinition/bp', { ...bloodPressure, id: 'bp' })
  await api.put('/ValueSet/codes', { ...valueSetOf('pressures', 'panel'), id: 'codes' })
  return api
}

const wrong = reading({ valueString: 'x' })
const issues = ({ issue }: OperationOutcome) =>
  issue.map(({ severity, code, expression }) => `${severity} ${code} ${expression?.[0]}`)
const PROFILE = encodeURIComponent(bloodPressure.url)
const ASKING = { prefer: 'return=OperationOutcome' }

describe('$validate with a profile', () => {
  const { meta: _meta, ...unclaimed } = wrong

  test('of a resource in the body, by url and by Parameters', async () => {
    const api = await withProfiles()
    const expected = ['error structure Observation.value']
    const byUrl = await api.post<OperationOutcome>(`/Observation/$validate?profile=${PROFILE}`, unclaimed)
    expect([byUrl.status, issues(byUrl.body)]).toEqual([200, expected])
    const versioned = await api.post<OperationOutcome>('/Observation/$validate', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource: unclaimed },
        { name: 'profile', valueUri: `${bloodPressure.url}|1.0.0` },
        { name: 'mode', valueCode: 'profile' },
      ],
    })
    expect(issues(versioned.body)).toEqual(expected)
    expect(issues((await api.post<OperationOutcome>('/Observation/$validate', unclaimed)).body)).toEqual([
      'information informational undefined',
    ])
  })

  test('of what the resource claims', async () => {
    const api = await withProfiles()
    const { body } = await api.post<OperationOutcome>('/Observation/$validate', wrong)
    expect(issues(body)).toEqual(['error structure Observation.value'])
  })

  test('of what is stored, by GET', async () => {
    const api = await withProfiles()
    await api.put('/Observation/1', { ...unclaimed, id: '1' })
    const { status, body } = await api.get<OperationOutcome>(`/Observation/1/$validate?profile=${PROFILE}`)
    expect([status, issues(body)]).toEqual([200, ['error structure Observation.value']])
    expect(issues((await api.get<OperationOutcome>('/Observation/2/$validate')).body)).toEqual([
      'error not-found undefined',
    ])
  })

  test('that is not here says so', async () => {
    const api = testApi()
    const url = '/Task/$validate?profile=http://example.org/nowhere'
    const { status, body } = await api.post<OperationOutcome>(url, exampleTask())
    expect([status, issues(body)]).toEqual([200, ['error not-found profile']])
    expect(body.issue[0]!.diagnostics).toContain('http://example.org/nowhere')
  })

  test('sees a profile that has just been changed', async () => {
    const api = await withProfiles()
    expect(issues((await api.post<OperationOutcome>('/Observation/$validate', wrong)).body)).toHaveLength(1)
    const relaxed = profileOn('Observation', 'blood-pressure', [])
    await api.put('/StructureDefinition/bp', { ...relaxed, id: 'bp' })
    expect(issues((await api.post<OperationOutcome>('/Observation/$validate', wrong)).body)).toEqual([
      'information informational undefined',
    ])
  })

  test('looks at the whole definition of a supporting type, and at what is contained', async () => {
    const api = testApi()
    const { body } = await api.post<OperationOutcome>('/Patient/$validate', examplePatient({ maritalStatus: 'single' }))
    expect(issues(body)).toEqual(['error structure Patient.maritalStatus'])
    const contained = exampleTask({
      focus: { reference: '#p' },
      contained: [{ resourceType: 'Patient', id: 'p', gender: 'x' }],
    })
    expect(issues((await api.post<OperationOutcome>('/Task/$validate', contained)).body)).toEqual([
      'error code-invalid Task.contained[0].gender',
    ])
  })
})

describe('profileValidation', () => {
  test('off: nothing is looked at', async () => {
    const api = await withProfiles({ tenant: { profileValidation: 'off' } })
    const { status, body } = await api.post<OperationOutcome>('/Observation', wrong, ASKING)
    expect([status, issues(body)]).toEqual([201, ['information informational undefined']])
  })

  test('warn, by default: what is wrong is stored, and told to whoever asks', async () => {
    const api = await withProfiles()
    const { status, body } = await api.post<OperationOutcome>('/Observation', wrong, ASKING)
    expect([status, issues(body)]).toEqual([
      201,
      ['information informational undefined', 'warning structure Observation.value'],
    ])
    expect((await api.post('/Observation', wrong)).status).toBe(201)
  })

  describe('enforce', () => {
    const enforcing = () => withProfiles({ tenant: { profileValidation: 'enforce' } })

    test('refuses create, update and patch, with all issues', async () => {
      const api = await enforcing()
      const twice = reading({ valueString: 'x', subject: undefined })
      const created = await api.post<OperationOutcome>('/Observation', twice)
      expect([created.status, issues(created.body).sort()]).toEqual([
        422,
        ['error required Observation.subject', 'error structure Observation.value'],
      ])
      expect((await api.put('/Observation/1', { ...reading(), id: '1' })).status).toBe(201)
      expect((await api.put('/Observation/1', { ...wrong, id: '1' })).status).toBe(422)
      const patch = [{ op: 'remove', path: '/subject' }]
      const patched = await api.send('PATCH', '/Observation/1', patch, {
        'content-type': 'application/json-patch+json',
      })
      expect(patched.status).toBe(422)
      expect((await api.get('/Observation/1')).headers.etag).toBe('W/"1"')
    })

    test('refuses a transaction, with the place in the Bundle', async () => {
      const api = await enforcing()
      const post = (resource: unknown) => ({ resource, request: { method: 'POST', url: 'Observation' } })
      const { status, body } = await api.post<OperationOutcome>('', {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [post(reading()), post(wrong)],
      })
      expect([status, issues(body)]).toEqual([422, ['error structure Bundle.entry[1].resource.value']])
      expect((await api.get<Bundle>('/Observation?_summary=count')).body.total).toBe(0)
    })

    test('lets pass what claims a profile that is not here, with a warning', async () => {
      const api = await enforcing()
      const task = exampleTask({ meta: { profile: ['http://example.org/nowhere'] } })
      const { status, body } = await api.post<OperationOutcome>('/Task', task, ASKING)
      expect([status, issues(body)]).toEqual([
        201,
        ['information informational undefined', 'warning not-found Task.meta.profile'],
      ])
    })

    test('holds supporting types to their whole definition', async () => {
      const api = await enforcing()
      expect((await api.post('/Patient', examplePatient({ maritalStatus: 'single' }))).status).toBe(422)
      expect((await api.post('/Patient', examplePatient())).status).toBe(201)
    })
  })
})
