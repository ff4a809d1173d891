import type { Encounter, Task } from 'fhir/r4'
import { type Instant, referenceTo } from '../../fhir.ts'
import { lastInstantOf, localDateOf } from '../../pathways/date-time.ts'
import type { Search } from '../../search/search.ts'
import { PHQ2_TOTAL, PHQ9_TOTAL } from './codes.ts'
import { isDepression } from './depression.ts'
import { isValid, numbersUnder, type Observed } from './findings.ts'
import { findingsOf } from './follow-up-task.ts'
import type { Closing, FollowUp } from './follow-ups.ts'

/** What shows that a Task was done, and when that was. */
export interface Evidence {
  /** `Type/id` */
  reference: string
  /** FHIR dateTime */
  date: string
}

/** All that evidence is sought in. */
export interface Scenery {
  search: Search
  /** `Patient/id` */
  patient: string
  observed: readonly Observed[]
  /** IANA name */
  timeZone: string
}

const POSITIVE = 10

const isAmong =
  (references: readonly string[]) =>
  ({ reference }: { reference?: string }): boolean =>
    references.includes(reference ?? '')

const visit = async (
  { search, patient, observed, timeZone }: Scenery,
  findings: readonly string[],
): Promise<Evidence | undefined> => {
  const since = observed
    .filter(isAmong(findings))
    .map(({ at }) => at)
    .sort()[0]
  if (since === undefined) return undefined
  const found = await search.all(
    'Encounter',
    `patient=${encodeURIComponent(patient)}&status=finished&date=ge${since.slice(0, 10)}`,
  )
  const visits = found.flatMap((version) => {
    const { reasonReference = [], reasonCode = [], period } = version.content as unknown as Encounter
    const began: Instant | undefined = period?.start === undefined ? undefined : lastInstantOf(period.start, timeZone)
    const isFor = reasonReference.some(isAmong(findings)) || reasonCode.some(isDepression)
    const date = period?.end ?? period?.start
    return began && began > since && isFor && date
      ? [{ began, evidence: { reference: referenceTo('Encounter', version.id), date } }]
      : []
  })
  return visits.sort((a, b) =>
    `${a.began} ${a.evidence.reference}` < `${b.began} ${b.evidence.reference}` ? -1 : 1,
  )[0]?.evidence
}

const phq9s = ({ observed }: Scenery): Observed[] =>
  observed.filter((each) => isValid(each) && numbersUnder(each, PHQ9_TOTAL).length > 0)

const evidenceOf = (found: Observed | undefined): Evidence | undefined =>
  found && { reference: found.reference, date: found.dateTime }

const sameDayNegative = (scenery: Scenery, findings: readonly string[]): Evidence | undefined => {
  const { observed, timeZone } = scenery
  const positives = observed.filter(isAmong(findings))
  if (!positives.length || !positives.every((each) => numbersUnder(each, PHQ2_TOTAL).length > 0)) return undefined
  const days = positives.map(({ dateTime }) => localDateOf(dateTime, timeZone)?.toString())
  return evidenceOf(
    phq9s(scenery).find((each) => {
      const isNegative = numbersUnder(each, PHQ9_TOTAL).every((total) => total < POSITIVE)
      const day = localDateOf(each.dateTime, timeZone)?.toString()
      return isNegative && days.every((other) => other === day)
    }),
  )
}

const inWindow = (scenery: Scenery, { restriction }: Pick<Task, 'restriction'>): Evidence | undefined => {
  const [start, end] = [restriction?.period?.start, restriction?.period?.end].map((each) => Date.parse(each ?? ''))
  return evidenceOf(phq9s(scenery).find(({ at }) => Date.parse(at) >= start! && Date.parse(at) <= end!))
}

const seek = async (closing: Closing, scenery: Scenery, task: Task): Promise<Evidence | undefined> => {
  switch (closing) {
    case 'encounter-for-finding':
      return visit(scenery, findingsOf(task))
    case 'same-day-negative-phq-9':
      return sameDayNegative(scenery, findingsOf(task))
    case 'phq-9-in-window':
      return inWindow(scenery, task)
  }
}

/** What shows that an open Task of a row was done; the first that the row names. */
export const closingEvidence = async (
  { closedBy = [] }: FollowUp,
  scenery: Scenery,
  task: Task,
): Promise<Evidence | undefined> => {
  for (const closing of closedBy) {
    const evidence = await seek(closing, scenery, task)
    if (evidence) return evidence
  }
  return undefined
}

/** Whether findings need no follow-up, since what closes one is there already. */
export const isExcused = ({ closedBy = [] }: FollowUp, scenery: Scenery, findings: readonly Observed[]): boolean =>
  closedBy.includes('same-day-negative-phq-9') &&
  sameDayNegative(
    scenery,
    findings.map(({ reference }) => reference),
  ) !== undefined
