import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Bundle, CarePlan, OperationOutcome, Parameters, PlanDefinition, Provenance, Task } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import { declarations } from '../../lib/resources/index.ts'
import { withEverything } from '../flows/pathways.ts'
import { codeOf, contact, encounter, optOut, patient } from '../flows/programmes/scene.ts'
import { disposition, highRisk, SimulatedTenant } from '../flows/simulated-tenant.ts'
import { type TestAnswer, type TestApi, testApi } from '../support/api.ts'

const HEARD = '2026-11-20T20:05:00.000Z'
const DISCHARGE = '2026-11-20T14:00:00-06:00'
const stay = (others: object = {}) => encounter('stay', 'IMP', '2026-11-16T09:40:00-06:00', DISCHARGE, others)

const of = (values: Record<string, string>): Parameters => ({
  resourceType: 'Parameters',
  parameter: Object.entries(values).map(([name, valueString]) => ({ name, valueString })),
})
const toStay = { subject: 'Patient/amelia', encounter: 'Encounter/stay' }

interface Scene {
  tenant: SimulatedTenant
  api: TestApi
  apply(id: string, values: Record<string, string>): Promise<TestAnswer<CarePlan>>
  save(id: string, values: Record<string, string>): Promise<TestAnswer<CarePlan>>
}

/** All of this is stored, and nothing has followed from it yet. */
const scene = async (...resources: object[]): Promise<Scene> => {
  const tenant = new SimulatedTenant(HEARD)
  for (const resource of resources) await tenant.put(resource)
  const api = testApi({ table: tenant.table, tenant: tenant.careloop.tenant, clock: { now: () => tenant.now } })
  return {
    tenant,
    api,
    apply: (id, values) => api.post(`/PlanDefinition/${id}/$apply`, of(values)),
    save: (id, values) => api.post(`/PlanDefinition/${id}/$apply-and-save`, of(values)),
  }
}

const containedTasks = ({ contained = [] }: CarePlan): Task[] =>
  contained.filter((resource): resource is Task => resource.resourceType === 'Task')
const issuesOf = ({ contained = [] }: CarePlan) =>
  contained.flatMap((resource) =>
    resource.resourceType === 'OperationOutcome' ? (resource as OperationOutcome).issue : [],
  )
const storedTasks = async ({ tenant }: Scene): Promise<Task[]> => tenant.all<Task>('Task')
const rows = ({ tenant }: Scene): number => tenant.table.records.length

/** A Task without what only storing it adds or tells apart. */
const bare = ({ meta: _meta, focus: _focus, ...task }: Task): unknown => task
const byId = (a: { id?: string }, b: { id?: string }): number => (a.id! < b.id! ? -1 : 1)

const broken = (id: string, condition: string): PlanDefinition =>
  ({
    ...withEverything,
    id: 'broken',
    url: 'https://example.org/PlanDefinition/broken',
    action: withEverything.action!.map((group) => ({
      ...group,
      action: group.action!.map((action) =>
        action.id === id
          ? {
              ...action,
              condition: [{ kind: 'applicability', expression: { language: 'text/fhirpath', expression: condition } }],
            }
          : action,
      ),
    })),
  }) as PlanDefinition

describe('$apply', () => {
  test('shows the plan with its Tasks contained, counted as the engine would', async () => {
    const { apply } = await scene(patient(), highRisk('risk', '2026-11-19'), stay())
    const { status, body } = await apply('transition-of-care', { ...toStay, practitioner: 'Practitioner/nora' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      resourceType: 'CarePlan',
      status: 'active',
      subject: { reference: 'Patient/amelia' },
      encounter: { reference: 'Encounter/stay' },
      author: { reference: 'Practitioner/nora' },
      period: { start: DISCHARGE, end: '2026-12-19T23:59:59-06:00' },
    })
    const tasks = containedTasks(body)
    expect(Object.fromEntries(tasks.map((task) => [codeOf(task), task.restriction?.period?.end]).sort())).toEqual({
      'tcm-interactive-contact': '2026-11-24T23:59:59-06:00',
      'tcm-med-rec': '2026-11-27T23:59:59-06:00',
      'tcm-period': '2026-12-19T23:59:59-06:00',
      'tcm-second-call': '2026-11-25T23:59:59-06:00',
      'tcm-visit-7d': '2026-11-27T23:59:59-06:00',
    })
    expect(body.activity!.map(({ reference }) => reference!.reference).sort()).toEqual(
      tasks.map(({ id }) => `#${id}`).sort(),
    )
    for (const task of tasks)
      expect(task).toMatchObject({ focus: { reference: '#' }, requester: { reference: 'Practitioner/nora' } })
    expect(await declarations.get('CarePlan')!.check(body as unknown as Resource)).toEqual([])
  })

  test('takes its parameters from the URL too, and references below the base', async () => {
    const { api } = await scene(patient(), stay())
    const url = '/PlanDefinition/trc/$apply?subject=https://api.test/fhir/Patient/amelia&encounter=Encounter/stay'
    const { status, body } = await api.get<CarePlan>(url)
    expect(status).toBe(200)
    expect(containedTasks(body).map(codeOf).sort()).toEqual(['trc-discharge-info', 'trc-engagement', 'trc-med-rec'])
  })

  test('of a patient alone counts from the anchor that is given, else from now', async () => {
    const given = await scene(patient())
    const { body } = await given.apply('transition-of-care', { subject: 'Patient/amelia', anchor: '2026-11-25' })
    const contactTask = containedTasks(body).find((task) => codeOf(task) === 'tcm-interactive-contact')!
    // Thanksgiving is on the Thursday.
    expect(contactTask.restriction!.period!.end).toBe('2026-11-30T23:59:59-06:00')
    expect(body.encounter).toBeUndefined()
    const { body: now } = await given.apply('transition-of-care', { subject: 'Patient/amelia' })
    expect(now.period!.start).toBe('2026-11-20T14:05:00-06:00')
  })

  test('says why nothing is asked for', async () => {
    const { apply } = await scene(patient(), optOut(), stay())
    const { status, body } = await apply('transition-of-care', toStay)
    expect(status).toBe(200)
    expect(body.activity).toBeUndefined()
    expect(issuesOf(body)).toMatchObject([{ severity: 'information', diagnostics: expect.stringMatching(/^Nothing/) }])
  })

  test('skips an action whose condition cannot be evaluated, says so, and goes on with the others', async () => {
    const { apply, tenant } = await scene(patient(), stay())
    await tenant.put(broken('pausable', "'a' + 1 > {} and %subject.birthDate.nothing()"))
    const { status, body } = await apply('broken', toStay)
    expect(status).toBe(200)
    expect(containedTasks(body).map(({ code }) => code!.text)).toEqual(['contact'])
    expect(issuesOf(body)).toMatchObject([
      { severity: 'warning', code: 'processing', diagnostics: expect.stringContaining('the action pausable') },
    ])
    expect(body.supportingInfo).toMatchObject([{ reference: '#outcome' }])
  })

  test('says which parameters have no effect', async () => {
    const { apply } = await scene(patient(), stay())
    const { body } = await apply('trc', { ...toStay, organization: 'Organization/hospital' })
    expect(issuesOf(body)).toMatchObject([{ code: 'not-supported', diagnostics: 'organization has no effect here.' }])
  })

  test.each<[string, Record<string, string>, number, RegExp]>([
    ['without a subject', { encounter: 'Encounter/stay' }, 400, /subject/],
    ['of something else than a patient', { subject: 'Group/all' }, 400, /Patient\/123/],
    ['with an encounter and an anchor', { ...toStay, anchor: '2026-11-20' }, 400, /leave anchor out/],
    ['with an anchor that is no day', { subject: 'Patient/amelia', anchor: '2026-11' }, 400, /anchor/],
    ['of a patient who is not there', { subject: 'Patient/nobody' }, 422, /no Patient/],
    ['to an encounter that is not there', { ...toStay, encounter: 'Encounter/nowhere' }, 422, /no Encounter/],
    ['to the encounter of another', { ...toStay, subject: 'Patient/other' }, 422, /not one of the subject/],
    ['to a stay that goes on', { ...toStay, encounter: 'Encounter/ongoing' }, 422, /has not come to the phase/],
    ['with a parameter that there is not', { ...toStay, urgency: 'high' }, 400, /not urgency/],
  ])('%s is refused', async (_name, values, status, text) => {
    const { api } = await scene(
      patient(),
      stay(),
      encounter('ongoing', 'IMP', '2026-11-19T09:40:00-06:00', undefined, { subject: { reference: 'Patient/amelia' } }),
    )
    const answer = await api.post<OperationOutcome>('/PlanDefinition/transition-of-care/$apply', of(values))
    expect(answer.status).toBe(status)
    expect(answer.body.issue[0]!.diagnostics).toMatch(text)
  })

  test('of a definition that is for other software, or is not there, is refused', async () => {
    const { apply, tenant } = await scene(patient(), stay())
    await tenant.put({ ...withEverything, id: 'foreign', action: [{ id: 'a', title: 'Something' }] })
    expect((await apply('foreign', toStay)).status).toBe(422)
    expect((await apply('nothing', toStay)).status).toBe(404)
  })

  test('works for a version that the tenant has in place of the packaged one', async () => {
    const { apply, tenant } = await scene(patient(), stay())
    await tenant.put(withEverything)
    const { body } = await apply('everything', toStay)
    expect(body).toMatchObject({
      instantiatesCanonical: ['https://example.org/PlanDefinition/everything|1'],
      instantiatesUri: ['PlanDefinition/everything/_history/1'],
    })
  })
})

describe('$apply and the engine', () => {
  const moments = fc.record({
    code: fc.constantFrom('home', 'snf', 'exp', 'hosp'),
    risk: fc.constantFrom('high', 'moderate', 'low', undefined),
    called: fc.constantFrom('2026-11-20T17:00:00-06:00', '2026-11-20T09:00:00-06:00', undefined),
    birth: fc.constantFrom('1951-03-14', '2015-03-14'),
    definition: fc.constantFrom('transition-of-care', 'trc', 'high-risk-call', 'facility-stay', 'readmission-watch'),
  })

  test('agree, and $apply writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(moments, async ({ code, risk, called, birth, definition }) => {
        const facts = [
          patient(birth),
          ...(risk ? [highRisk('risk', '2026-11-19', risk)] : []),
          ...(called ? [contact('call', called, 'reached')] : []),
          stay(disposition(code)),
        ]
        const told = await scene(...facts)
        const before = rows(told)
        const shown = await told.apply(definition, toStay)
        expect(rows(told)).toBe(before)
        expect(await storedTasks(told)).toEqual([])
        const previewed = containedTasks(shown.body).sort(byId).map(bare)

        const saved = await told.save(definition, toStay)
        expect(saved.status).toBe(shown.body.activity ? 201 : 422)
        expect((await storedTasks(told)).sort(byId).map(bare)).toEqual(previewed)

        const other = await scene(...facts)
        await other.tenant.settle()
        const canonical = shown.body.instantiatesCanonical![0]
        const made = (await storedTasks(other)).filter((task) => task.instantiatesCanonical === canonical)
        expect(made.sort(byId).map(bare)).toEqual(previewed)
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

describe('$apply-and-save', () => {
  test('creates the plan, its Tasks and the record of it, once', async () => {
    const told = await scene(patient(), stay())
    const first = await told.save('transition-of-care', { ...toStay, key: 'a' })
    expect(first.status).toBe(201)
    expect(first.headers.location).toMatch(/\/CarePlan\/[^/]+\/_history\/1$/)
    const tasks = await storedTasks(told)
    expect(first.body.activity!.map(({ reference }) => reference!.reference).sort()).toEqual(
      tasks.map(({ id }) => `Task/${id}`).sort(),
    )
    const [record] = await told.tenant.all<Provenance>('Provenance', `target=CarePlan/${first.body.id}`)
    expect(record).toMatchObject({
      policy: ['https://careloop.dev/fhir/PlanDefinition/transition-of-care|2.0.0'],
      entity: [{ what: { reference: 'Encounter/stay/_history/1' } }],
    })
    const before = rows(told)
    const again = await told.save('transition-of-care', { ...toStay, key: 'a' })
    expect(again.status).toBe(200)
    expect(again.body).toEqual(first.body)
    expect(rows(told)).toBe(before)
  })

  test('the engine finds its work done, and goes on with it', async () => {
    const told = await scene(patient(), stay())
    await told.save('transition-of-care', toStay)
    const ids = (await storedTasks(told)).map(({ id }) => id)
    await told.tenant.settle()
    expect((await storedTasks(told)).map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
    expect(
      await told.tenant.all(
        'CarePlan',
        'instantiates-canonical=https://careloop.dev/fhir/PlanDefinition/transition-of-care',
      ),
    ).toHaveLength(1)
    await told.tenant.put(contact('call', '2026-11-21T10:00:00-06:00', 'reached'))
    await told.tenant.settle()
    const reached = (await storedTasks(told)).find((task) => codeOf(task) === 'tcm-interactive-contact')
    expect(reached!.status).toBe('completed')
  })

  test('at the same time creates once', async () => {
    const told = await scene(patient(), stay())
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => told.save('transition-of-care', { subject: 'Patient/amelia', key: 'k' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(await told.tenant.all('CarePlan')).toHaveLength(1)
  })

  test('of a patient alone is told apart by its key', async () => {
    const told = await scene(patient())
    const one = await told.save('transition-of-care', { subject: 'Patient/amelia', key: 'one' })
    const other = await told.save('transition-of-care', { subject: 'Patient/amelia', key: 'other' })
    const again = await told.save('transition-of-care', { subject: 'Patient/amelia', key: 'one' })
    expect([one.status, other.status, again.status]).toEqual([201, 201, 200])
    expect(again.body.id).toBe(one.body.id)
    expect(other.body.id).not.toBe(one.body.id)
    expect((await told.save('transition-of-care', { subject: 'Patient/amelia' })).status).toBe(400)
  })

  test('a plan without an encounter says which actions nobody will create', async () => {
    const told = await scene(patient())
    await told.tenant.put({
      ...withEverything,
      action: withEverything.action!.map(({ condition: _, ...each }) => each),
    })
    const { body } = await told.save('everything', { subject: 'Patient/amelia', key: 'a' })
    expect(issuesOf(body)).toMatchObject([{ diagnostics: expect.stringContaining('second-call is to follow contact') }])
  })

  test('keeps what was skipped with the plan, so that the second answer says it too', async () => {
    const told = await scene(patient(), stay())
    await told.tenant.put(broken('pausable', '%subject.birthDate.nothing()'))
    const first = await told.save('broken', toStay)
    const second = await told.save('broken', toStay)
    expect([first.status, second.status]).toEqual([201, 200])
    expect(issuesOf(second.body)).toMatchObject([{ diagnostics: expect.stringContaining('the action pausable') }])
  })

  test('creates nothing where nothing is asked for, or the definition is not active', async () => {
    const told = await scene(patient(), optOut(), stay())
    expect((await told.save('transition-of-care', toStay)).status).toBe(422)
    await told.tenant.put({ ...withEverything, status: 'draft' })
    expect((await told.save('everything', toStay)).status).toBe(422)
    expect((await told.apply('everything', toStay)).status).toBe(200)
    expect(await told.tenant.all('CarePlan')).toEqual([])
  })

  test('of a plan that was deleted says so', async () => {
    const told = await scene(patient(), stay())
    const { body } = await told.save('trc', toStay)
    await told.tenant.delete(`CarePlan/${body.id}`)
    expect((await told.save('trc', toStay)).status).toBe(410)
  })

  test('can be part of a batch', async () => {
    const told = await scene(patient(), stay())
    const bundle = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'POST', url: 'PlanDefinition/trc/$apply-and-save' }, resource: of(toStay) }],
    }
    const { body } = await told.api.post<Bundle>('', bundle)
    expect(body.entry![0]!.response!.status).toMatch(/^201/)
  })
})

describe('a packaged definition', () => {
  test('can be read until the tenant has its own in its place', async () => {
    const { api, tenant } = await scene()
    const { status, body } = await api.get<PlanDefinition>('/PlanDefinition/transition-of-care')
    expect([status, body.id, body.version]).toEqual([200, 'transition-of-care', '2.0.0'])
    await tenant.put({ resourceType: 'PlanDefinition', id: 'ours', url: body.url, status: 'retired' })
    expect((await api.get('/PlanDefinition/transition-of-care')).status).toBe(404)
    await tenant.delete('PlanDefinition/ours')
    expect((await api.get('/PlanDefinition/transition-of-care')).status).toBe(200)
    expect((await api.get('/PlanDefinition/never')).status).toBe(404)
  })

  test('can be put by its own id, and is read again when that is deleted', async () => {
    const { api } = await scene()
    const { body } = await api.get<PlanDefinition>('/PlanDefinition/trc')
    expect((await api.put('/PlanDefinition/trc', { ...body, status: 'retired' })).status).toBe(201)
    expect((await api.get<PlanDefinition>('/PlanDefinition/trc')).body.status).toBe('retired')
    await api.delete('/PlanDefinition/trc')
    expect((await api.get<PlanDefinition>('/PlanDefinition/trc')).body.status).toBe('active')
  })
})
