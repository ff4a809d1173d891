import type { Coding, Extension, QuestionnaireItem, QuestionnaireItemAnswerOption } from 'fhir/r4'
import { numberOf } from '../../json.ts'
import { LOINC, NO, ORDINAL_VALUE, YES } from './codes.ts'

/** One answer to one item, however it was given. */
export interface Answer {
  coding?: Coding
  /** what the answer weighs in the score, or the number that was answered */
  number?: number
  /** whether it is none of those that the item offers */
  foreign?: true
}

/** What QuestionnaireResponse.item.answer and Observation have in common, as far as it is read here. */
export interface Value {
  extension?: readonly Extension[]
  valueCoding?: Coding
  valueCodeableConcept?: { coding?: readonly Coding[] }
  valueBoolean?: boolean
  valueInteger?: unknown
  valueDecimal?: unknown
  valueQuantity?: { value?: unknown }
}

const ordinalIn = (extension: readonly Extension[] | undefined): number | undefined =>
  numberOf(extension?.find(({ url }) => url === ORDINAL_VALUE)?.valueDecimal)

/** What an answer that an item offers weighs. */
export const weightOf = ({ extension }: QuestionnaireItemAnswerOption): number | undefined => ordinalIn(extension)

const isOption = ({ valueCoding }: QuestionnaireItemAnswerOption, { system, code }: Coding): boolean =>
  valueCoding?.code === code && (system === undefined || system === valueCoding?.system)

/** The number that a value states in plain figures. */
export const plainNumber = ({ valueInteger, valueDecimal, valueQuantity }: Value): number | undefined =>
  [valueInteger, valueDecimal, valueQuantity?.value].map(numberOf).find((number) => number !== undefined)

const chosen = (options: readonly QuestionnaireItemAnswerOption[], value: Value, codings: readonly Coding[]) => {
  for (const coding of codings) {
    const named = options.find((option) => isOption(option, coding))
    if (named) return named
  }
  if (value.valueBoolean !== undefined) {
    const code = value.valueBoolean ? YES : NO
    return options.find((option) => isOption(option, { system: LOINC, code }))
  }
  const weight =
    ordinalIn(value.extension) ??
    codings.map(({ extension }) => ordinalIn(extension)).find((ordinal) => ordinal !== undefined) ??
    plainNumber(value)
  return weight === undefined ? undefined : options.find((option) => weightOf(option) === weight)
}

/**
 * The answer in terms of the item: the option with its LOINC code (else the one with its weight), or the number. Another code of
 * LOINC is taken as it is, without a weight. Undefined for what cannot be read.
 */
export const readAnswer = ({ answerOption }: QuestionnaireItem, value: Value): Answer | undefined => {
  const codings = value.valueCoding ? [value.valueCoding] : (value.valueCodeableConcept?.coding ?? [])
  if (!answerOption) {
    const number = plainNumber(value)
    return number === undefined ? undefined : { number }
  }
  const option = chosen(answerOption, value, codings)
  if (option) {
    const number = weightOf(option)
    return { coding: option.valueCoding!, ...(number !== undefined && { number }) }
  }
  const foreign = codings.find(({ system, code }) => system === LOINC && code !== undefined)
  return foreign && { coding: { system: LOINC, code: foreign.code! }, foreign: true }
}
