import type { Observation, Patient } from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { lastInstantOf } from '../../pathways/date-time.ts'
import type { Version } from '../../store/version.ts'
import { plainNumber, readAnswer, type Value } from './answers.ts'
import { LOINC, NO, YES } from './codes.ts'
import type { Finding, FollowUp } from './follow-ups.ts'
import { itemsOf, loincOf, packagedQuestionnaires } from './questionnaires.ts'
import { isDisputed } from './reported-score.ts'

/** Something observed that follow-ups may come of. */
export interface Observed {
  /** `Observation/id` */
  reference: string
  v: number
  observation: Observation
  /** when it was so, else when it was stored */
  at: Instant
  /** the same as it was given: a date stays a date */
  dateTime: string
}

/** The statuses whose value may be acted on. https://hl7.org/fhir/R4/valueset-observation-status.html */
const VALID = ['final', 'amended', 'corrected']

export const isValid = ({ observation: { status } }: Observed): boolean => VALID.includes(status)

/** When an Observation was so. */
export const observedOf = (version: Version, timeZone: string): Observed => {
  const observation = version.content as unknown as Observation
  const { effectiveDateTime, effectiveInstant, effectivePeriod, issued } = observation
  const given = [effectiveDateTime, effectiveInstant, effectivePeriod?.end, effectivePeriod?.start, issued]
  const dateTime =
    given.find((each) => each !== undefined && lastInstantOf(each, timeZone) !== undefined) ?? version.updated
  return {
    reference: `Observation/${version.id}`,
    v: version.v,
    observation,
    at: lastInstantOf(dateTime, timeZone)!,
    dateTime,
  }
}

/** The items of all instruments that weigh answers, by LOINC code. */
const weighing = new Map(
  packagedQuestionnaires.flatMap(({ item }) =>
    itemsOf(item).flatMap((each) => {
      const code = loincOf(each)
      const isWeighed = each.answerOption?.some(({ extension }) => extension)
      return code && isWeighed ? [[code, each] as const] : []
    }),
  ),
)

interface Result extends Value {
  code?: { coding?: readonly { system?: string; code?: string }[] }
}

/** The number under a LOINC code, of an answer too: what it weighs. */
const numberUnder = (code: string, result: Result): number | undefined => {
  const item = weighing.get(code)
  return item ? readAnswer(item, result)?.number : plainNumber(result)
}

/** The Observation itself and its components: instruments come as either. */
const resultsOf = (observation: Observation): Result[] => [
  observation as unknown as Result,
  ...((observation.component ?? []) as unknown as Result[]),
]

const isUnder = ({ code }: Result, wanted: string): boolean =>
  code?.coding?.some((coding) => coding.system === LOINC && coding.code === wanted) ?? false

/** The numbers of an Observation under a LOINC code. */
export const numbersUnder = ({ observation }: Observed, code: string): number[] =>
  resultsOf(observation).flatMap((result) => (isUnder(result, code) ? (numberUnder(code, result) ?? []) : []))

const answersUnder = ({ observation }: Observed, code: string): string[] =>
  resultsOf(observation).flatMap((result) => {
    if (!isUnder(result, code)) return []
    const { valueBoolean, valueCodeableConcept } = result
    const codes = (valueCodeableConcept?.coding ?? []).flatMap((coding) => coding.code ?? [])
    return valueBoolean === undefined ? codes : [...codes, valueBoolean ? YES : NO]
  })

const thresholdOf = ({ atLeast, atLeastForMen }: Finding, patient: Patient | undefined): number | undefined =>
  patient?.gender === 'male' ? (atLeastForMen ?? atLeast) : atLeast

const shows = (observed: Observed, finding: Finding, patient: Patient | undefined): boolean => {
  const threshold = thresholdOf(finding, patient)
  if (threshold !== undefined) return numbersUnder(observed, finding.code).some((number) => number >= threshold)
  return answersUnder(observed, finding.code).some((answer) => finding.answers?.includes(answer))
}

/** Whether an Observation shows what a row asks for; its status is no matter. Pure. */
export const isPositive = (observed: Observed, row: FollowUp, patient: Patient | undefined): boolean =>
  (row.onDispute === true && isDisputed(observed.observation)) ||
  row.findings.some((finding) => shows(observed, finding, patient))
