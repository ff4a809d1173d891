import { describe, expect, test } from '@jest/globals'
import type { Parameters } from 'fhir/r4'
import { testApi } from '../../../support/api.ts'
import { CARE_MANAGER, due, episode, put, risk, task, valuesOf, worker } from './workforce.ts'

const RN = 'http://example.org/licence|rn'
const TENANT = { caseload: { capacity: { [RN]: 20 }, defaultCapacity: 10 } }

describe('$caseload', () => {
  test('gives everybody’s load, what it is made of and what it is by capacity', async () => {
    const api = testApi({ tenant: TENANT })
    await put(
      api,
      ...worker('nora', { code: [{ coding: [{ system: 'http://example.org/licence', code: 'rn' }] }] }),
      ...worker('omar', {
        notAvailable: [{ description: 'leave', during: { start: '2026-01-01', end: '2026-01-31' } }],
      }),
      ...episode('ann', 'nora'),
      risk('ann', 'high'),
      ...episode('ben', 'nora', '2026-01-02'),
      task('call', { owner: { reference: 'PractitionerRole/nora-role' }, ...due('2026-01-08') }),
      task('late', { owner: { reference: 'Practitioner/nora' }, ...due('2026-01-02') }),
      task('far', { owner: { reference: 'Practitioner/nora' }, ...due('2026-06-01') }),
      task('done', { status: 'completed', owner: { reference: 'Practitioner/nora' }, ...due('2026-01-08') }),
      task('pool', { owner: { reference: 'CareTeam/pool' }, ...due('2026-01-08') }),
    )
    const { status, body } = await api.get<Parameters>('/PractitionerRole/$caseload')
    expect(status).toBe(200)
    const [nora, omar] = body.parameter!.map(valuesOf)
    expect(nora).toEqual({
      role: 'PractitionerRole/nora-role',
      practitioner: 'Practitioner/nora',
      load: 6.2,
      capacity: 20,
      utilization: 0.31,
      available: true,
      'made-of': { acuity: 5, 'new-cases': 1, tasks: 0.2 },
      cases: { all: 2, low: 0, moderate: 1, high: 1, crisis: 0, new: 1 },
      tasks: { open: 3, 'due-in-7-days': 2, overdue: 1 },
    })
    expect(omar).toMatchObject({ load: 0, capacity: 10, utilization: 0, available: false, unavailable: 'absent' })
  })

  test('names the cases of one role alone', async () => {
    const api = testApi()
    await put(api, ...worker('nora'), ...episode('ann', 'nora'), risk('ann', 'high'))
    const all = await api.get<Parameters>('/PractitionerRole/$caseload')
    expect(all.text).not.toContain('Patient/')
    const one = await api.get<Parameters>('/PractitionerRole/nora-role/$caseload')
    const found = one.body.parameter![0]!.part!.find(({ name }) => name === 'case')!
    expect(valuesOf(found)).toEqual({
      patient: 'Patient/ann',
      acuity: 'high',
      weight: 3,
      new: false,
      basis: 'RiskAssessment/risk-ann-2025-12-01',
      since: '2025-01-01T05:00:00.000Z',
    })
    expect((await api.get('/PractitionerRole/nobody/$caseload')).status).toBe(404)
  })

  test('counts a patient once, by an episode and by a plan whose care manager somebody is', async () => {
    const api = testApi()
    const plan = (id: string, patient: string, status = 'active') => ({
      resourceType: 'CarePlan',
      id,
      status,
      intent: 'plan',
      subject: { reference: `Patient/${patient}` },
    })
    const team = (id: string, patient: string, participant: object) => ({
      resourceType: 'CareTeam',
      id,
      status: 'active',
      subject: { reference: `Patient/${patient}` },
      participant: [participant],
    })
    const manager = { role: [CARE_MANAGER], member: { reference: 'PractitionerRole/nora-role' } }
    await put(
      api,
      ...worker('nora'),
      ...episode('ann', 'nora'),
      plan('plan-ann', 'ann'),
      team('team-ann', 'ann', manager),
      plan('plan-ben', 'ben'),
      team('team-ben', 'ben', manager),
      plan('plan-cal', 'cal', 'completed'),
      team('team-cal', 'cal', manager),
      plan('plan-dan', 'dan'),
      team('team-dan', 'dan', { member: { reference: 'PractitionerRole/nora-role' } }),
      plan('plan-eve', 'eve'),
      team('team-eve', 'eve', { ...manager, period: { end: '2025-12-31' } }),
    )
    const { body } = await api.get<Parameters>('/PractitionerRole/nora-role/$caseload')
    const cases = body.parameter![0]!.part!.filter(({ name }) => name === 'case').map((each) => valuesOf(each).patient)
    expect(cases).toEqual(['Patient/ann', 'Patient/ben'])
  })
})
