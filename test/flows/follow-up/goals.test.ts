import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CommunicationRequest, Goal, Observation, Provenance, Task } from 'fhir/r4'
import { badly, reliably } from '../bus.ts'
import { SimulatedTenant } from '../simulated-tenant.ts'

const LOINC = 'http://loinc.org'
const ACHIEVEMENT = 'http://terminology.hl7.org/CodeSystem/goal-achievement'
const CARE_TASK_TYPE = 'https://careloop.dev/fhir/CodeSystem/care-task-type'

const goal = (others: Partial<Goal> = {}): Goal => ({
  resourceType: 'Goal',
  id: 'weight',
  lifecycleStatus: 'active',
  description: { text: 'Lose weight' },
  subject: { reference: 'Patient/amelia' },
  startDate: '2026-11-01',
  target: [
    {
      measure: { coding: [{ system: LOINC, code: '29463-7' }] },
      detailQuantity: { value: 70, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
      dueDate: '2026-12-31',
    },
  ],
  ...others,
})

const weight = (
  id: string,
  date: string,
  value: number,
  code = 'kg',
  others: Partial<Observation> = {},
): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: LOINC, code: '29463-7' }] },
  subject: { reference: 'Patient/amelia' },
  effectiveDateTime: `${date}T08:00:00-06:00`,
  valueQuantity: { value, unit: code, system: 'http://unitsofmeasure.org', code },
  ...others,
})

const tenantWith = async (...resources: object[]): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant('2026-11-10T15:00:00.000Z')
  await tenant.put({ resourceType: 'Patient', id: 'amelia', generalPractitioner: [{ reference: 'Practitioner/nora' }] })
  for (const resource of resources) await tenant.put(resource)
  await tenant.settle()
  return tenant
}

const theGoal = (tenant: SimulatedTenant) => tenant.read<Goal>('Goal/weight')
const statusOf = async (tenant: SimulatedTenant) =>
  (await theGoal(tenant)).achievementStatus?.coding?.find(({ system }) => system === ACHIEVEMENT)?.code
const tasks = (tenant: SimulatedTenant, code: string) => tenant.all<Task>('Task', `code=${CARE_TASK_TYPE}|${code}`)
const put = async (tenant: SimulatedTenant, ...resources: object[]) => {
  for (const resource of resources) await tenant.put(resource)
  await tenant.settle()
}
const concept = (code: string) => ({ coding: [{ system: ACHIEVEMENT, code }] })

test('the story of a goal: measured in two units, achieved, corrected, past due', async () => {
  const tenant = await tenantWith(goal())
  expect(await statusOf(tenant)).toBe('in-progress')

  await put(tenant, weight('w1', '2026-11-02', 80))
  await put(tenant, weight('w2', '2026-11-09', 165.3, '[lb_av]'))
  expect(await theGoal(tenant)).toMatchObject({
    lifecycleStatus: 'active',
    achievementStatus: concept('improving'),
    statusDate: '2026-11-09',
    outcomeReference: [{ reference: 'Observation/w1' }, { reference: 'Observation/w2' }],
  })
  const [extension] = (await theGoal(tenant)).target![0]!.extension!
  expect(extension!.extension).toEqual([
    { url: 'value', valueQuantity: weight('w1', '2026-11-02', 80).valueQuantity },
    { url: 'direction', valueCode: 'decrease' },
    { url: 'observation', valueReference: { reference: 'Observation/w1' } },
  ])
  const records = await tenant.all<Provenance>('Provenance', 'target=Goal/weight&_sort=-recorded')
  expect(records.flatMap(({ entity = [] }) => entity.map(({ what }) => what.reference))).toContain(
    'Observation/w2/_history/1',
  )

  tenant.now = '2026-11-20T15:00:00.000Z'
  await put(tenant, weight('w3', '2026-11-20', 69))
  expect(await statusOf(tenant)).toBe('achieved')
  await put(tenant, { ...weight('w3', '2026-11-20', 74), status: 'corrected' })
  expect(await statusOf(tenant)).toBe('no-change')
  await put(tenant, { ...weight('w3', '2026-11-20', 74), status: 'entered-in-error' })
  expect(await statusOf(tenant)).toBe('improving')
  expect((await theGoal(tenant)).outcomeReference).toHaveLength(2)

  await tenant.advanceTo('2027-01-01T06:00:00.000Z')
  expect(await theGoal(tenant)).toMatchObject({ achievementStatus: concept('not-achieved'), statusDate: '2026-12-31' })
  expect(await tasks(tenant, 'confirm-goal-status')).toEqual([])
})

test('two weeks before it is due somebody is reminded, once, and not of a goal that is met', async () => {
  const tenant = await tenantWith(goal())
  await tenant.advanceTo('2026-12-17T05:59:00.000Z')
  expect(await tenant.all('CommunicationRequest')).toEqual([])
  await tenant.advanceTo('2026-12-18T06:00:00.000Z')
  const [reminder, ...others] = await tenant.all<CommunicationRequest>('CommunicationRequest')
  expect(others).toEqual([])
  expect(reminder).toMatchObject({
    status: 'active',
    about: [{ reference: 'Goal/weight' }],
    recipient: [{ reference: 'Practitioner/nora' }],
  })
  expect(JSON.stringify(reminder!.payload)).not.toMatch(/weight|amelia|70/i)

  await put(tenant, weight('w1', '2026-12-10', 80), weight('w2', '2026-12-18', 70))
  expect(await tenant.all<CommunicationRequest>('CommunicationRequest')).toMatchObject([{ status: 'revoked' }])
})

describe('what a person has judged', () => {
  const improving = [weight('w1', '2026-11-02', 80), weight('w2', '2026-11-09', 75)]

  test('after the last value stands, and a Task proposes what was computed', async () => {
    const tenant = await tenantWith(goal(), ...improving)
    tenant.now = '2026-11-12T15:00:00.000Z'
    await tenant.change<Goal>('Goal/weight', { achievementStatus: concept('worsening'), statusDate: '2026-11-12' })
    await tenant.settle()
    expect(await statusOf(tenant)).toBe('worsening')
    const [task] = await tasks(tenant, 'confirm-goal-status')
    expect(task).toMatchObject({
      status: 'ready',
      focus: { reference: 'Goal/weight' },
      owner: { reference: 'Practitioner/nora' },
      reasonReference: { reference: 'Observation/w2' },
      input: [{ valueCodeableConcept: concept('improving') }],
    })

    tenant.now = '2026-11-16T15:00:00.000Z'
    await put(tenant, weight('w3', '2026-11-16', 72))
    expect(await statusOf(tenant)).toBe('improving')
    expect(await tasks(tenant, 'confirm-goal-status')).toMatchObject([{ status: 'cancelled' }])

    // What had outdated the judgement was no value at all: the judgement holds again.
    await put(tenant, { ...weight('w3', '2026-11-16', 72), status: 'entered-in-error' })
    expect(await theGoal(tenant)).toMatchObject({ achievementStatus: concept('worsening'), statusDate: '2026-11-12' })
    expect(await tasks(tenant, 'confirm-goal-status')).toMatchObject([{ status: 'ready' }])
  })

  test('in-progress says nothing against improving', async () => {
    const tenant = await tenantWith(...improving, goal({ achievementStatus: concept('in-progress') }))
    expect(await statusOf(tenant)).toBe('in-progress')
    expect(await tasks(tenant, 'confirm-goal-status')).toEqual([])
  })

  test('not attainable is never taken back by rule', async () => {
    const tenant = await tenantWith(goal({ achievementStatus: concept('not-attainable'), statusDate: '2026-11-01' }))
    await put(tenant, ...improving)
    expect(await statusOf(tenant)).toBe('not-attainable')
    expect(await tasks(tenant, 'confirm-goal-status')).toMatchObject([{ status: 'ready' }])
  })

  test('its lifecycle is theirs: a goal not agreed on is not evaluated', async () => {
    const tenant = await tenantWith(goal({ lifecycleStatus: 'proposed' }), ...improving)
    expect(await statusOf(tenant)).toBeUndefined()
  })
})

test('a unit that cannot be converted changes nothing and is one Task, gone when it is corrected', async () => {
  const tenant = await tenantWith(goal(), weight('w1', '2026-11-02', 80))
  await put(
    tenant,
    weight('w2', '2026-11-05', 11, '[stone_av]'),
    weight('w3', '2026-11-06', 11, 'stones'),
    weight('w4', '2026-11-07', 11, 'stones'),
  )
  const asked = await tasks(tenant, 'data-quality')
  expect(asked).toMatchObject([{ status: 'ready', reasonReference: { reference: 'Observation/w3' } }])
  expect((await theGoal(tenant)).outcomeReference!.map(({ reference }) => reference)).not.toContain('Observation/w3')
  await put(
    tenant,
    { ...weight('w3', '2026-11-06', 70), status: 'corrected' },
    { ...weight('w4', '2026-11-07', 70), status: 'corrected' },
  )
  expect(await tasks(tenant, 'data-quality')).toMatchObject([{ status: 'cancelled' }])
  expect(await statusOf(tenant)).toBe('sustaining')
})

test('an observation that turns out to be of another patient leaves the goal', async () => {
  const tenant = await tenantWith(goal(), weight('w1', '2026-11-02', 80), weight('w2', '2026-11-09', 69))
  expect(await statusOf(tenant)).toBe('achieved')
  await put(tenant, { ...weight('w2', '2026-11-09', 69), status: 'corrected', subject: { reference: 'Patient/other' } })
  expect(await statusOf(tenant)).toBe('in-progress')
  await tenant.delete('Observation/w1')
  await tenant.settle()
  expect((await theGoal(tenant)).outcomeReference).toBeUndefined()
})

test('however the bus behaves and functions die, the goal comes to the same', async () => {
  const ids = ['w1', 'w2', 'w3', 'w4', 'w5']
  const acts = fc.array(
    fc.record({
      id: fc.constantFrom(...ids),
      day: fc.integer({ min: 1, max: 9 }),
      value: fc.integer({ min: 65, max: 85 }),
      status: fc.constantFrom<Observation['status']>('final', 'corrected', 'entered-in-error'),
      code: fc.constantFrom('kg', 'stones'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  const run = async (
    drawn: readonly { id: string; day: number; value: number; status: Observation['status']; code: string }[],
    bus: typeof reliably,
  ) => {
    const tenant = await tenantWith(goal())
    for (const { id, day, value, status, code } of drawn) {
      await tenant.put(weight(id, `2026-11-0${day}`, value, code, { status }))
      await tenant.settle(bus(tenant))
    }
    const { meta: _meta, ...rest } = await theGoal(tenant)
    const open = (await tasks(tenant, 'data-quality')).filter(({ status }) => status === 'ready').map(({ id }) => id)
    return { rest, open }
  }
  await fc.assert(
    fc.asyncProperty(acts, fc.integer({ min: 1, max: 1_000_000 }), async (drawn, seed) => {
      expect(await run(drawn, badly(seed))).toEqual(await run(drawn, reliably))
    }),
    { numRuns: 25 },
  )
}, 60_000)
