import { describe, expect, test } from '@jest/globals'
import { noticeFor, sensitivitiesOf, withLabelsOf } from '../../../../lib/security/consent/labels.ts'

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const bearing = (...labels: [string, string][]) => ({
  resourceType: 'Condition',
  meta: { security: labels.map(([system, code]) => ({ system, code })) },
})
const needsOf = (resource: ReturnType<typeof bearing>) => sensitivitiesOf(resource).map(({ needs }) => needs)

describe('what labels ask for', () => {
  test('nothing where there are none, or none that the policy knows', () => {
    expect(sensitivitiesOf({})).toEqual([])
    expect(needsOf(bearing([CONFIDENTIALITY, 'N'], ['urn:other', 'HIV'], [ACT_CODE, 'TREAT']))).toEqual([])
  })

  test('once for labels about one thing, and for each other thing', () => {
    expect(needsOf(bearing([ACT_CODE, '42CFRPart2'], [ACT_CODE, 'SUD']))).toEqual(['tpo'])
    expect(needsOf(bearing([ACT_CODE, 'ETH'], [ACT_CODE, 'HIV']))).toEqual(['tpo', 'named'])
  })

  test('how confidential it is only where nothing says why', () => {
    expect(needsOf(bearing([CONFIDENTIALITY, 'V'], [ACT_CODE, 'SUD']))).toEqual(['tpo'])
    expect(needsOf(bearing([CONFIDENTIALITY, 'R']))).toEqual(['tpo'])
    expect(needsOf(bearing([CONFIDENTIALITY, 'R'], [CONFIDENTIALITY, 'V']))).toEqual(['named'])
  })
})

test('labels are taken over once, and only those that the policy knows', () => {
  const one = bearing([ACT_CODE, 'SUD'], ['urn:other', 'x'])
  const taken = withLabelsOf(bearing([ACT_CODE, 'HIV']), [one, one])
  expect(taken.meta.security.map(({ code }) => code)).toEqual(['HIV', 'SUD'])
  expect(withLabelsOf(taken, [one])).toBe(taken)
})

test('the notice goes with substance use alone', () => {
  expect(noticeFor([bearing([ACT_CODE, 'HIV']), bearing([ACT_CODE, 'ETH'])])).toBe(
    '42 CFR part 2 prohibits unauthorized use or disclosure of these records.',
  )
  expect(noticeFor([bearing([ACT_CODE, 'HIV'])])).toBeUndefined()
})
