import { describe, expect, test } from '@jest/globals'
import type { Appointment, Bundle, Composition, List, Task } from 'fhir/r4'
import { type TestApi, testApi } from '../../../support/api.ts'
import { callingAs } from '../../../support/caller.ts'

const ann = { reference: 'Patient/ann' }
const member = (reference: string, others: object = {}) => ({ member: { reference }, ...others })
const task = (id: string, end: string, others: object = {}) => ({
  resourceType: 'Task',
  id,
  status: 'requested',
  intent: 'order',
  for: ann,
  restriction: { period: { end } },
  ...others,
})
const goal = (id: string, lifecycleStatus: string) => ({
  resourceType: 'Goal',
  id,
  lifecycleStatus,
  description: { text: id },
  subject: ann,
})

const withPlan = async (): Promise<TestApi> => {
  const api = testApi()
  const team = [
    member('Practitioner/nora'),
    member('PractitionerRole/nurse'),
    member('Practitioner/gone', { period: { end: '2025-12-01' } }),
    member('Organization/pharmacy'),
    member('CareTeam/outside'),
  ]
  for (const resource of [
    { resourceType: 'Patient', id: 'ann' },
    { resourceType: 'CareTeam', id: 'team', status: 'active', subject: ann, participant: team },
    {
      resourceType: 'CareTeam',
      id: 'outside',
      status: 'active',
      participant: [member('RelatedPerson/son'), member('Practitioner/nora')],
    },
    {
      resourceType: 'CarePlan',
      id: 'plan',
      status: 'active',
      intent: 'plan',
      subject: ann,
      careTeam: [{ reference: 'CareTeam/team' }],
    },
    goal('walk', 'active'),
    goal('reached', 'completed'),
    task('late', '2026-01-02'),
    task('later', '2026-01-01'),
    task('in-time', '2026-02-01'),
    task('done', '2026-01-01', { status: 'completed' }),
  ] as { resourceType: string; id: string }[])
    expect((await api.put(`/${resource.resourceType}/${resource.id}`, resource)).status).toBe(201)
  return api
}
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })
const START = { name: 'start', valueDateTime: '2026-01-12T15:00:00-05:00' }
const call = (api: TestApi, ...more: object[]) =>
  api.post<Bundle>('/CarePlan/plan/$case-conference', parameters(START, ...more))
const partsOf = ({ entry }: Bundle) => entry!.map(({ resource }) => resource!)
const idOf = async (api: TestApi): Promise<string> => partsOf((await call(api)).body)[0]!.id!

describe('a case conference', () => {
  test('calls the care team together, with what is overdue and what is aimed at', async () => {
    const api = await withPlan()
    const { status, body } = await call(api, { name: 'minutes', valueInteger: 45 })
    expect(status).toBe(201)
    const [appointment, agenda, ...items] = partsOf(body) as [Appointment, List, ...Task[]]
    expect(appointment).toMatchObject({
      status: 'proposed',
      start: '2026-01-12T20:00:00.000Z',
      end: '2026-01-12T20:45:00.000Z',
      minutesDuration: 45,
    })
    expect(appointment.participant.map(({ actor, required }) => [actor!.reference, required])).toEqual([
      ['Practitioner/nora', 'required'],
      ['PractitionerRole/nurse', 'required'],
      ['RelatedPerson/son', 'required'],
      ['Patient/ann', 'information-only'],
    ])
    const expected = ['Task/later', 'Task/late', 'Goal/walk']
    expect(agenda.entry!.map(({ item }) => item.reference)).toEqual(expected)
    expect(items.map(({ resourceType, id }) => `${resourceType}/${id}`).sort()).toEqual([...expected].sort())
    const found = await api.get<Bundle>('/Appointment?patient=Patient/ann&practitioner=Practitioner/nora')
    expect(found.body.total).toBe(1)
  })

  test('is one for one start or key, however often it is called', async () => {
    const api = await withPlan()
    const answers = await Promise.all([call(api), call(api), call(api)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
    expect(new Set(answers.map(({ body }) => partsOf(body)[0]!.id)).size).toBe(1)
    const keyed = await call(api, { name: 'key', valueString: 'second' })
    expect(keyed.status).toBe(201)
    expect((await api.get<Bundle>('/Appointment')).body.total).toBe(2)
    expect((await api.get<Bundle>('/List')).body.total).toBe(2)
  })

  test('is refused without a time, of nothing, and where nobody would come', async () => {
    const api = await withPlan()
    const post = (id: string, ...more: object[]) => api.post(`/CarePlan/${id}/$case-conference`, parameters(...more))
    expect((await post('plan')).status).toBe(400)
    expect((await post('plan', { name: 'start', valueDateTime: '2026-01-12' })).status).toBe(400)
    expect((await post('plan', START, { name: 'minutes', valueInteger: 0 })).status).toBe(400)
    expect((await post('none', START)).status).toBe(404)
    await api.put('/CarePlan/lonely', {
      resourceType: 'CarePlan',
      id: 'lonely',
      status: 'active',
      intent: 'plan',
      subject: { reference: 'Patient/bob' },
    })
    expect((await post('lonely', START)).status).toBe(422)
  })
})

const action = (key: string, ...part: object[]) => ({
  name: 'action',
  part: [{ name: 'key', valueString: key }, { name: 'description', valueString: `Do ${key}` }, ...part],
})
const minutes = (api: TestApi, id: string, text: string, ...actions: object[]) =>
  callingAs(api, 'Practitioner/nora')<Composition>(
    'POST',
    `/Appointment/${id}/$conference-minutes`,
    parameters({ name: 'text', valueString: text }, ...actions),
  )
const tasksOf = async (api: TestApi) =>
  (await api.get<Bundle>('/Task?code=conference-action')).body.entry?.map(({ resource }) => resource as Task) ?? []

describe('its minutes', () => {
  test('are a Composition, and their actions Tasks', async () => {
    const api = await withPlan()
    const id = await idOf(api)
    const owned = action(
      'ride',
      { name: 'owner', valueReference: { reference: 'Practitioner/omar' } },
      { name: 'due', valueDateTime: '2026-01-20' },
    )
    const { status, body } = await minutes(api, id, 'Ann & son agreed.\n<b>Walks</b> daily.', owned, action('meds'))
    expect(status).toBe(201)
    expect(body).toMatchObject({
      resourceType: 'Composition',
      status: 'final',
      subject: ann,
      author: [{ reference: 'Practitioner/nora' }],
    })
    expect(body.section!.map(({ title }) => title)).toEqual(['Minutes', 'Agenda', 'Actions'])
    expect(body.section![0]!.text!.div).toContain('<p>Ann &amp; son agreed.</p><p>&lt;b&gt;Walks&lt;/b&gt; daily.</p>')
    const tasks = await tasksOf(api)
    const ride = tasks.find(({ description }) => description === 'Do ride')!
    expect(ride).toMatchObject({
      status: 'requested',
      owner: { reference: 'Practitioner/omar' },
      requester: { reference: 'Practitioner/nora' },
      basedOn: [{ reference: 'CarePlan/plan' }],
      for: ann,
      restriction: { period: { end: '2026-01-20' } },
    })
    expect(tasks.find(({ description }) => description === 'Do meds')!.owner!.reference).toBe(
      'CareTeam/care-management-pool',
    )
    expect((await api.get<Appointment>(`/Appointment/${id}`)).body.status).toBe('fulfilled')
  })

  test('sent again make no action twice and leave the Tasks as people have left them', async () => {
    const api = await withPlan()
    const id = await idOf(api)
    await minutes(api, id, 'Agreed.', action('meds'))
    const [meds] = await tasksOf(api)
    await api.put(`/Task/${meds!.id}`, { ...meds, status: 'accepted' })
    const again = await minutes(api, id, 'Agreed.', action('meds'))
    expect([again.status, again.body.meta!.versionId, again.body.status]).toEqual([200, '1', 'final'])
    const amended = await minutes(api, id, 'Agreed on more.', action('ride'))
    expect([amended.status, amended.body.status]).toEqual([200, 'amended'])
    expect(amended.body.section!.at(-1)!.entry).toHaveLength(2)
    expect((await tasksOf(api)).map(({ description, status }) => [description, status]).sort()).toEqual([
      ['Do meds', 'accepted'],
      ['Do ride', 'requested'],
    ])
  })

  test('are of a case conference, and say something', async () => {
    const api = await withPlan()
    const id = await idOf(api)
    await api.put('/Appointment/dentist', {
      resourceType: 'Appointment',
      id: 'dentist',
      status: 'booked',
      participant: [{ actor: ann, status: 'accepted' }],
      start: '2026-01-12T20:00:00Z',
      end: '2026-01-12T20:30:00Z',
    })
    expect((await minutes(api, 'dentist', 'x')).status).toBe(409)
    expect((await minutes(api, 'none', 'x')).status).toBe(404)
    expect((await minutes(api, id, ' ')).status).toBe(400)
    expect((await minutes(api, id, 'x', { name: 'action', part: [{ name: 'key', valueString: 'a' }] })).status).toBe(
      400,
    )
    expect((await minutes(api, id, 'x', action('a'), action('a'))).status).toBe(400)
  })
})
