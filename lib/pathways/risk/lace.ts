import { type Level, type RiskMethod, stepsOf, sum } from './score.ts'

const lengthPoints = stepsOf([1, 1], [2, 2], [3, 3], [4, 4], [7, 5], [14, 7])
const comorbidityPoints = stepsOf([1, 1], [2, 2], [3, 3], [4, 5])
const MOST_VISITS = 4

const levelOf = (score: number): Level => (score >= 10 ? 'high' : score >= 5 ? 'moderate' : 'low')

/** The LACE index, 0 to 19: length of stay, acuity, comorbidities, emergency visits. https://doi.org/10.1503/cmaj.091117 */
export const lace: RiskMethod = {
  code: 'lace',
  title: 'LACE index',
  needs: ['lengthOfStay', 'acuteAdmission', 'charlsonIndex', 'emergencyVisits'],
  score({ lengthOfStay, acuteAdmission, charlsonIndex, emergencyVisits }) {
    const points = {
      L: lengthPoints(lengthOfStay),
      A: acuteAdmission ? 3 : 0,
      C: comorbidityPoints(charlsonIndex),
      E: Math.min(emergencyVisits, MOST_VISITS),
    }
    const score = sum(points)
    return { score, highest: 19, level: levelOf(score), points }
  },
}
