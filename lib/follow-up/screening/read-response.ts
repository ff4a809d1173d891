import type { Questionnaire, QuestionnaireResponse, QuestionnaireResponseItem } from 'fhir/r4'
import { type Answer, readAnswer, type Value } from './answers.ts'
import type { Answers, Instrument } from './instruments.ts'
import { instruments } from './instruments.ts'
import { itemsOf, loincOf } from './questionnaires.ts'

/** One instrument as a response answers it. */
export interface Answered {
  instrument: Instrument
  answers: Answers
  /** what the response itself gives as the result, in figures */
  reported: readonly number[]
}

const canonicalUrl = (canonical: string | undefined): string => canonical?.split('|')[0] ?? ''

const LOINC_NUMBER = /(?:^|[/#])(\d{1,7}-\d)$/

const loincIn = (text: string | undefined): string | undefined => LOINC_NUMBER.exec(text ?? '')?.[1]

const allItems = (items: readonly QuestionnaireResponseItem[] | undefined): QuestionnaireResponseItem[] =>
  (items ?? []).flatMap((item) => [
    item,
    ...allItems(item.item),
    ...(item.answer ?? []).flatMap((answer) => allItems(answer.item)),
  ])

/** The items that were answered, by LOINC code: as the form says, else as the item itself does. */
const answeredItems = (
  { item }: QuestionnaireResponse,
  form: Questionnaire | undefined,
): ReadonlyMap<string, readonly Value[]> => {
  const codes = new Map(itemsOf(form?.item).map((each) => [each.linkId, loincOf(each)] as const))
  const answered = new Map<string, Value[]>()
  for (const { linkId, definition, answer = [] } of allItems(item)) {
    const code = codes.get(linkId) ?? loincIn(definition) ?? loincIn(linkId)
    if (code && answer.length) answered.set(code, [...(answered.get(code) ?? []), ...(answer as readonly Value[])])
  }
  return answered
}

/** The instruments of a response: the one whose form it names, else those whose own items it answers. */
const instrumentsOf = (
  { questionnaire }: QuestionnaireResponse,
  answered: ReadonlyMap<string, unknown>,
): readonly Instrument[] => {
  const url = canonicalUrl(questionnaire)
  const named = instruments.filter((each) => url === each.questionnaire.url || loincIn(url) === each.panel)
  if (named.length) return named
  const known = instruments.filter(({ markers }) => markers.some((marker) => answered.has(marker)))
  const ids = known.map(({ questionnaire: { id } }) => id!)
  return known.filter(({ within }) => !within.some((id) => ids.includes(id)))
}

/**
 * The instruments that a response answers, with the answers in their terms. Pure.
 * @param form the Questionnaire it names, where the tenant keeps it: it says which items are which
 */
export const readResponse = (response: QuestionnaireResponse, form: Questionnaire | undefined): Answered[] => {
  const answered = answeredItems(response, form)
  return instrumentsOf(response, answered).map((instrument): Answered => {
    const answers = new Map<string, readonly Answer[]>()
    let reported: number[] = []
    for (const item of itemsOf(instrument.questionnaire.item)) {
      const code = loincOf(item)!
      const read = (answered.get(code) ?? []).flatMap((value) => readAnswer(item, value) ?? [])
      if (code === instrument.result?.code) reported = read.flatMap(({ number }) => number ?? [])
      else if (read.length) answers.set(code, read)
    }
    return { instrument, answers, reported }
  })
}

/** LOINC codes of the items that a result waits for; none: it can be given. Pure. */
export const missingItems = ({ instrument: { result }, answers }: Answered): readonly string[] =>
  (result?.needs(answers) ?? []).filter((item) => {
    const given = answers.get(item)
    return given?.length !== 1 || given[0]!.foreign === true
  })
