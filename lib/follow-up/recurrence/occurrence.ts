import type { Task } from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { OCCURRENCE, RECURRENCE } from './codes.ts'

/** Which occurrence a Task is, if it is one. */
export const occurrenceOf = ({ extension = [] }: Task): { series: string; sequence: number } | undefined => {
  const parts = extension.find(({ url }) => url === RECURRENCE)?.extension
  const series = parts?.find(({ url }) => url === 'series')?.valueString
  const sequence = parts?.find(({ url }) => url === 'sequence')?.valuePositiveInt
  return series !== undefined && sequence !== undefined ? { series, sequence } : undefined
}

const skippedNote = (from: number, until: number): string =>
  from === until ? `Occurrence ${from} was left out.` : `Occurrences ${from} to ${until} were left out.`

export interface OccurrenceName {
  planId: string
  /** names what recurs within the plan */
  series: string
  /** from 1 */
  sequence: number
  /** the sequence numbers, first and last, that were left out before it */
  skipped?: readonly [first: number, last: number]
}

/** The Task as one occurrence: it says which one, and what was left out before it. */
export const asOccurrence = (
  task: Task,
  { planId, series, sequence, skipped }: OccurrenceName,
  now: Instant,
): Task => ({
  ...task,
  extension: [
    ...(task.extension ?? []),
    {
      url: RECURRENCE,
      extension: [
        { url: 'series', valueString: series },
        { url: 'sequence', valuePositiveInt: sequence },
      ],
    },
  ],
  identifier: [{ system: OCCURRENCE, value: `${planId}|${series}|${sequence}` }],
  ...(skipped && { note: [{ time: now, text: skippedNote(...skipped) }] }),
})
