import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Parameters, ParametersParameter, Task } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import {
  codeOf,
  contact,
  encounter,
  patient,
  reconciliation,
  tasksOf,
  tenantAt,
  told,
} from '../flows/programmes/scene.ts'
import { disposition, highRisk, type SimulatedTenant } from '../flows/simulated-tenant.ts'
import { type TestApi, testApi } from '../support/api.ts'

const HEARD = '2026-11-25T22:05:00.000Z'
/** The Wednesday before Thanksgiving. */
const DISCHARGE = '2026-11-25T16:00:00-06:00'
const stay = (others: object = {}) => encounter('stay', 'IMP', '2026-11-16T09:40:00-06:00', DISCHARGE, others)

const apiOf = (tenant: SimulatedTenant): TestApi =>
  testApi({ table: tenant.table, tenant: tenant.careloop.tenant, clock: { now: () => tenant.now } })

const explained = async (tenant: SimulatedTenant, id: string): Promise<Parameters> => {
  const { status, body } = await apiOf(tenant).get<Parameters>(`/Task/${id}/$explain`)
  expect(status).toBe(200)
  return body
}
const words = async (tenant: SimulatedTenant, id: string): Promise<string> => {
  const { status, text, headers } = await apiOf(tenant).get(`/Task/${id}/$explain`, { Accept: 'text/plain' })
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
  return text
}

type Part = Pick<ParametersParameter, 'part'>
const parts = ({ parameter }: Parameters, name: string): ParametersParameter[] =>
  parameter!.filter((each) => each.name === name)
const elementOf = (parameter: ParametersParameter): unknown =>
  Object.entries(parameter).find(([name]) => name.startsWith('value'))?.[1]
const valuesIn = ({ part = [] }: Part, name: string): unknown[] =>
  part.filter((each) => each.name === name).map(elementOf)
const only = (body: Parameters, name: string): ParametersParameter => {
  const [first, ...others] = parts(body, name)
  expect(others).toEqual([])
  return first!
}

const contactTask = async (tenant: SimulatedTenant): Promise<Task> =>
  (await tasksOf(tenant))['tcm-interactive-contact']!

describe('a Task that a rule made', () => {
  test('is explained by the rule, the version of the encounter, the anchor, the calendar and the ladder', async () => {
    const tenant = await tenantAt(HEARD, [patient(), highRisk('risk', '2026-11-19'), stay()])
    const task = await contactTask(tenant)
    const body = await explained(tenant, task.id!)
    expect(only(body, 'task')).toMatchObject({ valueReference: { reference: `Task/${task.id}/_history/1` } })
    expect(only(body, 'trigger')).toMatchObject({ valueReference: { reference: 'Encounter/stay/_history/1' } })
    const rule = only(body, 'rule')
    expect(valuesIn(rule, 'canonical')).toEqual(['https://careloop.dev/fhir/PlanDefinition/transition-of-care|2.0.0'])
    expect(valuesIn(rule, 'phase')).toEqual(['encounter-discharged'])
    expect(valuesIn(rule.part!.find(({ name }) => name === 'step')!, 'id')).toEqual(['tcm-interactive-contact'])
    const window = only(body, 'window')
    expect({
      anchor: valuesIn(window, 'anchor'),
      timeZone: valuesIn(window, 'timeZone'),
      due: valuesIn(window, 'due'),
      complianceEnd: valuesIn(window, 'complianceEnd'),
      calendar: valuesIn(window, 'calendar'),
      holiday: valuesIn(window, 'holiday'),
    }).toEqual({
      anchor: [DISCHARGE],
      timeZone: ['America/Chicago'],
      due: ['2026-11-30T23:59:59-06:00'],
      complianceEnd: ['2026-11-30T23:59:59-06:00'],
      calendar: ['us-federal'],
      holiday: ['2026-11-26'],
    })
    expect(parts(body, 'rung').flatMap((rung) => valuesIn(rung, 'step'))).toEqual([
      'reminder',
      'due-soon',
      'overdue',
      'window-missed',
      'escalation-2',
    ])
    expect(valuesIn(only(body, 'state'), 'status')).toEqual(['ready'])
    expect(valuesIn(only(body, 'change'), 'activity')).toEqual(['CREATE'])
  })

  test('says what its conditions are, and whether they hold still', async () => {
    const tenant = await tenantAt(HEARD, [patient(), highRisk('risk', '2026-11-19'), stay()])
    const { id } = (await tasksOf(tenant))['tcm-visit-7d']!
    const conditionsOf = async () =>
      only(await explained(tenant, id!), 'rule')
        .part!.filter(({ name }) => name === 'condition')
        .map((condition) => [valuesIn(condition, 'of')[0], valuesIn(condition, 'holds')[0]])
    const conditions = await conditionsOf()
    expect(conditions.filter(([of]) => of === 'step')).not.toEqual([])
    expect(conditions.every(([, holds]) => holds === true)).toBe(true)
    await tenant.put(highRisk('later', '2026-11-24', 'low'))
    expect((await conditionsOf()).filter(([of, holds]) => of === 'step' && holds === false)).not.toEqual([])
  })

  test('tells each change that the automation made, in order and with its reason', async () => {
    const tenant = await tenantAt(HEARD, [patient(), stay()])
    const { id } = await contactTask(tenant)
    tenant.now = '2026-11-25T23:00:00.000Z'
    await told(tenant, stay({ period: { start: '2026-11-16T09:40:00-06:00', end: '2026-11-24T16:00:00-06:00' } }))
    await tenant.advanceTo('2026-11-28T12:00:00.000Z')
    tenant.now = '2026-11-28T16:00:00.000Z'
    await told(tenant, contact('call', '2026-11-28T09:30:00-06:00', 'reached'))
    const body = await explained(tenant, id!)
    const changes = parts(body, 'change')
    const instants = changes.map((change) => Date.parse(String(valuesIn(change, 'at')[0])))
    expect(instants).toEqual([...instants].sort((a, b) => a - b))
    const reasons = changes.flatMap((change) => valuesIn(change, 'reason'))
    expect(reasons).toEqual(expect.arrayContaining(['corrected', 'overdue']))
    expect(reasons.indexOf('corrected')).toBeLessThan(reasons.indexOf('overdue'))
    expect(valuesIn(changes.at(-1)!, 'because')).toContainEqual({ reference: 'Communication/call/_history/1' })
    const state = only(body, 'state')
    expect(valuesIn(state, 'status')).toEqual(['completed'])
    expect(valuesIn(state, 'evidence')).toEqual([{ reference: 'Communication/call' }])
    expect(valuesIn(state, 'ended')).toEqual(['2026-11-28T09:30:00-06:00'])
  })

  test('says so when somebody has agreed on another date', async () => {
    const tenant = await tenantAt(HEARD, [patient(), stay()])
    const task = await contactTask(tenant)
    const period = { ...task.restriction!.period, end: '2026-12-02T23:59:59-06:00' }
    await told(tenant, { ...task, restriction: { period } })
    const window = only(await explained(tenant, task.id!), 'window')
    expect(valuesIn(window, 'due')).toEqual(['2026-12-02T23:59:59-06:00'])
    expect(valuesIn(window, 'counted')).toEqual(['2026-11-30T23:59:59-06:00'])
    expect(valuesIn(window, 'complianceEnd')).toEqual(['2026-11-30T23:59:59-06:00'])
    expect(await words(tenant, task.id!)).toContain('somebody has agreed on another date')
  })

  test('says so when its rule is kept no more', async () => {
    const tenant = await tenantAt(HEARD, [])
    await tenant.put({
      resourceType: 'Task',
      id: 'old',
      status: 'ready',
      intent: 'order',
      instantiatesCanonical: 'https://example.org/gone|1',
    })
    expect(await words(tenant, 'old')).toContain('https://example.org/gone|1. That version is not kept here')
    const foreign = {
      resourceType: 'PlanDefinition',
      id: 'foreign',
      status: 'active',
      url: 'https://example.org/gone',
      version: '1',
    }
    await tenant.put(foreign)
    await tenant.change<Task>('Task/old', { instantiatesUri: 'PlanDefinition/foreign/_history/1' })
    expect(await words(tenant, 'old')).toContain('or is for other software')
  })

  test('is told in words that stay as they are', async () => {
    const tenant = await tenantAt(HEARD, [patient(), stay()])
    const { id } = await contactTask(tenant)
    tenant.now = '2026-12-01T12:00:00.000Z'
    await tenant.tick()
    const text = (await words(tenant, id!)).replaceAll(id!, '[id]')
    expect(text).toBe(`Task/[id]/_history/3
Made by the rule "Transition of care after a hospital stay", https://careloop.dev/fhir/PlanDefinition/transition-of-care|2.0.0.
Its step "Reach the patient or caregiver after discharge" (tcm-interactive-contact).
The rule is for when a hospital stay ends.
The rule looks at the patient's Consent, Encounter, EpisodeOfCare, Flag, RiskAssessment.
It is withdrawn when one of these is so:
- The patient died.
- The patient receives hospice care.
- The patient went on to another facility.
- The patient does not want the programme.
- A new hospital stay began.
It was started by Encounter/stay/_history/1.

Due 2026-11-30T23:59:59-06:00, in the time zone America/Chicago.
Counted from 2026-11-25T16:00:00-06:00: 2 business days after its day, until the last second; what is done on the day itself is in time.
What is done from 2026-11-25T16:00:00-06:00 on counts.
What counts for the programme ends 2026-11-30T23:59:59-06:00.
Calendar of business days: us-federal. Left out as holidays: 2026-11-26.

Its clock, as long as it is open:
- 2026-11-27T12:00:00-06:00 reminder (past): Its owner is reminded.
- 2026-11-30T13:00:00-06:00 due-soon (past): It is marked as due soon; its owner and the patient's care teams are reminded.
- 2026-11-30T23:59:59-06:00 overdue (past): It is marked as overdue and escalated to the supervisors.
- 2026-11-30T23:59:59-06:00 window-missed (past): The time in which it counts for the programme is over; it can still be done.
- 2026-12-02T23:59:59-06:00 escalation-2: It is escalated to the managers.

What is on record of it:
- 2026-11-25T22:05:00.000Z created by careloop. Decided on Encounter/stay/_history/1.
- 2026-12-01T12:00:00.000Z changed by careloop. The time in which it counts for the programme is over; it can still be done. Decided on Task/[id]/_history/1.
- 2026-12-01T12:00:00.000Z changed by careloop. The due date passed. Decided on Task/[id]/_history/1.

It is ready, and its due date has passed.
Its due date has passed and it is still open.
The time in which it counts for the programme is over; it can still be done.
`)
  })
})

describe('a Task that no rule made', () => {
  const own: Task = { resourceType: 'Task', id: 'own', status: 'ready', intent: 'order' }

  test('says who created it, by its Provenance', async () => {
    const tenant = await tenantAt(HEARD, [])
    const provenance = JSON.stringify({
      resourceType: 'Provenance',
      recorded: HEARD,
      activity: { coding: [{ code: 'CREATE' }] },
      agent: [{ who: { reference: 'Practitioner/nora' } }],
    })
    await apiOf(tenant).send('PUT', '/Task/own', own, { 'X-Provenance': provenance })
    expect(await words(tenant, 'own')).toContain(
      'No rule asked for it.\nIt was created 2026-11-25T22:05:00.000Z by Practitioner/nora.',
    )
  })

  test('by its requester, or that nobody left a record', async () => {
    const tenant = await tenantAt(HEARD, [])
    await tenant.put({ ...own, requester: { reference: 'Practitioner/gp' } })
    await tenant.put({ ...own, id: 'nobodys' })
    expect(await words(tenant, 'own')).toContain('by Practitioner/gp.')
    expect(await words(tenant, 'nobodys')).toContain('nobody left a record of who did it')
    expect(await words(tenant, 'nobodys')).toContain('It has no due date.')
  })

  test('an escalation says that the clock made it', async () => {
    const tenant = await tenantAt(HEARD, [patient(), stay()])
    await tenant.advanceTo('2026-12-01T12:00:00.000Z')
    const escalation = (await tasksOf(tenant)).escalation!
    expect(await words(tenant, escalation.id!)).toMatch(
      /No rule asked for it\.\nIt was created .* by careloop\. The due date passed\./,
    )
  })
})

describe('an explanation', () => {
  const referencesIn = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(referencesIn)
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([name, inner]) =>
      name === 'reference' && typeof inner === 'string' ? [inner.replace(/\/_history\/\d+$/, '')] : referencesIn(inner),
    )
  }

  test('tells of no other resource than the Task itself refers to, and no names', async () => {
    const story = fc.record({
      risk: fc.constantFrom('high', 'low'),
      code: fc.constantFrom('home', 'snf'),
      called: fc.boolean(),
      reconciled: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(story, async ({ risk, code, called, reconciled }) => {
        const tenant = await tenantAt(HEARD, [
          patient('1951-03-14', { name: [{ family: 'Brandt', given: ['Amelia'] }] }),
          highRisk('risk', '2026-11-19', risk),
          stay(disposition(code)),
        ])
        tenant.now = '2026-11-27T22:05:00.000Z'
        // At once, so that one record tells of both.
        const facts = [
          ...(called ? [contact('call', '2026-11-27T10:00:00-06:00', 'reached')] : []),
          ...(reconciled ? [reconciliation('list', '2026-11-27T10:00:00-06:00')] : []),
        ]
        await told(tenant, ...facts)
        for (const task of await tenant.all<Task>('Task')) {
          const body = await explained(tenant, task.id!)
          const known = new Set([`Task/${task.id}`, ...referencesIn(task)])
          const toldOf = referencesIn(body).filter((reference) => !reference.startsWith('Provenance/'))
          expect([codeOf(task), toldOf.filter((reference) => !known.has(reference))]).toEqual([codeOf(task), []])
          expect(JSON.stringify(body)).not.toMatch(/Brandt|Amelia/)
        }
      }),
      { numRuns: 6, examples: [[{ risk: 'high', code: 'home', called: true, reconciled: true }]] },
    )
  }, 60_000)

  test('is Parameters by default, and 404, 410, 400 and 406 are what they are elsewhere', async () => {
    const tenant = await tenantAt(HEARD, [
      { resourceType: 'Task', id: 'own', status: 'ready', intent: 'order' } as Resource,
    ])
    const api = apiOf(tenant)
    const both = await api.get('/Task/own/$explain', { Accept: 'application/fhir+json, text/plain' })
    expect(both.headers['content-type']).toMatch(/^application\/fhir\+json/)
    expect((await api.get('/Task/own/$explain?_format=text/plain')).headers['content-type']).toMatch(/^text\/plain/)
    expect((await api.get('/Task/own', { Accept: 'text/plain' })).status).toBe(406)
    expect((await api.get('/Task/own/$explain', { Accept: 'application/xml' })).status).toBe(406)
    expect((await api.get('/Task/own/$explain?verbose=true')).status).toBe(400)
    expect((await api.get('/Task/none/$explain')).status).toBe(404)
    await tenant.delete('Task/own')
    expect((await api.get('/Task/own/$explain')).status).toBe(410)
  })
})
