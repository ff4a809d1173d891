import { expect, test } from '@jest/globals'
import type { Flag, RiskAssessment } from 'fhir/r4'
import { acuityOf } from '../../../../lib/follow-up/caseload/acuity.ts'
import { CASE_ACUITY } from '../../../../lib/follow-up/caseload/codes.ts'

const flag = (id: string, code: string, start: string, status: Flag['status'] = 'active'): Flag => ({
  resourceType: 'Flag',
  id,
  status,
  subject: { reference: 'Patient/p' },
  code: { coding: [{ system: CASE_ACUITY, code }] },
  period: { start },
})
const risk = (id: string, codes: string[], at: string, status: RiskAssessment['status'] = 'final'): RiskAssessment => ({
  resourceType: 'RiskAssessment',
  id,
  status,
  subject: { reference: 'Patient/p' },
  occurrenceDateTime: at,
  prediction: codes.map((code) => ({
    qualitativeRisk: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/risk-probability', code }] },
  })),
})

test.each([
  ['nothing said', [], [], { acuity: 'moderate' }],
  ['one score', [], [risk('a', ['high'], '2026-01-01')], { acuity: 'high', basis: 'RiskAssessment/a' }],
  [
    'the higher prediction',
    [],
    [risk('a', ['low', 'certain'], '2026-01-01')],
    { acuity: 'high', basis: 'RiskAssessment/a' },
  ],
  [
    'the newer score',
    [],
    [risk('a', ['high'], '2026-01-01'), risk('b', ['low'], '2026-02-01')],
    { acuity: 'low', basis: 'RiskAssessment/b' },
  ],
  ['no preliminary score', [], [risk('a', ['high'], '2026-01-01', 'preliminary')], { acuity: 'moderate' }],
  [
    'the newer of score and flag',
    [flag('f', 'low', '2026-03-01')],
    [risk('a', ['high'], '2026-01-01')],
    { acuity: 'low', basis: 'Flag/f' },
  ],
  [
    'a crisis, however old',
    [flag('f', 'crisis', '2025-01-01')],
    [risk('a', ['low'], '2026-01-01')],
    { acuity: 'crisis', basis: 'Flag/f' },
  ],
  [
    'no crisis that is over',
    [flag('f', 'crisis', '2025-01-01', 'inactive')],
    [risk('a', ['low'], '2026-01-01')],
    { acuity: 'low', basis: 'RiskAssessment/a' },
  ],
  ['no flag of other things', [flag('f', 'fall-risk', '2026-03-01')], [], { acuity: 'moderate' }],
] as const)('%s', (_name, flags, assessments, expected) => {
  expect(acuityOf([...flags], [...assessments])).toEqual(expected)
  expect(acuityOf([...flags].reverse(), [...assessments].reverse())).toEqual(expected)
})
