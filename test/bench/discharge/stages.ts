import type { Row } from './report.ts'
import type { Run } from './service-process.ts'

/** One discharge; instants in milliseconds since 1970. */
export interface Discharge {
  /** `Encounter/id` */
  reference: string
  /** when it was to be sent */
  intended: number
  /** when the answer was there */
  written?: number
  /** when all its Tasks were found */
  visible?: number
  /** why it was not written */
  failure?: string
}

const PUBLISHER = 'functions/stream/publish.ts'
const CONSUMER = 'functions/events/encounter-changed.ts'

/** The last run of a function for each subject. */
const lastRuns = (runs: readonly Run[], name: string): ReadonlyMap<string, Run> =>
  new Map(runs.filter((run) => run.function === name).flatMap((run) => run.subjects.map((subject) => [subject, run])))

/** Where the time from the intended write to the found Tasks went. */
export const stagesOf = (discharges: readonly Discharge[], runs: readonly Run[]): Row[] => {
  const published = lastRuns(runs, PUBLISHER)
  const consumed = lastRuns(runs, CONSUMER)
  const whole = discharges.flatMap(({ reference, intended, written, visible }) => {
    const publisher = published.get(reference)
    const consumer = consumed.get(reference)
    if (!publisher || !consumer || written === undefined || visible === undefined) return []
    return [{ intended, written, visible, publisher, consumer }]
  })
  return [
    ['  write', whole.map(({ intended, written }) => written - intended)],
    // The stream may be faster than the answer.
    ['  stream', whole.map(({ written, publisher }) => Math.max(0, publisher.started - written))],
    ['  publish', whole.map(({ publisher }) => publisher.ended - publisher.started)],
    ['  bus', whole.map(({ publisher, consumer }) => Math.max(0, consumer.started - publisher.ended))],
    ['  consumer', whole.map(({ consumer }) => consumer.ended - consumer.started)],
    ['  look', whole.map(({ consumer, visible }) => Math.max(0, visible - consumer.ended))],
  ]
}
