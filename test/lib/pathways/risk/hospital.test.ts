import { describe, expect, test } from '@jest/globals'
import { type HospitalVariant, hospital } from '../../../../lib/pathways/risk/hospital.ts'
import { type RiskInputs, type Score, scoreWith } from '../../../../lib/pathways/risk/score.ts'

const nothing: RiskInputs = {
  hemoglobin: 14,
  oncologyService: false,
  sodium: 140,
  procedure: false,
  acuteAdmission: false,
  admissions: 0,
  lengthOfStay: 0,
}
const scored = (inputs: RiskInputs, variant: HospitalVariant = '2016'): Score =>
  scoreWith(hospital(variant), { ...nothing, ...inputs }) as Score

describe('the HOSPITAL score', () => {
  test.each([
    [{ hemoglobin: 11.9 }, 1],
    [{ hemoglobin: 12 }, 0],
    [{ oncologyService: true }, 2],
    [{ sodium: 134.9 }, 1],
    [{ sodium: 135 }, 0],
    [{ procedure: true }, 1],
    [{ acuteAdmission: true }, 1],
    [{ lengthOfStay: 4 }, 0],
    [{ lengthOfStay: 5 }, 2],
  ])('%j: %i', (inputs, points) => {
    expect(scored(inputs).score).toBe(points)
  })

  test.each([
    [0, 0, 0],
    [1, 2, 0],
    [2, 2, 2],
    [5, 2, 2],
    [6, 5, 5],
    [20, 5, 5],
  ])('%i earlier admissions: %i as in 2013, %i as in 2016', (admissions, in2013, in2016) => {
    expect(scored({ admissions }, '2013').score).toBe(in2013)
    expect(scored({ admissions }, '2016').score).toBe(in2016)
  })

  test.each([
    [{}, 0, 'low', 5.8],
    [{ oncologyService: true, lengthOfStay: 5 }, 4, 'low', 5.8],
    [{ admissions: 6 }, 5, 'moderate', 11.9],
    [{ admissions: 6, procedure: true }, 6, 'moderate', 11.9],
    [{ admissions: 6, lengthOfStay: 5 }, 7, 'high', 22.8],
    [
      {
        hemoglobin: 8,
        oncologyService: true,
        sodium: 120,
        procedure: true,
        acuteAdmission: true,
        admissions: 9,
        lengthOfStay: 30,
      },
      13,
      'high',
      22.8,
    ],
  ])('%j: %i, %s', (inputs, score, level, probability) => {
    expect(scored(inputs)).toMatchObject({ score, level, probability, highest: 13 })
  })

  test('is not calculated with inputs missing, and lists them', () => {
    expect(scoreWith(hospital('2016'), { ...nothing, sodium: undefined, procedure: undefined })).toEqual({
      missing: ['sodium', 'procedure'],
    })
  })
})
