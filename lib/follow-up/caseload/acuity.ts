import type { CodeableConcept, Flag, RiskAssessment } from 'fhir/r4'
import { CASE_ACUITY } from './codes.ts'

/** How much attention a case takes, the least first. */
export const ACUITIES = ['low', 'moderate', 'high', 'crisis'] as const
export type Acuity = (typeof ACUITIES)[number]

export const ACUITY_WEIGHTS: Readonly<Record<Acuity, number>> = { low: 1, moderate: 2, high: 3, crisis: 5 }

/** What a case counts for of which nobody has said anything: an unknown case is not a light one. */
export const UNASSESSED: Acuity = 'moderate'

export interface Assessed {
  acuity: Acuity
  /** the Flag or RiskAssessment that says so, `Type/id`; none: {@link UNASSESSED} */
  basis?: string
}

const RISK_PROBABILITY = 'http://terminology.hl7.org/CodeSystem/risk-probability'
/** Crisis is what people say with a Flag; no score gives it. */
const OF_PROBABILITY: Readonly<Record<string, Acuity>> = {
  negligible: 'low',
  low: 'low',
  moderate: 'moderate',
  high: 'high',
  certain: 'high',
}

const isAcuity = (code: string | undefined): code is Acuity => ACUITIES.some((acuity) => acuity === code)

const highest = (acuities: readonly Acuity[]): Acuity | undefined =>
  [...ACUITIES].reverse().find((acuity) => acuities.includes(acuity))

const codesOf = (system: string, { coding = [] }: CodeableConcept = {}): string[] =>
  coding.flatMap((each) => (each.system === system && each.code ? [each.code] : []))

interface Statement extends Assessed {
  /** a date or dateTime; the newest counts */
  at: string
}

const flagged = ({ id, status, code, period, meta }: Flag): Statement[] => {
  const acuity = status === 'active' ? highest(codesOf(CASE_ACUITY, code).filter(isAcuity)) : undefined
  return acuity ? [{ acuity, basis: `Flag/${id}`, at: period?.start ?? meta?.lastUpdated ?? '' }] : []
}

/** https://hl7.org/fhir/R4/valueset-observation-status.html */
const STANDING = ['final', 'amended', 'corrected']

const assessed = (assessment: RiskAssessment): Statement[] => {
  const { id, status, prediction = [], occurrenceDateTime, occurrencePeriod, meta } = assessment
  if (!STANDING.includes(status)) return []
  const risks = prediction.flatMap(({ qualitativeRisk }) => codesOf(RISK_PROBABILITY, qualitativeRisk))
  const acuity = highest(risks.flatMap((risk) => OF_PROBABILITY[risk] ?? []))
  const at = occurrenceDateTime ?? occurrencePeriod?.start ?? meta?.lastUpdated ?? ''
  return acuity ? [{ acuity, basis: `RiskAssessment/${id}`, at }] : []
}

const momentOf = ({ at }: Statement): number => Date.parse(at) || Number.NEGATIVE_INFINITY

/**
 * The acuity of a patient: `crisis` while an active Flag says so; else the newest of what active Flags of the code system case-acuity
 * and standing RiskAssessments say, the higher of two of one moment. Pure.
 */
export const acuityOf = (flags: readonly Flag[], assessments: readonly RiskAssessment[]): Assessed => {
  const statements = [...flags.flatMap(flagged), ...assessments.flatMap(assessed)]
  const isCrisis = ({ acuity }: Statement) => (acuity === 'crisis' ? 1 : 0)
  const [first] = statements.sort(
    (a, b) =>
      isCrisis(b) - isCrisis(a) ||
      momentOf(b) - momentOf(a) ||
      ACUITY_WEIGHTS[b.acuity] - ACUITY_WEIGHTS[a.acuity] ||
      (a.basis! < b.basis! ? -1 : 1),
  )
  return first ? { acuity: first.acuity, basis: first.basis! } : { acuity: UNASSESSED }
}
