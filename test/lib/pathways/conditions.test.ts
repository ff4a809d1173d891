import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../../lib/fhir.ts'
import { parseJson } from '../../../lib/json.ts'
import { ConditionFailed, holds } from '../../../lib/pathways/conditions.ts'

const encounter = { resourceType: 'Encounter', status: 'finished' }

describe('a condition', () => {
  test.each([
    ["%encounter.status = 'finished'", true],
    ["%encounter.status = 'planned'", false],
    ['%encounter.period.end', false],
    ['%encounter.status', false],
    ['%subject.exists()', false],
    ['%risks.exists()', false],
  ])('%s is %s', (expression, expected) => {
    expect(holds(expression, { encounter, subject: undefined, risks: [] })).toBe(expected)
  })

  test('understands decimals as they were stored', () => {
    const risk = parseJson('{"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":0.30}]}') as Resource
    expect(holds('%risk.prediction.probabilityDecimal >= 0.3', { risk })).toBe(true)
    expect(holds('%risk.prediction.probabilityDecimal > 0.3', { risk })).toBe(false)
  })

  test.each(['%nobody.knows', '%encounter.status > 5', '%encounter.('])(
    '%s fails without a word of the data',
    (expression) => {
      expect(() => holds(expression, { encounter })).toThrow(new ConditionFailed())
    },
  )
})
