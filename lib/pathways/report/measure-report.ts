import type {
  CodeableConcept,
  Extension,
  List,
  MeasureReport,
  MeasureReportGroup,
  MeasureReportGroupStratifier,
} from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { NEXT_PAGE, PROGRAMME, TRANSITION_LINE, TRANSITION_STATE } from '../codes.ts'
import { STEP_STATES, type StepState } from './step-state.ts'
import type { Line } from './transition-lines.ts'

const MEASURE = 'https://careloop.dev/fhir/Measure/transition-report'

export interface Report {
  /** dates */
  start: string
  end: string
  made: Instant
  lines: readonly Line[]
  /** URL of the next page */
  next?: string
}

const stateOf = (code: StepState): CodeableConcept => ({ coding: [{ system: TRANSITION_STATE, code }] })

const inState = (lines: readonly Line[], state: StepState): Line[] => lines.filter((line) => line.state === state)

const part = (url: string, value: Omit<Extension, 'url'>): Extension[] =>
  Object.values(value).some((each) => each === undefined) ? [] : [{ url, ...value }]
const reference = (url: string, given: string | undefined): Extension[] =>
  given === undefined ? [] : part(url, { valueReference: { reference: given } })

/** An owner that is no resource, the software itself, is known by its identifier. */
const ownerPart = (owner: string | undefined): Extension[] =>
  owner?.includes('/') ? reference('owner', owner) : part('owner', { valueString: owner })

const lineExtension = (line: Line): Extension => ({
  url: TRANSITION_LINE,
  extension: [
    ...reference('encounter', line.encounter),
    ...reference('facility', line.facility),
    ...part('rule', { valueCanonical: line.rule }),
    ...part('step', { valueString: line.step }),
    ...part('code', { valueCode: line.code }),
    ...part('from', { valueDateTime: line.from }),
    ...part('windowStart', { valueDateTime: line.windowStart }),
    ...part('due', { valueDateTime: line.due }),
    ...part('complianceEnd', { valueDateTime: line.complianceEnd }),
    ...part('reason', { valueCode: line.reason }),
    ...line.evidence.flatMap((each) => reference('evidence', each)),
    ...part('evidenceDate', { valueDateTime: line.evidenceDate }),
    ...ownerPart(line.owner),
  ],
})

const listId = (group: number, state: StepState): string => `lines-${group}-${state}`

const listOf = (id: string, lines: readonly Line[]): List => ({
  resourceType: 'List',
  id,
  status: 'current',
  mode: 'snapshot',
  entry: lines.map((line) => ({ extension: [lineExtension(line)], item: { reference: line.task ?? line.encounter } })),
})

const stratifierOf = (
  name: string,
  lines: readonly Line[],
  of: (line: Line) => string | undefined,
): MeasureReportGroupStratifier => {
  const strata = [...Map.groupBy(lines, (line) => of(line) ?? '').entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    code: [{ text: name }],
    stratum: strata.map(([text, own]) => ({
      value: { text: text || 'none' },
      population: STEP_STATES.flatMap((state) => {
        const { length: count } = inState(own, state)
        return count ? [{ code: stateOf(state), count }] : []
      }),
    })),
  }
}

const groupOf = (programme: string, lines: readonly Line[], n: number): MeasureReportGroup => ({
  code: { coding: [{ system: PROGRAMME, code: programme }] },
  population: STEP_STATES.map((state) => {
    const { length: count } = inState(lines, state)
    return { code: stateOf(state), count, ...(count && { subjectResults: { reference: `#${listId(n, state)}` } }) }
  }),
  stratifier: [
    stratifierOf('step', lines, ({ step }) => step),
    stratifierOf('facility', lines, ({ facility }) => facility),
    stratifierOf('owner', lines, ({ owner }) => owner),
  ],
})

/**
 * The lines as a MeasureReport: a group for each programme, in it a population for each state with its lines as a contained List, and
 * the counts by step, facility and owner. https://hl7.org/fhir/R4/measurereport.html
 */
export const measureReportOf = ({ start, end, made, lines, next }: Report): MeasureReport => {
  const programmes = [...Map.groupBy(lines, ({ programme }) => programme).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const contained = programmes.flatMap(([, own], n) =>
    STEP_STATES.flatMap((state) => {
      const found = inState(own, state)
      return found.length ? [listOf(listId(n, state), found)] : []
    }),
  )
  return {
    resourceType: 'MeasureReport',
    ...(contained.length && { contained }),
    ...(next && { extension: [{ url: NEXT_PAGE, valueUrl: next }] }),
    status: 'complete',
    type: 'subject-list',
    measure: MEASURE,
    date: made,
    period: { start, end },
    ...(programmes.length && { group: programmes.map(([programme, own], n) => groupOf(programme, own, n)) }),
  }
}
