import { describe, expect, test } from '@jest/globals'
import type { CarePlan, CareTeam, Provenance, Task } from 'fhir/r4'
import { declarations } from '../../lib/resources/index.ts'
import { dateVectors } from '../lib/pathways/date-vectors.ts'
import { tenantAt } from './pathways.ts'
import { disposition, highRisk, type SimulatedTenant, stay } from './simulated-tenant.ts'

const FRIDAY = '2026-11-20T14:00:00-06:00'
const HEARD = '2026-11-20T20:05:00.000Z'

const codeOf = (task: Task): string => task.code!.coding![0]!.code!
const dueByCode = (tasks: readonly Task[]): Record<string, string | undefined> =>
  Object.fromEntries(tasks.map((task) => [codeOf(task), task.restriction?.period?.end]).sort())
const statusByCode = (tasks: readonly Task[]): Record<string, string> =>
  Object.fromEntries(tasks.map((task) => [codeOf(task), task.status]).sort())
const taskOf = (tasks: readonly Task[], code: string): Task => tasks.find((task) => codeOf(task) === code)!

const discharged = async (encounter: object, ...before: object[]): Promise<SimulatedTenant> => {
  const tenant = await tenantAt(HEARD)
  for (const resource of before) await tenant.put(resource)
  await tenant.put(stay())
  await tenant.settle()
  await tenant.put(encounter)
  await tenant.settle()
  return tenant
}

describe('a patient goes home', () => {
  test('and one plan, with a contact in two business days, a visit in 14 days and medications by then, is there', async () => {
    const tenant = await discharged(stay(FRIDAY, disposition('home')))
    const tasks = await tenant.all<Task>('Task')
    expect(dueByCode(tasks)).toEqual({
      'tcm-interactive-contact': '2026-11-24T23:59:59-06:00',
      'tcm-med-rec': '2026-12-04T23:59:59-06:00',
      'tcm-visit-14d': '2026-12-04T23:59:59-06:00',
    })

    const [plan, ...others] = await tenant.all<CarePlan>('CarePlan')
    expect(others).toEqual([])
    expect(plan).toMatchObject({
      status: 'active',
      intent: 'plan',
      subject: { reference: 'Patient/amelia' },
      encounter: { reference: 'Encounter/stay' },
      instantiatesCanonical: ['https://careloop.dev/fhir/PlanDefinition/transition-of-care|1.0.0'],
      period: { start: FRIDAY, end: '2026-12-19T23:59:59-06:00' },
    })
    expect(plan!.activity!.map((activity) => activity.reference!.reference).sort()).toEqual(
      tasks.map(({ id }) => `Task/${id}`).sort(),
    )
    expect(taskOf(tasks, 'tcm-interactive-contact')).toMatchObject({
      status: 'ready',
      intent: 'order',
      priority: 'routine',
      for: { reference: 'Patient/amelia' },
      encounter: { reference: 'Encounter/stay' },
      focus: { reference: `CarePlan/${plan!.id}` },
      groupIdentifier: plan!.identifier![0],
      businessStatus: { coding: [{ code: 'new' }] },
      owner: { reference: 'CareTeam/care-management-pool' },
      restriction: {
        period: {
          start: FRIDAY,
          extension: [
            { url: 'https://careloop.dev/fhir/StructureDefinition/business-calendar', valueString: 'us-federal' },
            {
              url: 'https://careloop.dev/fhir/StructureDefinition/counted-due',
              valueDateTime: '2026-11-24T23:59:59-06:00',
            },
          ],
        },
      },
    })
  })

  test('and a Provenance names the rule, its version and the trigger for all that was made', async () => {
    const tenant = await discharged(stay(FRIDAY))
    const [provenance, ...others] = await tenant.all<Provenance>('Provenance', 'entity=Encounter/stay')
    const made = [...(await tenant.all('CarePlan')), ...(await tenant.all('Task'))]
    expect(others).toEqual([])
    expect(provenance!.target.map(({ reference }) => reference).sort()).toEqual(
      made.map(({ resourceType, id }) => `${resourceType}/${id}`).sort(),
    )
    expect(provenance).toMatchObject({
      policy: ['https://careloop.dev/fhir/PlanDefinition/transition-of-care|1.0.0'],
      activity: { coding: [{ code: 'CREATE' }] },
      entity: [{ what: { reference: 'Encounter/stay/_history/2' } }],
      agent: [{ who: { identifier: { value: 'careloop' } } }],
    })
  })

  test('and the pool that was missing has a Provenance of its own, whichever discharge found that out', async () => {
    const tenant = await discharged(stay(FRIDAY))
    await tenant.put({ ...stay(FRIDAY), id: 'other-stay' })
    await tenant.settle()
    const [provenance, ...others] = await tenant.all<Provenance>('Provenance', 'target=CareTeam/care-management-pool')
    expect(others).toEqual([])
    expect(provenance!.target).toEqual([{ reference: 'CareTeam/care-management-pool' }])
    expect(provenance!.entity).toBeUndefined()
  })

  test('and all of it is what a client would be allowed to write', async () => {
    const tenant = await discharged(stay(FRIDAY))
    await tenant.advanceTo('2026-11-25T06:00:00.000Z')
    await tenant.put(stay('2026-11-21T14:00:00-06:00'))
    await tenant.settle()
    const types = ['CarePlan', 'CareTeam', 'Provenance', 'Task']
    const made = (await Promise.all(types.map((type) => tenant.all(type)))).flat()
    expect(new Set(made.map(({ resourceType }) => resourceType))).toEqual(new Set(types))
    for (const resource of made) expect(await declarations.get(resource.resourceType)!.check(resource)).toEqual([])
  })

  test('and neither an event nor a log line says a name', async () => {
    const tenant = await discharged(
      stay(FRIDAY, { ...disposition('home'), serviceProvider: { display: 'General Hospital' } }),
    )
    const said = JSON.stringify([tenant.archive, tenant.log])
    expect(said).toContain('Encounter/stay')
    expect(said).not.toMatch(/Amelia|Brandt|General Hospital/)
  })
})

test.each(dateVectors)('discharged $discharge, $why: every Task is due when it must be', async (vector) => {
  const tenant = await tenantAt(new Date(vector.discharge).toISOString(), { timeZone: vector.timeZone })
  await tenant.put(stay(vector.discharge))
  await tenant.settle()
  const tasks = await tenant.all<Task>('Task')
  const contact = taskOf(tasks, 'tcm-interactive-contact').restriction!.period!.end!
  expect(new Date(contact).toISOString()).toBe(vector.contactInstant)
  expect(taskOf(tasks, 'tcm-visit-14d').restriction!.period!.end).toContain(`${vector.days14}T23:59:59`)
  expect(taskOf(tasks, 'tcm-med-rec').restriction!.period!.end).toContain(`${vector.days14}T23:59:59`)
  const [plan] = await tenant.all<CarePlan>('CarePlan')
  expect(plan!.period!.end).toContain(`${vector.days29}T23:59:59`)
})

describe('risk', () => {
  test('a high one calls for an urgent visit within 7 days, and medications by then', async () => {
    const tenant = await discharged(stay(FRIDAY), highRisk('risk', '2026-11-19T10:00:00-06:00'))
    const tasks = await tenant.all<Task>('Task')
    expect(dueByCode(tasks)).toEqual({
      'tcm-interactive-contact': '2026-11-24T23:59:59-06:00',
      'tcm-med-rec': '2026-11-27T23:59:59-06:00',
      'tcm-visit-7d': '2026-11-27T23:59:59-06:00',
    })
    expect(taskOf(tasks, 'tcm-visit-7d').priority).toBe('urgent')
  })

  test.each([
    [
      'the latest counts, whichever was written last',
      [highRisk('a', '2026-11-19'), highRisk('b', '2026-11-01', 'low')],
      'tcm-visit-7d',
    ],
    [
      'a later low one outweighs a high one',
      [highRisk('a', '2026-11-01'), highRisk('b', '2026-11-19', 'low')],
      'tcm-visit-14d',
    ],
    ['a preliminary one does not count', [{ ...highRisk('a', '2026-11-19'), status: 'preliminary' }], 'tcm-visit-14d'],
    [
      "another patient's does not count",
      [{ ...highRisk('a', '2026-11-19'), subject: { reference: 'Patient/other' } }],
      'tcm-visit-14d',
    ],
    [
      'one that does not say when counts from when it was recorded',
      [{ ...highRisk('a', ''), occurrenceDateTime: undefined }, highRisk('b', '2026-11-01', 'low')],
      'tcm-visit-7d',
    ],
  ])('%s', async (_name, assessments, visit) => {
    const tenant = await discharged(stay(FRIDAY), ...assessments)
    expect((await tenant.all<Task>('Task')).map(codeOf).sort()).toEqual([
      'tcm-interactive-contact',
      'tcm-med-rec',
      visit,
    ])
  })

  test('one that cannot be understood leaves the usual visit, and the log says so', async () => {
    const broken = [highRisk('a', '2026-11-19'), { ...highRisk('b', ''), occurrenceDateTime: { not: 'a date' } }]
    const tenant = await tenantAt(HEARD)
    for (const assessment of broken) await tenant.put(assessment)
    await tenant.put(stay(FRIDAY))
    await tenant.settle()
    expect((await tenant.all<Task>('Task')).map(codeOf)).toContain('tcm-visit-14d')
    expect(tenant.log.join()).toContain('"action":"tcm-visit-7d","outcome":"failed"')
  })

  test('one that comes later calls for the earlier visit in place of the later one', async () => {
    const tenant = await discharged(stay(FRIDAY))
    await tenant.put(highRisk('risk', '2026-11-20T18:00:00-06:00'))
    await tenant.settle()
    const tasks = await tenant.all<Task>('Task')
    expect(statusByCode(tasks)).toEqual({
      'tcm-interactive-contact': 'ready',
      'tcm-med-rec': 'ready',
      'tcm-visit-14d': 'cancelled',
      'tcm-visit-7d': 'ready',
    })
    expect(taskOf(tasks, 'tcm-visit-14d').statusReason).toMatchObject({ coding: [{ code: 'no-longer-applies' }] })
    expect(dueByCode(tasks)['tcm-med-rec']).toBe('2026-11-27T23:59:59-06:00')
    const [plan] = await tenant.all<CarePlan>('CarePlan')
    expect(plan!.activity).toHaveLength(4)
    expect(plan!.text!.div).toContain('within 7 days')
  })

  test('one that comes when the visit is done, or the time of the plan is over, changes nothing that was decided', async () => {
    const tenant = await discharged(stay(FRIDAY))
    const visit = taskOf(await tenant.all<Task>('Task'), 'tcm-visit-14d')
    await tenant.change<Task>(`Task/${visit.id}`, { status: 'completed' })
    await tenant.put(highRisk('risk', '2026-11-30T18:00:00-06:00'))
    await tenant.settle()
    expect((await tenant.all<Task>('Task')).map(codeOf)).not.toContain('tcm-visit-7d')

    const other = await discharged(stay(FRIDAY))
    other.now = '2027-02-01T12:00:00.000Z'
    await other.put(highRisk('risk', '2027-02-01T18:00:00-06:00'))
    await other.settle()
    expect(statusByCode(await other.all<Task>('Task'))).toMatchObject({ 'tcm-visit-14d': 'ready' })
    expect((await other.all<Task>('Task')).map(codeOf)).not.toContain('tcm-visit-7d')
  })
})

describe('where the patient went', () => {
  const NUBC = 'https://www.nubc.org/CodeSystem/PatDischargeStatus'

  test.each([
    ['home', disposition('home')],
    ['alternative home', disposition('alt-home')],
    ['left against advice', disposition('aadvice')],
    ['nobody said', {}],
    ['home health, by its NUBC number', disposition('06', NUBC)],
    ['text only', { hospitalization: { dischargeDisposition: { text: 'went home' } } }],
  ])('%s: follow-up', async (_name, where) => {
    expect(await (await discharged(stay(FRIDAY, where))).all('Task')).toHaveLength(3)
  })

  test.each([
    ['deceased', disposition('exp')],
    ['hospice', disposition('hosp')],
    ['another facility', disposition('other-hcf')],
    ['skilled nursing', disposition('snf')],
    ['deceased, by its NUBC number', disposition('20', NUBC)],
    ['skilled nursing, by its NUBC number without a zero', disposition('3', 'http://www.nubc.org/patient-discharge')],
  ])('%s: none', async (_name, where) => {
    const tenant = await discharged(stay(FRIDAY, where))
    expect([...(await tenant.all('Task')), ...(await tenant.all('CarePlan'))]).toEqual([])
  })

  test('a correction from another facility to home starts the follow-up', async () => {
    const tenant = await discharged(stay(FRIDAY, disposition('snf')))
    await tenant.put(stay(FRIDAY, disposition('home')))
    await tenant.settle()
    expect(await tenant.all('Task')).toHaveLength(3)
  })

  test.each([
    ['deceased', { deceasedBoolean: true }],
    ['deceased at a time', { deceasedDateTime: '2026-11-20' }],
  ])('a patient known to be %s: none', async (_name, element) => {
    const tenant = await discharged(stay(FRIDAY), { resourceType: 'Patient', id: 'amelia', ...element })
    expect(await tenant.all('Task')).toEqual([])
  })

  test('a patient known to be alive: follow-up', async () => {
    const tenant = await discharged(stay(FRIDAY), { resourceType: 'Patient', id: 'amelia', deceasedBoolean: false })
    expect(await tenant.all('Task')).toHaveLength(3)
  })
})

describe('what is no discharge', () => {
  test.each([
    ['an outpatient visit', stay(FRIDAY, { class: { code: 'AMB' } })],
    ['an emergency visit', stay(FRIDAY, { class: { code: 'EMER' } })],
    ['a cancelled stay', stay(FRIDAY, { status: 'cancelled' })],
    ['a stay entered in error', stay(FRIDAY, { status: 'entered-in-error' })],
    ['an expected end', stay('2026-11-25T12:00:00-06:00', { status: 'in-progress' })],
  ])('%s', async (_name, encounter) => {
    expect(await (await discharged(encounter)).all('Task')).toEqual([])
  })

  test('a stay without a patient does not fail', async () => {
    expect(await (await discharged(stay(FRIDAY, { subject: undefined }))).all('Task')).toEqual([])
  })
})

test('an Encounter first heard of when it is over counts as discharged', async () => {
  const tenant = await tenantAt(HEARD)
  await tenant.put(stay(FRIDAY))
  await tenant.settle()
  expect(await tenant.all('Task')).toHaveLength(3)
})

test('an end without the status finished is a discharge, as HL7 v2 feeds send it', async () => {
  const tenant = await discharged(stay(FRIDAY, { status: 'in-progress' }))
  expect(await tenant.all('Task')).toHaveLength(3)
  await tenant.put(stay(FRIDAY))
  await tenant.settle()
  expect(await tenant.all('Task')).toHaveLength(3)
})

test('a stay that ended without saying when is counted from when we heard of it, until it says', async () => {
  const tenant = await discharged(stay(undefined, { status: 'finished' }))
  expect(taskOf(await tenant.all<Task>('Task'), 'tcm-visit-14d').restriction!.period).toMatchObject({
    start: HEARD,
    end: '2026-12-04T23:59:59-06:00',
  })
  await tenant.put(stay('2026-11-19T20:30:00-06:00'))
  await tenant.settle()
  expect(taskOf(await tenant.all<Task>('Task'), 'tcm-visit-14d').restriction!.period).toMatchObject({
    start: '2026-11-19T20:30:00-06:00',
    end: '2026-12-03T23:59:59-06:00',
  })
})

describe('late notice', () => {
  test('a discharge heard of five business days later makes a contact that is overdue and escalated once', async () => {
    const tenant = await tenantAt('2026-11-30T15:00:00.000Z')
    await tenant.put(stay(FRIDAY))
    await tenant.settle()
    await tenant.tick()
    await tenant.tick()
    const tasks = await tenant.all<Task>('Task')
    expect(taskOf(tasks, 'tcm-interactive-contact').businessStatus!.coding![0]!.code).toBe('overdue')
    expect(tasks.filter((task) => codeOf(task) === 'escalation')).toHaveLength(1)
    expect(taskOf(tasks, 'tcm-visit-14d').businessStatus!.coding![0]!.code).toBe('new')
  })

  test.each([
    [30, 3],
    [29, 0],
  ])('a tenant that looks back %i days', async (lateNoticeDays, expected) => {
    const tenant = await tenantAt('2026-12-20T15:00:00.000Z', { lateNoticeDays })
    await tenant.put(stay(FRIDAY))
    await tenant.settle()
    expect(await tenant.all('Task')).toHaveLength(expected)
  })
})

describe('who is to do it', () => {
  const manager = (member: string, others: object = {}) => ({
    resourceType: 'CareTeam',
    id: 'team',
    status: 'active',
    subject: { reference: 'Patient/amelia' },
    participant: [
      { role: [{ coding: [{ code: 'other' }] }], member: { reference: 'Practitioner/surgeon' } },
      {
        role: [{ coding: [{ system: 'http://snomed.info/sct', code: '768820003' }] }],
        member: { reference: member },
        ...others,
      },
    ],
  })
  const patient = { resourceType: 'Patient', id: 'amelia', generalPractitioner: [{ reference: 'Practitioner/gp' }] }
  const ownersOf = async (tenant: SimulatedTenant): Promise<unknown[]> => {
    const tasks = await tenant.all<Task>('Task')
    return [
      ...new Set(tasks.map(({ owner, businessStatus }) => `${owner!.reference} ${businessStatus!.coding![0]!.code}`)),
    ]
  }

  test('the care manager of the active care team', async () => {
    const tenant = await discharged(stay(FRIDAY), patient, manager('Practitioner/nora'))
    expect(await ownersOf(tenant)).toEqual(['Practitioner/nora assigned'])
    expect(await tenant.all<CareTeam>('CareTeam', '_id=care-management-pool')).toEqual([])
  })

  test.each([
    ['of an inactive team', { ...manager('Practitioner/nora'), status: 'inactive' }],
    ['whose time is over', manager('Practitioner/nora', { period: { end: '2026-11-01' } })],
    ['who is a relative', manager('RelatedPerson/julia')],
  ])("not a care manager %s, but the patient's clinician", async (_name, team) => {
    expect(await ownersOf(await discharged(stay(FRIDAY), patient, team))).toEqual(['Practitioner/gp assigned'])
  })

  test('else the pool, which is made when first needed and kept as it is after that', async () => {
    const tenant = await discharged(stay(FRIDAY))
    expect(await ownersOf(tenant)).toEqual(['CareTeam/care-management-pool new'])
    await tenant.change<CareTeam>('CareTeam/care-management-pool', { name: 'Renamed' })
    await tenant.put({ ...stay(FRIDAY), id: 'other-stay' })
    await tenant.settle()
    expect(await tenant.all('Task')).toHaveLength(6)
    expect(await tenant.read('CareTeam/care-management-pool')).toMatchObject({
      name: 'Renamed',
      meta: { versionId: '2' },
    })
  })
})

describe("the facility's time zone decides the local date", () => {
  const timezone = (valueCode: string) => ({
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode }],
  })
  // Friday 23:30 in Chicago, Saturday 00:30 in New York.
  const end = '2026-11-21T05:30:00Z'
  const located = stay(end, {
    location: [
      { location: { reference: 'Location/former' }, period: { end: '2026-11-18' } },
      { location: { reference: 'Location/ward' }, period: { end } },
    ],
    serviceProvider: { reference: 'Organization/hospital' },
  })
  const visitEnd = async (...facility: object[]) => {
    const tenant = await tenantAt('2026-11-21T06:00:00.000Z')
    for (const resource of facility) await tenant.put(resource)
    await tenant.put(located)
    await tenant.settle()
    return taskOf(await tenant.all<Task>('Task'), 'tcm-visit-14d').restriction!.period!.end
  }

  test("the tenant's, when the facility says nothing", async () => {
    expect(await visitEnd()).toBe('2026-12-04T23:59:59-06:00')
  })

  test('that of the last location', async () => {
    const former = { resourceType: 'Location', id: 'former', ...timezone('America/Chicago') }
    const ward = { resourceType: 'Location', id: 'ward', ...timezone('America/New_York') }
    expect(await visitEnd(former, ward)).toBe('2026-12-05T23:59:59-05:00')
  })

  test('that of the provider, when the location says none that exists', async () => {
    const ward = { resourceType: 'Location', id: 'ward', ...timezone('America/Nowhere') }
    const hospital = { resourceType: 'Organization', id: 'hospital', ...timezone('America/New_York') }
    expect(await visitEnd(ward, hospital)).toBe('2026-12-05T23:59:59-05:00')
  })
})

describe('the end of the stay is corrected', () => {
  const CORRECTED = '2026-11-19T20:30:00-06:00'

  test('and due dates follow, ids stay, and a Provenance says so', async () => {
    const tenant = await discharged(stay(FRIDAY))
    const before = await tenant.all<Task>('Task')
    await tenant.put(stay(CORRECTED))
    await tenant.settle()
    const after = await tenant.all<Task>('Task')
    expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort())
    expect(dueByCode(after)).toEqual({
      'tcm-interactive-contact': '2026-11-23T23:59:59-06:00',
      'tcm-med-rec': '2026-12-03T23:59:59-06:00',
      'tcm-visit-14d': '2026-12-03T23:59:59-06:00',
    })
    expect((await tenant.all<CarePlan>('CarePlan'))[0]!.period).toMatchObject({
      start: CORRECTED,
      end: '2026-12-18T23:59:59-06:00',
    })
    const ofTheStay = await tenant.all<Provenance>('Provenance', 'entity=Encounter/stay')
    expect(ofTheStay).toHaveLength(2)
    const correction = ofTheStay.find(({ reason }) => reason)
    expect(correction).toMatchObject({
      reason: [{ coding: [{ code: 'corrected' }] }],
      entity: [{ what: { reference: 'Encounter/stay/_history/3' } }],
    })
    expect(correction!.target).toHaveLength(4)
  })

  test('and what is done stays as it was', async () => {
    const tenant = await discharged(stay(FRIDAY))
    const contact = taskOf(await tenant.all<Task>('Task'), 'tcm-interactive-contact')
    await tenant.change<Task>(`Task/${contact.id}`, { status: 'completed' })
    await tenant.put(stay(CORRECTED))
    await tenant.settle()
    const after = await tenant.read<Task>(`Task/${contact.id}`)
    expect(after).toMatchObject({ status: 'completed', restriction: contact.restriction, meta: { versionId: '2' } })
  })

  test('and a deleted Task is not made again', async () => {
    const tenant = await discharged(stay(FRIDAY))
    const contact = taskOf(await tenant.all<Task>('Task'), 'tcm-interactive-contact')
    await tenant.delete(`Task/${contact.id}`)
    await tenant.put(stay(CORRECTED))
    await tenant.settle()
    expect(await tenant.all('Task')).toHaveLength(2)
  })

  test('into the past, which is flagged', async () => {
    const tenant = await discharged(stay(FRIDAY))
    tenant.now = '2026-11-24T18:00:00.000Z'
    await tenant.put(stay(CORRECTED))
    await tenant.settle()
    const reasons = (await tenant.all<Provenance>('Provenance')).map(({ reason }) => reason?.[0]?.coding?.[0]?.code)
    expect(reasons).toContain('recomputed-overdue')
    await tenant.tick()
    expect(taskOf(await tenant.all<Task>('Task'), 'tcm-interactive-contact').businessStatus!.coding![0]!.code).toBe(
      'overdue',
    )
  })

  test('to later, and a Task is not overdue any more until it is again, and escalated only once', async () => {
    const tenant = await discharged(stay(FRIDAY))
    await tenant.advanceTo('2026-11-25T06:00:00.000Z')
    const statusOfContact = async () =>
      taskOf(await tenant.all<Task>('Task'), 'tcm-interactive-contact').businessStatus!.coding![0]!.code
    expect(await statusOfContact()).toBe('overdue')
    await tenant.put(stay('2026-11-24T10:00:00-06:00'))
    await tenant.settle()
    expect(await statusOfContact()).toBe('new')
    await tenant.advanceTo('2026-12-01T06:00:00.000Z')
    expect(await statusOfContact()).toBe('overdue')
    expect((await tenant.all<Task>('Task')).filter((task) => codeOf(task) === 'escalation')).toHaveLength(1)
  })

  test('but nothing else about the stay changes anything', async () => {
    const tenant = await discharged(stay(FRIDAY))
    const versions = async () => [
      ...(await tenant.all('Task')),
      ...(await tenant.all('CarePlan')),
      ...(await tenant.all('Provenance')),
    ]
    const before = await versions()
    await tenant.put(stay(FRIDAY, { reasonCode: [{ text: 'something else' }] }))
    await tenant.settle()
    expect(tenant.archive.at(-1)).toMatchObject({ 'detail-type': 'encounter-changed', detail: { kind: 'updated' } })
    expect(await versions()).toEqual(before)
  })
})
