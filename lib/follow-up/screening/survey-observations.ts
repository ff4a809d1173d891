import type { CodeableConcept, Coding, Observation, ObservationComponent, QuestionnaireResponse } from 'fhir/r4'
import { referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import type { Answer } from './answers.ts'
import {
  AFRAID_OF_PARTNER,
  HITS_ITEMS,
  HITS_TOTAL,
  INTERPRETATION,
  LOINC,
  OBSERVATION_CATEGORY,
  ORDINAL_VALUE,
  SAFE_AT_HOME,
  SCREENING_BAND,
  SENSITIVE,
} from './codes.ts'
import { type Band, instruments, type Verdict } from './instruments.ts'
import { type Answered, missingItems } from './read-response.ts'

/** The id of what is made of a response under a LOINC code of an instrument: always the same. `response`: `QuestionnaireResponse/id` */
export const observationId = (response: string, panel: string, code: string): string =>
  deterministicId(response, 'screening', panel, code)

/** Every id under which something may have been made of a response. */
export const possibleIds = (reference: string): ReadonlySet<string> =>
  new Set(
    instruments.flatMap(({ panel, items, result }) =>
      [...items, panel, ...(result ? [result.code] : [])].map((code) => observationId(reference, panel, code)),
    ),
  )

const ABOUT_VIOLENCE: readonly string[] = [...HITS_ITEMS, HITS_TOTAL, SAFE_AT_HOME, AFRAID_OF_PARTNER]

const UCUM = 'http://unitsofmeasure.org'
const SCORE = '{score}'

const quantity = (value: number) => ({ value, unit: 'score', system: UCUM, code: SCORE })

const answerValue = ({ coding, number }: Answer): Pick<Observation, 'valueCodeableConcept' | 'valueQuantity'> => {
  if (!coding) return { valueQuantity: { value: number! } }
  const weighed: Coding =
    number === undefined ? coding : { extension: [{ url: ORDINAL_VALUE, valueDecimal: number }], ...coding }
  return { valueCodeableConcept: { coding: [weighed] } }
}

const V3_BANDS: Readonly<Partial<Record<Band, string>>> = { positive: 'POS', negative: 'NEG' }

const interpretation = ({ bands }: Verdict): CodeableConcept[] =>
  bands.map((code) => {
    const v3 = V3_BANDS[code]
    return { coding: [{ system: SCREENING_BAND, code }, ...(v3 ? [{ system: INTERPRETATION, code: v3 }] : [])] }
  })

const verdictValue = ({ score, level, bands }: Verdict): Partial<Observation> => ({
  ...(score !== undefined && { valueQuantity: quantity(score) }),
  ...(level && { valueCodeableConcept: { coding: [level] } }),
  // A triage whose bands LOINC has no confirmed answers for.
  ...(score === undefined &&
    !level && { valueCodeableConcept: { coding: [{ system: SCREENING_BAND, code: bands[0]! }] } }),
})

/**
 * What one instrument of a response comes to: an Observation for each answer, one for the result if all is answered that it is made of,
 * and the panel that holds them; the panel is preliminary while the result waits for answers. Pure; the same whatever the order of the items.
 * https://hl7.org/fhir/us/core/screening-and-assessments.html
 */
export const surveyObservations = (response: QuestionnaireResponse, answered: Answered): Observation[] => {
  const { instrument, answers } = answered
  const { items, result, panel } = instrument
  const reference = referenceTo('QuestionnaireResponse', response.id!)
  const idOf = (code: string) => observationId(reference, panel, code)
  const { subject, encounter, authored, source, author } = response
  const performer = source ?? author

  const observation = (code: string, rest: Partial<Observation>): Observation => ({
    resourceType: 'Observation',
    id: idOf(code),
    ...(ABOUT_VIOLENCE.includes(code) && { meta: { security: SENSITIVE.map((label) => ({ ...label })) } }),
    status: 'final',
    category: [{ coding: [{ system: OBSERVATION_CATEGORY, code: 'survey' }] }],
    code: { coding: [{ system: LOINC, code }] },
    ...(subject && { subject }),
    ...(encounter && { encounter }),
    ...(authored && { effectiveDateTime: authored }),
    ...(performer && { performer: [performer] }),
    ...rest,
    derivedFrom: [...(rest.derivedFrom ?? []), { reference }],
  })

  const given = items.filter((code) => answers.has(code))
  if (!given.length) return []
  const isIncomplete = missingItems(answered).length > 0
  const verdict = result && !isIncomplete ? result.of(answers) : undefined

  const ofItems = given.map((code) => {
    const values = answers.get(code)!.map(answerValue)
    const [only] = values
    const component = values.map(
      (value): ObservationComponent => ({ code: { coding: [{ system: LOINC, code }] }, ...value }),
    )
    return observation(code, values.length === 1 ? only! : { component })
  })
  const members = (codes: readonly string[]) =>
    codes.map((code) => ({ reference: referenceTo('Observation', idOf(code)) }))
  const ofResult =
    result && verdict
      ? [observation(result.code, { ...verdictValue(verdict), interpretation: interpretation(verdict) })]
      : []
  const ofPanel = observation(panel, {
    status: isIncomplete ? 'preliminary' : 'final',
    hasMember: members([...given, ...(result && verdict ? [result.code] : [])]),
  })
  return [...ofItems, ...ofResult, ofPanel]
}
