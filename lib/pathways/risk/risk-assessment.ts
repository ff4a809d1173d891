import type { RiskAssessment } from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { software } from '../codes.ts'
import { RISK_ASSESSMENT_TYPE, RISK_METHOD, RISK_SCORE } from './codes.ts'
import type { RiskInput, RiskMethod, Score } from './score.ts'

export interface Assessed {
  method: RiskMethod
  score: Score
  /** `Patient/id` */
  patient: string
  /** `Encounter/id` */
  encounter: string
  /** `Type/id` of what was used */
  basis: readonly string[]
  /** the inputs that nobody looked up, since they were given */
  given: readonly RiskInput[]
}

const rationale = ({ method, score: { score, highest, points }, given }: Assessed): string => {
  const parts = Object.entries(points).map(([name, count]) => `${name} ${count}`)
  const stated = given.length ? ` Given with the request: ${given.join(', ')}.` : ''
  return `${method.title}: ${score} of ${highest} (${parts.join(', ')}).${stated}`
}

/** A score as a RiskAssessment, final at `now`. https://hl7.org/fhir/R4/riskassessment.html */
export const riskAssessmentOf = (assessed: Assessed, now: Instant): RiskAssessment => {
  const { method, score, patient, encounter, basis } = assessed
  const { level, probability } = score
  return {
    resourceType: 'RiskAssessment',
    extension: [{ url: RISK_SCORE, valueInteger: score.score }],
    status: 'final',
    method: { coding: [{ system: RISK_METHOD, code: method.code }], text: method.title },
    code: { coding: [{ system: RISK_ASSESSMENT_TYPE, code: 'readmission' }] },
    subject: { reference: patient },
    encounter: { reference: encounter },
    occurrenceDateTime: now,
    performer: { type: 'Device', identifier: software },
    ...(basis.length && { basis: basis.map((reference) => ({ reference })) }),
    prediction: [
      {
        outcome: { text: 'Unplanned readmission within 30 days after discharge' },
        ...(probability !== undefined && { probabilityDecimal: probability }),
        qualitativeRisk: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/risk-probability', code: level }],
        },
        rationale: rationale(assessed),
      },
    ],
  }
}
