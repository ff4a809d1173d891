import { type Level, type RiskMethod, stepsOf, sum } from './score.ts'

/** How earlier admissions count: as in the derivation of the score (2013) or its international validation (2016). */
export type HospitalVariant = '2013' | '2016'

const admissionPoints: Record<HospitalVariant, (admissions: number) => number> = {
  '2013': stepsOf([1, 2], [6, 5]),
  '2016': stepsOf([2, 2], [6, 5]),
}

/** From how many points on, and how many percent of those patients came back. */
const bands: readonly (readonly [from: number, level: Level, probability: number])[] = [
  [0, 'low', 5.8],
  [5, 'moderate', 11.9],
  [7, 'high', 22.8],
]

/**
 * The HOSPITAL score, 0 to 13: hemoglobin, oncology, sodium, procedure, index type, admissions, length of stay.
 * https://doi.org/10.1001/jamainternmed.2015.8462
 */
export const hospital = (variant: HospitalVariant): RiskMethod => ({
  code: `hospital-${variant}`,
  title: `HOSPITAL score (${variant})`,
  needs: [
    ...([
      'hemoglobin',
      'oncologyService',
      'sodium',
      'procedure',
      'acuteAdmission',
      'admissions',
      'lengthOfStay',
    ] as const),
  ],
  score({ hemoglobin, oncologyService, sodium, procedure, acuteAdmission, admissions, lengthOfStay }) {
    const points = {
      hemoglobin: hemoglobin < 12 ? 1 : 0,
      oncology: oncologyService ? 2 : 0,
      sodium: sodium < 135 ? 1 : 0,
      procedure: procedure ? 1 : 0,
      'index type': acuteAdmission ? 1 : 0,
      admissions: admissionPoints[variant](admissions),
      'length of stay': lengthOfStay >= 5 ? 2 : 0,
    }
    const score = sum(points)
    const [, level, probability] = bands.findLast(([from]) => score >= from)!
    return { score, highest: 13, level, points, probability }
  },
})
