import { afterEach, describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda'
import type { Bundle, Observation, OperationOutcome, Task } from 'fhir/r4'
import { adtApi } from '../../lib/http/adt-api.ts'
import { redacted, withholdings } from '../../lib/security/access/let-out.ts'
import { resourceOf } from '../../lib/store/version.ts'
import { proxyEventOf, type TestAnswer, testApi } from '../support/api.ts'
import { callingWith, type Token } from '../support/calling-with.ts'
import { recordingLog } from '../support/recorded-logs.ts'

const NORA = 'Practitioner/nora'
const issueOf = ({ body }: TestAnswer<unknown>) => (body as OperationOutcome).issue[0]!

const tokenApi = () => testApi({ access: 'token' })

const requested: Task = { resourceType: 'Task', id: 'a', status: 'requested', intent: 'order' }

describe('without a token', () => {
  test('what says what the service does is open, and nothing else', async () => {
    const ask = callingWith(tokenApi(), undefined)
    for (const url of ['/metadata', '/openapi.json']) expect([url, (await ask('GET', url)).status]).toEqual([url, 200])
    for (const [method, url] of [
      ['GET', '/Task'],
      ['GET', '/Task/1'],
      ['POST', '/'],
      ['GET', '/$transition-report'],
      ['GET', '/SearchParameter'],
      ['PUT', '/Task/1'],
    ] as const) {
      const answer = await ask(method, url, method === 'GET' ? undefined : '{ not even JSON')
      expect([url, answer.status, answer.headers['www-authenticate']]).toEqual([url, 401, 'Bearer'])
      expect(issueOf(answer).code).toBe('login')
    }
  })

  test('a user whom somebody has named without scopes may do nothing', async () => {
    const ask = callingWith(tokenApi(), { fhirUser: NORA, roles: 'supervisor' })
    expect((await ask('GET', '/Task')).status).toBe(401)
  })

  test('where the service is open, who has none is trusted, and who has one is held to it', async () => {
    const api = testApi({ access: 'open' })
    expect((await callingWith(api, undefined)('GET', '/Task')).status).toBe(200)
    expect((await callingWith(api, { fhirUser: NORA })('GET', '/Task')).status).toBe(200)
    expect((await callingWith(api, { scope: 'system/Goal.rs' })('GET', '/Task')).status).toBe(403)
    expect((await callingWith(api, { scope: '' })('GET', '/Task')).status).toBe(403)
  })
})

describe('refusals', () => {
  test('say which scope it would take', async () => {
    const refused = await callingWith(tokenApi(), { scope: 'system/Goal.rs' })('GET', '/Task/1')
    expect(refused.status).toBe(403)
    expect(issueOf(refused)).toMatchObject({ code: 'forbidden', diagnostics: expect.stringContaining('Task.r ') })
  })
})

describe('operations', () => {
  const REPORT = '/$transition-report?start=2026-01-01&end=2026-02-01'
  const ROWS: [name: string, token: Token, method: string, url: string, allowed: boolean][] = [
    ['a system', { scope: 'system/Task.s' }, 'GET', REPORT, true],
    ['a system with other scopes', { scope: 'system/Goal.s' }, 'GET', REPORT, false],
    ['a system with some Tasks', { scope: 'system/Task.s?status=requested' }, 'GET', REPORT, false],
    ['a supervisor', { scope: 'user/*.rs', fhirUser: NORA, roles: 'supervisor' }, 'GET', REPORT, true],
    ['an auditor', { scope: 'user/*.rs', fhirUser: NORA, roles: 'auditor' }, 'GET', REPORT, true],
    ['an auditor without the scope', { scope: 'user/AuditEvent.rs', roles: 'auditor' }, 'GET', REPORT, false],
    ['a care manager', { scope: 'user/*.cruds', fhirUser: NORA, roles: 'care-manager' }, 'GET', REPORT, false],
    ['a patient', { scope: 'patient/*.cruds', patient: 'anna' }, 'GET', REPORT, false],
    ['a supervisor', { scope: 'user/*.cruds', roles: 'supervisor' }, 'POST', '/Task/$assign', true],
    ['a care manager', { scope: 'user/*.cruds', roles: 'care-manager' }, 'POST', '/Task/$assign', false],
    ['an auditor', { scope: 'user/*.cruds', roles: 'auditor' }, 'POST', '/Task/$assign', false],
    ['an auditor', { scope: 'user/*.cruds', roles: 'auditor' }, 'GET', '/PractitionerRole/$caseload', true],
    [
      'a care manager',
      { scope: 'user/*.cruds', roles: 'care-manager' },
      'POST',
      '/PlanDefinition/x/$apply-and-save',
      true,
    ],
    ['a patient', { scope: 'patient/*.cruds', patient: 'anna' }, 'POST', '/PlanDefinition/x/$apply-and-save', false],
    ['an agency', { scope: 'user/*.cruds', fhirUser: 'Organization/o' }, 'POST', '/Task/a/$referral-link', false],
    ['a system', { scope: 'system/Encounter.cu system/Patient.cu' }, 'POST', '/$process-message', true],
    ['a system that reads', { scope: 'system/*.rs' }, 'POST', '/$process-message', false],
    ['a patient', { scope: 'patient/*.cruds', patient: 'anna' }, 'POST', '/$process-message', false],
  ]

  test.each(ROWS)('%s %j: %s %s', async (_name, token, method, url, allowed) => {
    const body = method === 'POST' ? { resourceType: 'Parameters' } : undefined
    const { status } = await callingWith(tokenApi(), token)(method, url, body)
    if (allowed) expect([200, 201, 400, 404, 422]).toContain(status)
    else expect(status).toBe(403)
  })

  test('messages of HL7 v2 need a token as well', async () => {
    const { careloop } = tokenApi()
    const handler = adtApi(careloop, { log: recordingLog() })
    const post = async (authorizer: object | undefined) => {
      const event = proxyEventOf('POST', '/v2/adt', '', 'MSH|^~\\&|x', { 'Content-Type': 'application/hl7-v2' })
      const requestContext = { authorizer } as unknown as APIGatewayProxyEvent['requestContext']
      const result = await handler({ ...event, requestContext }, {} as Context, () => {})
      return (result as APIGatewayProxyResult).statusCode
    }
    expect(await post(undefined)).toBe(401)
    expect(await post({ scope: 'system/Task.cruds' })).toBe(403)
    expect(await post({ scope: 'system/*.cud' })).not.toBe(401)
    expect(await post({ scope: 'system/*.cud' })).not.toBe(403)
  })

  test('$explain tells whoever may read the Task', async () => {
    const api = tokenApi()
    await callingWith(api, { scope: 'system/*.cruds' })('PUT', '/Task/a', {
      ...requested,
      for: { reference: 'Patient/anna' },
    })
    const of = (patient: string) => callingWith(api, { scope: 'patient/Task.rs', patient })('GET', '/Task/a/$explain')
    expect((await of('anna')).status).toBe(200)
    expect((await of('ben')).status).toBe(404)
  })
})

describe('lifecycles', () => {
  const accept = [{ op: 'replace', path: '/status', value: 'accepted' }]
  const patchBy = async (token: Token): Promise<number> => {
    const api = tokenApi()
    const owner = { reference: 'Practitioner/hal' }
    await callingWith(api, { scope: 'system/*.cruds' })('PUT', '/Task/a', { ...requested, owner })
    const headers = { 'Content-Type': 'application/json-patch+json' }
    return (await callingWith(api, token)('PATCH', '/Task/a', accept, headers)).status
  }

  test('a system acts in nobody’s name, a user in their own', async () => {
    expect(await patchBy({ scope: 'system/*.cruds' })).toBe(200)
    expect(await patchBy({ scope: 'user/*.cruds', roles: 'care-manager', fhirUser: 'Practitioner/hal' })).toBe(200)
    expect(await patchBy({ scope: 'user/*.cruds', roles: 'care-manager', fhirUser: NORA })).toBe(403)
    expect(await patchBy({ scope: 'user/*.cruds', roles: 'care-manager' })).toBe(403)
    expect(await patchBy({ scope: 'system/*.cruds', fhirUser: NORA })).toBe(403)
  })
})

describe('what is kept back beside scopes', () => {
  afterEach(() => {
    withholdings.length = 0
  })

  const world = async () => {
    const api = tokenApi()
    const system = callingWith(api, { scope: 'system/*.cruds' })
    const observation = (id: string, text: string, security: string): Observation => ({
      resourceType: 'Observation',
      id,
      status: 'final',
      code: { text: 'x' },
      valueString: text,
      subject: { reference: 'Patient/anna' },
      meta: { security: [{ code: security }] },
    })
    for (const [id, text, security] of [
      ['open', 'seen', 'N'],
      ['part', 'secret', 'R'],
      ['kept', 'secret', 'V'],
    ] as const)
      await system('PUT', `/Observation/${id}`, observation(id, text, security))
    withholdings.push({
      concerns: (_careloop, { caller }) => caller?.purposeOfUse !== 'ETREAT',
      async withhold(_careloop, _access, versions) {
        return versions.flatMap((version) => {
          const [label] = (version.content.meta?.security ?? []) as { code: string }[]
          if (label?.code === 'V') return []
          if (label?.code !== 'R') return [version]
          const { valueString: _secret, ...rest } = resourceOf(version)
          return [redacted(version, rest)]
        })
      },
    })
    return { api, system }
  }

  test.each(['system/*.cruds', 'system/Observation.cruds'])('goes out by no way: %s', async (scope) => {
    const { api } = await world()
    const ask = callingWith(api, { scope })
    const entry = [{ request: { method: 'GET', url: 'Observation/part' } }]
    const answers = [
      await ask('GET', '/Observation/part'),
      await ask('GET', '/Observation/part/_history/1'),
      await ask('GET', '/Observation/part/_history'),
      await ask('GET', '/Observation/_history'),
      await ask('GET', '/Observation'),
      await ask('GET', '/Observation?_sort=-_id'),
      await ask('POST', '/', { resourceType: 'Bundle', type: 'batch', entry }),
      await ask('POST', '/', { resourceType: 'Bundle', type: 'transaction', entry }),
    ]
    for (const { status, text } of answers) {
      expect(status).toBe(200)
      expect(text).toContain('"part"')
      expect(text).not.toContain('secret')
      expect(text).not.toContain('"kept"')
    }
    expect((await ask('GET', '/Observation/kept')).status).toBe(404)
    expect((await ask('GET', '/Observation/kept/_history')).status).toBe(404)
    const { body } = await ask<Bundle>('GET', '/Observation/open')
    expect(body).toMatchObject({ valueString: 'seen' })
  })

  test('what is seen in part cannot be overwritten', async () => {
    const { api, system } = await world()
    const { body } = await system<Observation>('GET', '/Observation/part')
    const refused = await system('PUT', '/Observation/part', { ...body, status: 'amended' })
    expect(refused.status).toBe(403)
    const stored = await api.careloop.store.read('Observation', 'part')
    expect(stored!.content.valueString).toBe('secret')
  })
})
