import { describe, expect, test } from '@jest/globals'
import type { OperationOutcome } from 'fhir/r4'
import { testApi } from '../support/api.ts'

const code = { text: 'Body weight' }
const observation = { resourceType: 'Observation', status: 'final', code }

/** `expression: text` of each issue. */
const issuesOf = ({ issue }: OperationOutcome): string[] =>
  issue.map(({ expression, diagnostics }) => `${expression}: ${diagnostics}`)

describe('by default a resource of a supporting type is held to the whole definition of its type', () => {
  test.each([
    ['an element that is required', { code: undefined }, 'Observation.code: Observation.code is required'],
    [
      'a member that is no element',
      { weather: 'fine' },
      'Observation.weather: Observation.weather is not an element of Observation',
    ],
    [
      'a code of a required binding',
      { status: 'done' },
      'Observation.status: Observation.status is not one of registered, preliminary, final, amended, corrected, cancelled, entered-in-error, unknown',
    ],
    [
      'an element that search does not read',
      { issued: 'yesterday' },
      'Observation.issued: Observation.issued is not an instant: use YYYY-MM-DDThh:mm:ss with Z or an offset such as -05:00',
    ],
    [
      'a contained resource',
      { device: { reference: '#scale' }, contained: [{ resourceType: 'Device', id: 'scale', colour: 'red' }] },
      'Observation.contained[0].colour: Device.colour is not an element of Device',
    ],
    [
      'a required binding of a CodeableConcept',
      {
        contained: [
          { resourceType: 'Condition', id: 'c', subject: { reference: '#' }, clinicalStatus: { text: 'active' } },
        ],
      },
      'Observation.contained[0].clinicalStatus: Condition.clinicalStatus must have a coding of http://terminology.hl7.org/CodeSystem/condition-clinical (active, recurrence, relapse, inactive, remission, resolved)',
    ],
    [
      'a constraint',
      { valueString: 'x', dataAbsentReason: { text: 'unknown' } },
      'Observation: Observation must not have both dataAbsentReason and value (obs-6)',
    ],
    [
      'what it contains',
      { device: { reference: '#scale' } },
      'Observation.device.reference: Observation.device.reference must be the id of a contained resource (ref-1)',
    ],
  ])('create without regard for %s is refused', async (_what, change, issue) => {
    const { status, body } = await testApi().post<OperationOutcome>('/Observation', { ...observation, ...change })
    expect([status, issuesOf(body)]).toEqual([422, [issue]])
  })

  test('update, conditional update and patch are refused', async () => {
    const api = testApi()
    const wrong = { ...observation, code: undefined }
    await api.put('/Observation/weight', { ...observation, id: 'weight' })
    const answers = [
      await api.put('/Observation/weight', { ...wrong, id: 'weight' }),
      await api.put('/Observation?identifier=w', { ...wrong, identifier: [{ value: 'w' }] }),
      await api.send('PATCH', '/Observation/weight', [{ op: 'remove', path: '/code' }], {
        'Content-Type': 'application/json-patch+json',
      }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422])
    expect((await api.get('/Observation/weight')).body).toMatchObject({ code, meta: { versionId: '1' } })
  })

  test('a transaction is refused with what is wrong with any of its entries', async () => {
    const api = testApi()
    const entry = (resource: object) => ({ resource, request: { method: 'POST', url: 'Observation' } })
    const { status, body } = await api.post<OperationOutcome>('', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [entry(observation), entry({ ...observation, code: undefined }), entry({ ...observation, status: 'no' })],
    })
    expect(status).toBe(422)
    expect(body.issue.map(({ expression }) => expression)).toEqual([
      ['Bundle.entry[1].resource.code'],
      ['Bundle.entry[2].resource.status'],
    ])
  })

  test('a Provenance in X-Provenance is refused', async () => {
    const provenance = { resourceType: 'Provenance', recorded: '2026-01-05T12:00:00Z', agent: [{}] }
    const { status, body } = await testApi().post<OperationOutcome>('/Observation', observation, {
      'X-Provenance': JSON.stringify(provenance),
    })
    expect([status, issuesOf(body)]).toEqual([
      422,
      [
        'Provenance.agent[0].who: In X-Provenance: Provenance.agent[0].who is required',
        'Provenance.agent[0]: In X-Provenance: Provenance.agent[0] must not be empty',
      ],
    ])
  })

  test('what is wrong with what search reads too is told once', async () => {
    const { body } = await testApi().post<OperationOutcome>('/Observation', {
      ...observation,
      effectiveDateTime: 'today',
    })
    expect(body.issue).toHaveLength(1)
  })

  test('what a core type contains is held to its definition too', async () => {
    const task = { resourceType: 'Task', status: 'requested', intent: 'order' }
    const contained = [{ resourceType: 'Device', id: 'scale', colour: 'red' }]
    const focus = { reference: '#scale' }
    const { status, body } = await testApi().post<OperationOutcome>('/Task', { ...task, focus, contained })
    expect([status, issuesOf(body)]).toEqual([
      422,
      ['Task.contained[0].colour: Device.colour is not an element of Device'],
    ])
  })
})

describe('structure: searched', () => {
  const api = testApi({ tenant: { structure: 'searched' } })

  test('lets pass what search does not read', async () => {
    const { status } = await api.post('/Observation', { ...observation, code: undefined, weather: 'fine' })
    expect(status).toBe(201)
  })

  test('refuses what could not be found again', async () => {
    const { status } = await api.post('/Observation', { ...observation, effectiveDateTime: 'today' })
    expect(status).toBe(422)
  })
})
