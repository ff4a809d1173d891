import { describe, expect, test } from '@jest/globals'
import { lace } from '../../../lib/pathways/risk/lace.ts'
import { riskAssessmentOf } from '../../../lib/pathways/risk/risk-assessment.ts'
import type { RiskInputs } from '../../../lib/pathways/risk/score.ts'
import { disposition, highRisk, type SimulatedTenant } from '../simulated-tenant.ts'
import {
  condition,
  diagnoses,
  encounter,
  hospiceEpisode,
  hospiceFlag,
  optOut,
  patient,
  planOf,
  reason,
  statesOf,
  tenantAt,
  told,
} from './scene.ts'

const DISCHARGE = '2026-11-20T14:00:00-06:00'
const HEARD = '2026-11-20T20:05:00.000Z'
const stay = (others: object = {}) => encounter('stay', 'IMP', '2026-11-16T09:40:00-06:00', DISCHARGE, others)
const emergency = (others: object = {}) => encounter('visit', 'EMER', '2026-11-20T10:00:00-06:00', DISCHARGE, others)
const codesAfter = async (...resources: object[]): Promise<string[]> =>
  Object.keys(await statesOf(await tenantAt(HEARD, resources)))

const TCM = ['tcm-interactive-contact', 'tcm-med-rec', 'tcm-period', 'tcm-visit-14d']
const TRC = ['trc-admit-notice', 'trc-discharge-info', 'trc-engagement', 'trc-med-rec']

describe('where the patient went', () => {
  test.each([
    ['home', {}, ['readmission-watch', ...TCM, ...TRC]],
    ['to another facility', disposition('rehab'), ['readmission-watch', 'track-facility-stay', 'trc-admit-notice']],
    ['to hospice care', disposition('hosp'), ['hospice-hand-over', 'trc-admit-notice']],
    ['nowhere: the patient died', disposition('exp'), ['bereavement-closure', 'trc-admit-notice']],
  ])('%s', async (_name, where, expected) => {
    expect(await codesAfter(patient(), stay(where))).toEqual(expected)
  })

  test('the stay in a facility is followed until the discharge from there, which starts a transition of its own', async () => {
    const tenant = await tenantAt(HEARD, [patient(), stay(disposition('snf'))])
    await told(tenant, encounter('nursing', 'NONAC', '2026-11-20T15:00:00-06:00'))
    expect(await statesOf(tenant, 'track', 'tcm')).toEqual({ 'track-facility-stay': 'ready' })
    tenant.now = '2026-12-01T20:00:00.000Z'
    await told(
      tenant,
      encounter('nursing', 'NONAC', '2026-11-20T15:00:00-06:00', '2026-12-01T13:00:00-06:00', disposition('home')),
    )
    expect(await statesOf(tenant, 'track', 'tcm-i')).toEqual({
      'track-facility-stay': 'completed',
      'tcm-interactive-contact': 'ready',
    })
  })
})

describe('the risk', () => {
  test.each([
    ['high', ['tcm-interactive-contact', 'tcm-med-rec', 'tcm-period', 'tcm-second-call', 'tcm-visit-7d']],
    ['moderate', TCM],
    ['low', ['tcm-interactive-contact']],
  ])('%s', async (level, expected) => {
    const codes = await codesAfter(patient(), highRisk('risk', '2026-11-19', level), stay())
    expect(codes.filter((code) => code.startsWith('tcm'))).toEqual(expected)
    expect(codes.includes('high-risk-call-48h')).toBe(level === 'high')
  })

  test('as $readmission-risk saves it', async () => {
    const score = lace.score({
      ...({} as Required<RiskInputs>),
      lengthOfStay: 14,
      acuteAdmission: true,
      charlsonIndex: 0,
      emergencyVisits: 0,
    })
    const assessed = {
      method: lace,
      score,
      patient: 'Patient/amelia',
      encounter: 'Encounter/stay',
      basis: [],
      given: [],
    }
    const saved = { ...riskAssessmentOf(assessed, '2026-11-20T19:00:00.000Z'), id: 'lace' }
    expect(await codesAfter(patient(), saved, stay())).toContain('tcm-visit-7d')
  })

  test('of something else does not matter', async () => {
    const falls = { ...highRisk('falls', '2026-11-19'), code: { text: 'risk of falls' } }
    expect(await codesAfter(patient(), falls, stay())).not.toContain('tcm-visit-7d')
  })
})

describe('the diagnosis', () => {
  test.each([
    ['F32.1', true],
    ['F99', true],
    ['F84.0', true],
    ['F10.20', false],
    ['F70', false],
    ['I10', false],
    ['T14.91XA', true],
    ['X78.1XXA', true],
    ['R45.851', true],
    ['T39.012A', true],
    ['T36.92XA', true],
    ['T39.011A', false],
    ['T40.2X1A', false],
  ])('%s asks for FUH and FUM: %s', async (code, isAsked) => {
    const codes = [
      ...(await codesAfter(patient(), stay(reason(code)))),
      ...(await codesAfter(patient(), emergency(reason(code)))),
    ]
    expect([codes.includes('fuh-7'), codes.includes('fum-7')]).toEqual([isAsked, isAsked])
  })

  test.each([
    ['F10.20', true],
    ['F19.10', true],
    ['F17.210', false],
    ['T40.2X1A', true],
    ['T40.2X5A', false],
    ['T43.014A', true],
    ['F32.1', false],
  ])('%s asks for FUA: %s', async (code, isAsked) => {
    expect((await codesAfter(patient(), emergency(reason(code)))).includes('fua-7')).toBe(isAsked)
  })

  test('is the principal one, of which self-harm alone is an exception', async () => {
    const known = [condition('depression', 'F32.1'), condition('fracture', 'S72.0'), condition('cut', 'X78.1XXA')]
    const asked = async (...ids: string[]) =>
      (await codesAfter(patient(), ...known, stay(diagnoses(...ids)))).includes('fuh-7')
    expect(await asked('depression', 'fracture')).toBe(true)
    expect(await asked('fracture', 'depression')).toBe(false)
    expect(await asked('fracture', 'cut')).toBe(true)
  })

  test('that was refuted does not count', async () => {
    const refuted = condition('depression', 'F32.1', { verificationStatus: { coding: [{ code: 'refuted' }] } })
    expect(await codesAfter(patient(), refuted, stay(diagnoses('depression')))).not.toContain('fuh-7')
  })

  test('may come days later', async () => {
    const tenant = await tenantAt(HEARD, [patient(), stay()])
    tenant.now = '2026-11-23T15:00:00.000Z'
    await told(tenant, condition('depression', 'F32.1'), stay(diagnoses('depression')))
    expect(await statesOf(tenant, 'fuh')).toEqual({ 'fuh-30': 'ready', 'fuh-7': 'ready' })
  })

  test.each([
    [['J44.9', 'I50.9'], true],
    [['N18.30', 'I48.91'], true],
    [['J44.9', 'J45.20'], false],
    [['J44.9', 'I10'], false],
  ])('chronic ones %j ask for FMC: %s', async (codes, isAsked) => {
    const conditions = codes.map((code, index) => condition(`chronic-${index}`, code))
    expect((await codesAfter(patient(), ...conditions, emergency())).includes('fmc-7')).toBe(isAsked)
  })
})

describe('the age on that day', () => {
  test.each([
    ['2008-11-20', true],
    ['2008-11-21', false],
  ])('born %s, of age for TRC and FMC: %s', async (birthDate, isOfAge) => {
    const chronic = [condition('copd', 'J44.9'), condition('failure', 'I50.9')]
    const codes = await codesAfter(patient(birthDate), ...chronic, stay(), {
      ...emergency(),
      id: 'before',
      period: { start: '2026-11-20T01:00:00-06:00', end: '2026-11-20T02:00:00-06:00' },
      subject: { reference: 'Patient/amelia' },
    })
    expect(codes.includes('trc-engagement')).toBe(isOfAge)
    expect(codes.filter((code) => code.startsWith('tcm'))).toEqual(TCM)
  })

  test.each([
    ['2020-11-20', 'F32.1', 'fum-7', true],
    ['2020-11-21', 'F32.1', 'fum-7', false],
    ['2013-11-20', 'F10.20', 'fua-7', true],
    ['2013-11-21', 'F10.20', 'fua-7', false],
  ])('born %s with %s, %s: %s', async (birthDate, code, task, isAsked) => {
    expect((await codesAfter(patient(birthDate), emergency(reason(code)))).includes(task)).toBe(isAsked)
  })
})

describe('what stops a plan', () => {
  const started = (): Promise<SimulatedTenant> => tenantAt(HEARD, [patient(), stay(reason('F32.1'))])
  const open = ['fuh', 'tcm', 'trc-d', 'trc-e', 'trc-m']
  const allAre = async (tenant: SimulatedTenant, state: string): Promise<void> => {
    const states = await statesOf(tenant, ...open)
    expect(Object.keys(states)).toHaveLength(9)
    expect(states).toEqual(Object.fromEntries(Object.keys(states).map((code) => [code, state])))
  }

  test('a new acute stay; and the plan of the new discharge is another', async () => {
    const tenant = await started()
    tenant.now = '2026-11-23T15:00:00.000Z'
    const again = (end?: string) => encounter('again', 'IMP', '2026-11-23T08:00:00-06:00', end)
    await told(tenant, again())
    await allAre(tenant, 'cancelled: readmitted')
    expect(await planOf(tenant, 'transition-of-care')).toMatchObject({ status: 'revoked' })
    expect(await statesOf(tenant, 'readmission')).toEqual({
      'readmission-review': 'ready',
      'readmission-watch': 'completed',
    })
    tenant.now = '2026-11-25T21:00:00.000Z'
    await told(tenant, again('2026-11-25T14:00:00-06:00'))
    const plans = await tenant.all('CarePlan', 'encounter=Encounter/again&status=active')
    expect(plans.length).toBeGreaterThan(1)
  })

  test('which is taken back when that stay did not take place', async () => {
    const tenant = await started()
    await told(tenant, encounter('again', 'IMP', '2026-11-23T08:00:00-06:00'))
    await told(
      tenant,
      encounter('again', 'IMP', '2026-11-23T08:00:00-06:00', undefined, { status: 'entered-in-error' }),
    )
    await allAre(tenant, 'ready')
  })

  test('but no visit to an emergency department, no observation and no stay in a nursing facility', async () => {
    const tenant = await started()
    await told(
      tenant,
      encounter('emergency', 'EMER', '2026-11-22T08:00:00-06:00', '2026-11-22T12:00:00-06:00'),
      encounter('observation', 'OBSENC', '2026-11-23T08:00:00-06:00'),
      encounter('planned', 'IMP', '2026-11-28T08:00:00-06:00', undefined, { status: 'planned' }),
    )
    await allAre(tenant, 'ready')
  })

  test('the death of the patient, which asks for closure instead', async () => {
    const tenant = await started()
    await told(tenant, patient('1951-03-14', { deceasedDateTime: '2026-11-24' }))
    await allAre(tenant, 'cancelled: deceased')
    expect(await statesOf(tenant, 'bereavement')).toEqual({ 'bereavement-closure': 'ready' })
  })

  test.each([
    ['an episode', hospiceEpisode],
    ['a flag', hospiceFlag],
  ])('hospice care, known by %s, while it is active', async (_name, hospice) => {
    const tenant = await started()
    await told(tenant, hospice())
    await allAre(tenant, 'cancelled: hospice')
    await told(tenant, hospice('entered-in-error'))
    await allAre(tenant, 'ready')
  })

  test('the wish of the patient, while it is active', async () => {
    const tenant = await started()
    await told(tenant, optOut())
    await allAre(tenant, 'cancelled: opted-out')
    await told(tenant, optOut('inactive'))
    await allAre(tenant, 'ready')
  })

  test('the wish of the patient that was known before', async () => {
    expect(await codesAfter(patient(), optOut(), stay())).toEqual([])
  })

  test('a correction of where the patient went', async () => {
    const tenant = await started()
    await told(tenant, stay({ ...reason('F32.1'), ...disposition('snf') }))
    await allAre(tenant, 'cancelled: left-for-facility')
    expect(await statesOf(tenant, 'track')).toEqual({ 'track-facility-stay': 'ready' })
    await told(tenant, stay(reason('F32.1')))
    await allAre(tenant, 'ready')
    expect(Object.values(await statesOf(tenant, 'track'))).toEqual([expect.stringMatching(/^cancelled/)])
  })

  test.each([
    ['on that day: it was no visit of its own', DISCHARGE, 'no-longer-applies'],
    ['30 days later', '2026-12-20T23:00:00-06:00', 'readmitted'],
  ])('after an emergency visit, an acute stay %s', async (_name, start, why) => {
    const tenant = await tenantAt(HEARD, [patient(), emergency(reason('F32.1'))])
    expect(await statesOf(tenant, 'fum')).toEqual({ 'fum-30': 'ready', 'fum-7': 'ready' })
    await told(tenant, encounter('admitted', 'IMP', start))
    expect(await statesOf(tenant, 'fum')).toEqual({ 'fum-30': `cancelled: ${why}`, 'fum-7': `cancelled: ${why}` })
  })

  test('but not an acute stay 31 days after an emergency visit', async () => {
    const tenant = await tenantAt(HEARD, [patient(), emergency(reason('F32.1'))])
    await told(tenant, encounter('admitted', 'IMP', '2026-12-21T00:00:00-06:00'))
    expect(await statesOf(tenant, 'fum')).toEqual({ 'fum-30': 'ready', 'fum-7': 'ready' })
  })
})

describe('a readmission is reviewed', () => {
  const former = (end: string, others: object = {}) =>
    encounter('former', 'IMP', '2026-10-01T08:00:00-06:00', end, others)

  test.each([
    ['30 days later', former('2026-10-17T09:00:00-06:00'), true],
    ['31 days later', former('2026-10-16T09:00:00-06:00'), false],
    ['from another facility', former('2026-11-15T09:00:00-06:00', disposition('rehab')), false],
  ])('%s: %s', async (_name, encounterBefore, isReviewed) => {
    const codes = await codesAfter(patient(), encounterBefore, encounter('now', 'IMP', '2026-11-16T09:40:00-06:00'))
    expect(codes.includes('readmission-review')).toBe(isReviewed)
  })
})
