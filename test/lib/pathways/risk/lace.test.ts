import { describe, expect, test } from '@jest/globals'
import { lace } from '../../../../lib/pathways/risk/lace.ts'
import { type RiskInputs, type Score, scoreWith } from '../../../../lib/pathways/risk/score.ts'

const nothing: RiskInputs = { lengthOfStay: 0, acuteAdmission: false, charlsonIndex: 0, emergencyVisits: 0 }
const scored = (inputs: RiskInputs): Score => scoreWith(lace, { ...nothing, ...inputs }) as Score

describe('the LACE index', () => {
  test.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
    [6, 4],
    [7, 5],
    [13, 5],
    [14, 7],
    [100, 7],
  ])('a stay of %i days: %i', (lengthOfStay, points) => {
    expect(scored({ lengthOfStay }).score).toBe(points)
  })

  test.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 5],
    [9, 5],
  ])('a Charlson index of %i: %i', (charlsonIndex, points) => {
    expect(scored({ charlsonIndex }).score).toBe(points)
  })

  test.each([
    [0, 0],
    [1, 1],
    [3, 3],
    [4, 4],
    [12, 4],
  ])('%i emergency visits: %i', (emergencyVisits, points) => {
    expect(scored({ emergencyVisits }).score).toBe(points)
  })

  test('an acute admission: 3', () => {
    expect(scored({ acuteAdmission: true }).score).toBe(3)
  })

  test.each([
    [{ emergencyVisits: 4 }, 4, 'low'],
    [{ lengthOfStay: 2, acuteAdmission: true }, 5, 'moderate'],
    [{ lengthOfStay: 4, charlsonIndex: 4 }, 9, 'moderate'],
    [{ lengthOfStay: 7, charlsonIndex: 4 }, 10, 'high'],
    [{ lengthOfStay: 14, acuteAdmission: true, charlsonIndex: 4, emergencyVisits: 4 }, 19, 'high'],
  ])('%j: %i, %s', (inputs, score, level) => {
    expect(scored(inputs)).toMatchObject({ score, level, highest: 19 })
  })

  test.each(lace.needs)('is not calculated without %s', (name) => {
    const { [name]: _, ...others } = nothing
    expect(scoreWith(lace, others)).toEqual({ missing: [name] })
  })
})
