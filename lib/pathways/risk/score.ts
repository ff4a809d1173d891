/** Everything the risk of a readmission is calculated from, by any method; what is not known is absent. */
export interface RiskInputs {
  /** days from the admission to the discharge */
  lengthOfStay?: number
  /** whether the admission was urgent or an emergency */
  acuteAdmission?: boolean
  /** sum of the weights of the Charlson comorbidities */
  charlsonIndex?: number
  /** visits to an emergency department in the 6 months before the admission, but for the one that led to it */
  emergencyVisits?: number
  /** the last before the discharge, in g/dL */
  hemoglobin?: number
  /** the last before the discharge, in mmol/L */
  sodium?: number
  /** whether the patient left from an oncology service */
  oncologyService?: boolean
  /** whether any procedure was done in the stay */
  procedure?: boolean
  /** acute admissions in the 12 months before this one */
  admissions?: number
}

export type RiskInput = keyof RiskInputs

export type Level = 'low' | 'moderate' | 'high'

export interface Score {
  score: number
  highest: number
  level: Level
  /** points by what they are for */
  points: Readonly<Record<string, number>>
  /** percent, where the method says */
  probability?: number
}

/** What a method comes to: a score, or the inputs without which there is none. */
export type Scored = Score | { missing: readonly RiskInput[] }

/** A way to calculate a risk. Pure. */
export interface RiskMethod {
  /** in the code system risk-method */
  code: string
  title: string
  needs: readonly RiskInput[]
  score(inputs: Required<RiskInputs>): Score
}

/** Calculates, but never with an input missing. */
export const scoreWith = (method: RiskMethod, inputs: RiskInputs): Scored => {
  const missing = method.needs.filter((name) => inputs[name] === undefined)
  return missing.length ? { missing } : method.score(inputs as Required<RiskInputs>)
}

/** What the highest step that `value` reaches is worth, of steps in ascending order; below the first: nothing. */
export const stepsOf =
  (...steps: readonly (readonly [from: number, points: number])[]) =>
  (value: number): number =>
    steps.findLast(([from]) => value >= from)?.[1] ?? 0

export const sum = (points: Readonly<Record<string, number>>): number =>
  Object.values(points).reduce((total, one) => total + one, 0)
