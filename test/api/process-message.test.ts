import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type {
  Bundle,
  CapabilityStatement,
  Communication,
  Coverage,
  Encounter,
  OperationOutcome,
  Patient,
  Task,
} from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import { parseJson } from '../../lib/json.ts'
import { resolveIdentity } from '../../lib/messages/resolve-identity.ts'
import { example } from '../fhir-profiles/examples.ts'
import { type TestApi, testApi } from '../support/api.ts'

const URL = '/$process-message'
let api: TestApi
beforeEach(() => {
  api = testApi()
})

const all = async <Type>(type: string): Promise<Type[]> =>
  ((await api.get<Bundle>(`/${type}`)).body.entry ?? []).map(({ resource }) => resource as Type)
const changes = async (): Promise<number> => (await api.get<Bundle>('/_history?_count=200')).body.entry?.length ?? 0
const amelia = () =>
  api.put('/Patient/amelia', {
    resourceType: 'Patient',
    id: 'amelia',
    identifier: [{ system: 'https://example-hospital.org/mrn', value: 'MRN-4711' }],
  })

describe('$process-message', () => {
  test('answers 200 when a message is received and applied', async () => {
    await amelia()
    const { status, body } = await api.post<OperationOutcome>(URL, example('notification-admit'))
    expect({ status, issue: body.issue }).toMatchObject({ status: 200, issue: [{ severity: 'information' }] })
    const [encounter] = await all<Encounter>('Encounter')
    expect(encounter).toMatchObject({ status: 'in-progress', subject: { reference: 'Patient/amelia' } })
    const [location] = await all<Resource>('Location')
    const [hospital] = await all<Resource>('Organization')
    expect(encounter!.location?.[0]?.location.reference).toBe(`Location/${location!.id}`)
    expect(location).toMatchObject({ managingOrganization: { reference: `Organization/${hospital!.id}` } })
    expect(encounter!.serviceProvider?.reference).toBe(`Organization/${hospital!.id}`)
  })

  test('of the stay’s next message changes the Encounter and adds nothing that is there', async () => {
    await amelia()
    await api.post(URL, example('notification-admit'))
    await api.post(URL, example('notification-discharge'))
    expect(await all('Encounter')).toMatchObject([
      { status: 'finished', period: { start: '2026-11-16T09:40:00-06:00', end: '2026-11-20T14:00:00-06:00' } },
    ])
    expect(await all('Organization')).toHaveLength(1)
    expect(await all('Location')).toHaveLength(1)
    expect(await all('Communication')).toHaveLength(2)
  })

  test('of a duplicate answers 200 and writes nothing', async () => {
    await amelia()
    await api.post(URL, example('notification-admit'))
    const before = await changes()
    const { status, body } = await api.post<OperationOutcome>(URL, example('notification-admit'))
    expect({ status, code: body.issue[0]?.code }).toEqual({ status: 200, code: 'duplicate' })
    expect(await changes()).toBe(before)
  })

  test('finds what it refers to by identifier, and leaves it as it is', async () => {
    await amelia()
    const identifier = [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '9999999973' }]
    await api.put('/Organization/ours', { resourceType: 'Organization', id: 'ours', name: 'Ours', identifier })
    await api.post(URL, example('notification-admit'))
    expect(await all('Organization')).toMatchObject([{ id: 'ours', name: 'Ours' }])
    expect(await all('Encounter')).toMatchObject([{ serviceProvider: { reference: 'Organization/ours' } }])
  })

  test('leaves the coverage of another patient with the same policy alone', async () => {
    await amelia()
    const identifier = [{ system: 'urn:policies', value: 'P1' }]
    const coverage = { resourceType: 'Coverage', status: 'active', payor: [{ display: 'Payer' }], identifier }
    await api.put('/Coverage/other', { ...coverage, id: 'other', beneficiary: { reference: 'Patient/other' } })
    const bundle = example('notification-admit') as unknown as Bundle
    const beneficiary = { reference: bundle.entry![2]!.fullUrl! }
    bundle.entry!.push({ fullUrl: 'urn:uuid:1', resource: { ...coverage, beneficiary } as unknown as Coverage })
    await api.post(URL, bundle)
    const coverages = await all<Coverage>('Coverage')
    expect(coverages.map((each) => each.beneficiary.reference).sort()).toEqual(['Patient/amelia', 'Patient/other'])
  })

  test('of a patient nobody knows answers 200 with a warning, creates none, and waits', async () => {
    const { status, body } = await api.post<OperationOutcome>(URL, example('notification-admit'))
    expect({ status, severity: body.issue[0]?.severity }).toEqual({ status: 200, severity: 'warning' })
    expect(await all<Patient>('Patient')).toEqual([])
    await amelia()
    const [task] = await all<Task>('Task')
    const output = [{ type: { text: 'patient' }, valueReference: { reference: 'Patient/amelia' } }]
    const base = await api.careloop.store.read('Task', task!.id!)
    const done = { ...task, status: 'completed', output } as unknown as Resource
    await api.careloop.store.write([{ type: 'Task', id: task!.id!, resource: done, base, method: 'PUT' }])
    await resolveIdentity(api.careloop, `Task/${task!.id}`)
    expect(await all('Encounter')).toMatchObject([{ status: 'in-progress', subject: { reference: 'Patient/amelia' } }])
  })

  test('of an event that nothing follows from says so', async () => {
    const other = example('notification-admit') as unknown as Bundle
    Object.assign(other.entry![0]!.resource!, { eventCoding: { system: 'urn:other', code: 'other' } })
    const { status, body } = await api.post<OperationOutcome>(URL, other)
    expect({ status, code: body.issue[0]?.code }).toEqual({ status: 200, code: 'not-supported' })
    expect(await all('Communication')).toHaveLength(1)
    expect(await all('Encounter')).toEqual([])
  })

  test.each<[string, unknown, number]>([
    ['no Bundle', { resourceType: 'Patient' }, 400],
    ['another Bundle', { resourceType: 'Bundle', type: 'batch' }, 400],
    ['an invalid Encounter', undefined, 422],
  ])('of %s answers an OperationOutcome, and keeps nothing', async (_what, body, expected) => {
    await amelia()
    const invalid = example('notification-admit') as unknown as Bundle
    Object.assign(invalid.entry![1]!.resource!, { period: { start: 'yesterday' } })
    const before = await changes()
    const answer = await api.post<OperationOutcome>(URL, body ?? invalid)
    expect({ status: answer.status, type: answer.body.resourceType }).toEqual({
      status: expected,
      type: 'OperationOutcome',
    })
    expect(answer.text).not.toMatch(/Brandt|4711|yesterday/)
    expect(await changes()).toBe(before)
  })

  test('takes JSON only, by POST', async () => {
    expect((await api.send('POST', URL, '<Bundle/>', { 'Content-Type': 'application/fhir+xml' })).status).toBe(415)
    expect(await api.get(URL)).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  })

  test('is advertised', async () => {
    const { body } = await api.get<CapabilityStatement>('/metadata')
    expect(body.rest?.[0]?.operation).toContainEqual({
      name: 'process-message',
      definition: 'http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message',
    })
  })

  test('leaves no trace of the patient in the log', async () => {
    await api.post(URL, example('notification-admit'))
    expect(JSON.stringify(api.log)).not.toMatch(/Brandt|4711|V-2026/)
    expect(api.log.at(-1)).toMatchObject({ interaction: '$process-message', status: 200 })
  })
})

const folder = join(process.env.CARELOOP_DATA ?? join(import.meta.dirname, '../../../shared/data'), 'ig/davinci-alerts')
const published = existsSync(folder)
  ? readdirSync(folder).filter(
      (name) => /-bundle(?:-\d+)?\.json$/.test(name) && !name.startsWith('StructureDefinition'),
    )
  : []

/** The implementation guide's own examples, beside the checkout: see CARELOOP_DATA. */
const withData = published.length ? describe : describe.skip
withData('the examples of Da Vinci Unsolicited Notifications', () => {
  const message = (name: string): Bundle => parseJson(readFileSync(join(folder, name), 'utf8')) as Bundle
  const elden = () =>
    api.put('/Patient/elden', {
      resourceType: 'Patient',
      id: 'elden',
      identifier: [{ system: 'http://example.org/fhir/mrn', value: '06e1f0dd-5fbe-4480-9bb4-6b54ec02d31b' }],
    })

  test.each(published)('%s is accepted', async (name) => {
    await elden()
    const { status, body } = await api.post<OperationOutcome>(URL, message(name))
    expect({ status, issue: body.issue }).toMatchObject({
      status: 200,
      issue: [{ severity: 'information', code: 'informational' }],
    })
    expect(await all('Encounter')).toMatchObject([{ subject: { reference: 'Patient/elden' } }])
    expect(await all('Condition')).toMatchObject([{ subject: { reference: 'Patient/elden' } }])
  })

  test.each([
    ['in order', published],
    ['in reverse', [...published].reverse()],
  ])('are one stay that has ended, %s', async (_order, names) => {
    await elden()
    for (const name of names) await api.post(URL, message(name))
    expect(await all('Encounter')).toMatchObject([
      { status: 'finished', class: { code: 'IMP' }, period: { end: '2018-10-23T22:22:15-07:00' } },
    ])
    expect(await all<Communication>('Communication')).toHaveLength(published.length)
    expect(await all('Coverage')).toHaveLength(1)
    expect(await all('Practitioner')).toHaveLength(1)
  })
})
