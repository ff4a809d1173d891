import type { Extension, Observation } from 'fhir/r4'
import { plainNumber, type Value } from './answers.ts'
import { LOINC, REPORTED_SCORE } from './codes.ts'

/** A total that somebody else counted from the same answers, and where it stands. */
export interface Reported {
  score: number
  /** `Type/id` */
  reference: string
}

export const isReportedScore = ({ url }: Extension): boolean => url === REPORTED_SCORE

/** Whether a total is one that somebody else counts otherwise. */
export const isDisputed = ({ extension = [] }: Observation): boolean => extension.some(isReportedScore)

const isValid = ({ status }: Observation): boolean => ['final', 'amended', 'corrected', 'preliminary'].includes(status)

/** The totals under this code among Observations that others have derived from a response. */
export const reportedIn = (observations: readonly Observation[], code: string): Reported[] =>
  observations.flatMap((observation) => {
    const score = plainNumber(observation as Value)
    const isTotal = observation.code?.coding?.some((coding) => coding.system === LOINC && coding.code === code)
    return isTotal && isValid(observation) && score !== undefined
      ? [{ score, reference: `Observation/${observation.id}` }]
      : []
  })

const flag = ({ score, reference }: Reported): Extension => ({
  url: REPORTED_SCORE,
  extension: [
    { url: 'score', valueDecimal: score },
    { url: 'source', valueReference: { reference } },
  ],
})

/** The total, flagged with every other that differs from it; without a flag when none does. Both stay as they are. */
export const flagged = (total: Observation, reported: readonly Reported[]): Observation => {
  const own = plainNumber(total as Value)
  const { extension = [], ...rest } = total
  const differing = reported
    .filter(({ score }) => own !== undefined && score !== own)
    .sort((a, b) => (a.reference < b.reference ? -1 : 1))
  const flags = [...extension.filter((each) => !isReportedScore(each)), ...differing.map(flag)]
  return { ...rest, ...(flags.length && { extension: flags }) }
}
