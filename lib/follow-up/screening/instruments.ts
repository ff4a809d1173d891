import type { Coding, Questionnaire } from 'fhir/r4'
import type { Answer } from './answers.ts'
import {
  AT_RISK,
  AUDIT_C_TOTAL,
  CSSRS,
  FOOD_RISK,
  GAD7_TOTAL,
  HITS_ITEMS,
  HITS_TOTAL,
  LOINC,
  NO_RISK,
  OFTEN_TRUE,
  PHQ2_TOTAL,
  PHQ9_TOTAL,
  SOMETIMES_TRUE,
  SUICIDE_RISK_LEVEL,
  YES,
} from './codes.ts'
import { itemsOf, loincOf, questionnaire } from './questionnaires.ts'

/** The answers to one instrument by LOINC code of the item; more than one where an item repeats. */
export type Answers = ReadonlyMap<string, readonly Answer[]>

/** A code of fhir-profiles/code-systems/screening-band.json. */
export type Band =
  | 'minimal'
  | 'mild'
  | 'moderate'
  | 'moderately-severe'
  | 'severe'
  | 'negative'
  | 'positive'
  | 'positive-by-sex'
  | 'at-risk'
  | 'not-at-risk'
  | 'high'
  | 'not-high'

/** What the answers come to: a score or a level, and how it is to be read. */
export interface Verdict {
  score?: number
  level?: Coding
  bands: readonly Band[]
}

/** What is made of the answers once every item it is made of is answered. */
export interface Result {
  /** LOINC code of the Observation that holds it */
  code: string
  /** LOINC codes of the items it is made of, given what has been answered so far */
  needs(answers: Answers): readonly string[]
  of(answers: Answers): Verdict
}

export interface Instrument {
  questionnaire: Questionnaire
  /** LOINC code of the panel */
  panel: string
  /** LOINC codes of its items, in their order, those that hold a result excepted */
  items: readonly string[]
  /** the items that no other instrument has, by which it is known when a response names no form of ours */
  markers: readonly string[]
  /** the ids of instruments that hold all of its items: it is not there where one of them is */
  within: readonly string[]
  result?: Result
}

type Bands = readonly (readonly [from: number, ...bands: Band[]])[]

const bandsOf = (bands: Bands, score: number): readonly Band[] => {
  const [, ...found] = bands.findLast(([from]) => score >= from)!
  return found
}

const weights = (answers: Answers, items: readonly string[]): (number | undefined)[] =>
  items.map((item) => answers.get(item)?.[0]?.number)

const sum = (code: string, items: readonly string[], bands: Bands): Result => ({
  code,
  needs: () => items,
  of(answers) {
    const score = weights(answers, items).reduce<number>((total, weight) => total + (weight ?? 0), 0)
    return { score, bands: bandsOf(bands, score) }
  },
})

const isAnswered = (answers: Answers, item: string, ...codes: readonly string[]): boolean =>
  answers.get(item)?.some(({ coding }) => codes.includes(coding?.code ?? '')) ?? false

const FOOD_ITEMS = ['88122-7', '88123-5']

const foodRisk: Result = {
  code: FOOD_RISK,
  needs: () => FOOD_ITEMS,
  of(answers) {
    const isAtRisk = FOOD_ITEMS.some((item) => isAnswered(answers, item, OFTEN_TRUE, SOMETIMES_TRUE))
    return {
      level: { system: LOINC, code: isAtRisk ? AT_RISK : NO_RISK, display: isAtRisk ? 'At risk' : 'No risk' },
      bands: isAtRisk ? ['at-risk', 'positive'] : ['not-at-risk', 'negative'],
    }
  },
}

const suicideRisk: Result = {
  code: SUICIDE_RISK_LEVEL,
  needs: (answers) => [
    CSSRS.wish,
    CSSRS.thoughts,
    ...(isAnswered(answers, CSSRS.thoughts, YES) ? [CSSRS.method, CSSRS.intent, CSSRS.plan] : []),
    CSSRS.behaviour,
    ...(isAnswered(answers, CSSRS.behaviour, YES) ? [CSSRS.recent] : []),
  ],
  of(answers) {
    const isYes = (item: string) => isAnswered(answers, item, YES)
    if ([CSSRS.intent, CSSRS.plan, CSSRS.recent].some(isYes)) return { bands: ['high', 'positive'] }
    // Moderate and low are not told apart: their bands are not confirmed.
    return { bands: Object.values(CSSRS).some(isYes) ? ['not-high', 'positive'] : ['negative'] }
  },
}

const PHQ2_ITEMS = ['44250-9', '44255-8']
const PHQ9_ITEMS = [...PHQ2_ITEMS, ...['44259-0', '44254-1', '44251-7', '44258-2', '44252-5', '44253-3', '44260-8']]
const GAD7_ITEMS = ['69725-0', '68509-9', '69733-4', '69734-2', '69735-9', '69689-8', '69736-7']

const instrument = (id: string, parts: Partial<Pick<Instrument, 'markers' | 'within' | 'result'>> = {}): Instrument => {
  const form = questionnaire(id)
  const items = itemsOf(form.item).flatMap((item) => (item.readOnly ? [] : (loincOf(item) ?? [])))
  return { questionnaire: form, panel: loincOf(form)!, items, markers: items, within: [], ...parts }
}

/** Every instrument, with what its answers come to. */
export const instruments: readonly Instrument[] = [
  instrument('phq-9', {
    markers: PHQ9_ITEMS.slice(PHQ2_ITEMS.length),
    result: sum(PHQ9_TOTAL, PHQ9_ITEMS, [
      [0, 'minimal', 'negative'],
      [5, 'mild', 'negative'],
      [10, 'moderate', 'positive'],
      [15, 'moderately-severe', 'positive'],
      [20, 'severe', 'positive'],
    ]),
  }),
  instrument('phq-2', {
    within: ['phq-9'],
    result: sum(PHQ2_TOTAL, PHQ2_ITEMS, [
      [0, 'negative'],
      [3, 'positive'],
    ]),
  }),
  instrument('gad-7', {
    result: sum(GAD7_TOTAL, GAD7_ITEMS, [
      [0, 'minimal', 'negative'],
      [5, 'mild', 'negative'],
      [10, 'moderate', 'positive'],
      [15, 'severe', 'positive'],
    ]),
  }),
  // What 3 means depends on the patient's sex, which the answers do not tell.
  instrument('audit-c', {
    result: sum(
      AUDIT_C_TOTAL,
      ['68518-0', '68519-8', '68520-6'],
      [
        [0, 'negative'],
        [3, 'positive-by-sex'],
        [4, 'positive'],
      ],
    ),
  }),
  instrument('c-ssrs-screener', { result: suicideRisk }),
  instrument('ahc-hrsn', {
    markers: ['96778-6', '96779-4', ...HITS_ITEMS],
    result: sum(HITS_TOTAL, HITS_ITEMS, [
      [4, 'negative'],
      [11, 'positive'],
    ]),
  }),
  instrument('hunger-vital-sign', { within: ['ahc-hrsn'], result: foodRisk }),
  instrument('prapare', {
    markers: ['93033-9', '93031-3', '93029-7', '93028-9', '93027-1', '93026-3', '93038-8', '67875-5'],
  }),
]
