import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Questionnaire, QuestionnaireResponse, QuestionnaireResponseItemAnswer } from 'fhir/r4'
import { missingItems, readResponse } from '../../../../lib/follow-up/screening/read-response.ts'
import { surveyObservations } from '../../../../lib/follow-up/screening/survey-observations.ts'
import { adding, coded, GAD7, PHQ9, phq9, response } from '../../../flows/follow-up/screening-scene.ts'

const idsOf = (each: QuestionnaireResponse, form?: Questionnaire) =>
  readResponse(each, form).map(({ instrument: { questionnaire } }) => questionnaire.id)

const scoreOf = (each: QuestionnaireResponse, form?: Questionnaire): number | undefined => {
  const [answered] = readResponse(each, form)
  return missingItems(answered!).length ? undefined : answered!.instrument.result!.of(answered!.answers).score
}

describe('which instruments a response answers', () => {
  const twelve = response('phq-9', phq9(12))

  test.each([
    ['our form', 'https://careloop.dev/fhir/Questionnaire/phq-9'],
    ['a version of it', 'https://careloop.dev/fhir/Questionnaire/phq-9|1.0.0'],
    ['the panel of LOINC', 'http://loinc.org/q/44249-1'],
    ['a form nobody knows', 'https://example.org/Questionnaire/mood'],
    ['no form', undefined],
  ])('%s', (_name, questionnaire) => {
    const { questionnaire: _, ...rest } = twelve
    const named = { ...rest, ...(questionnaire && { questionnaire }) }
    expect(idsOf(named)).toEqual(['phq-9'])
    expect(scoreOf(named)).toBe(12)
  })

  const unnamed = (given: Parameters<typeof response>[1]) =>
    response('none', given, { questionnaire: 'https://example.org/Questionnaire/mixed' })

  test('the first two items of the PHQ-9 alone are a PHQ-2', () => {
    expect(idsOf(unnamed(adding(PHQ9.slice(0, 2), 3)))).toEqual(['phq-2'])
  })

  test('a form of several instruments is each of them', () => {
    expect(idsOf(unnamed({ ...phq9(3), ...adding(GAD7, 4) }))).toEqual(['phq-9', 'gad-7'])
  })

  test('the food items of the AHC-HRSN are no Hunger Vital Sign of their own', () => {
    const food = { '88122-7': 'LA28398-8', '88123-5': 'LA28398-8' }
    expect(idsOf(unnamed(food))).toEqual(['hunger-vital-sign'])
    expect(idsOf(unnamed({ ...food, '96779-4': 'LA32-8' }))).toEqual(['ahc-hrsn'])
  })

  test('something else is none', () => {
    expect(idsOf(unnamed({ '8480-6': { valueInteger: 120 } }))).toEqual([])
    expect(idsOf({ ...twelve, questionnaire: 'https://example.org/q', item: [] })).toEqual([])
  })

  test('the form of a tenant says which item is which, in groups too', () => {
    const form: Questionnaire = {
      resourceType: 'Questionnaire',
      status: 'active',
      url: 'https://example.org/Questionnaire/mood',
      item: [
        {
          linkId: 'all',
          type: 'group',
          item: PHQ9.map((code, n) => ({
            linkId: `q${n}`,
            type: 'choice',
            code: [{ system: 'http://loinc.org', code }],
          })),
        },
      ],
    }
    const given = PHQ9.map((_, n) => ({ linkId: `q${n}`, answer: [coded('LA6570-1')] }))
    const filled = response('x', {}, { questionnaire: form.url!, item: [{ linkId: 'all', item: given }] })
    expect(idsOf(filled)).toEqual([])
    expect(scoreOf(filled, form)).toBe(18)
  })

  test('so does the definition of an item', () => {
    const item = PHQ9.map((code, n) => ({
      linkId: `q${n}`,
      definition: `http://loinc.org/${code}`,
      answer: [coded('LA6569-3')],
    }))
    expect(scoreOf(response('x', {}, { questionnaire: 'urn:x', item }))).toBe(9)
  })
})

describe('an answer', () => {
  const ordinal = { url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: 2 }

  test.each<[string, QuestionnaireResponseItemAnswer, number | undefined]>([
    ['the code of LOINC', coded('LA6570-1'), 2],
    ['the code without its system', { valueCoding: { code: 'LA6570-1' } }, 2],
    ['an integer', { valueInteger: 2 }, 2],
    ['a decimal', { valueDecimal: 2 }, 2],
    ['a quantity', { valueQuantity: { value: 2 } }, 2],
    ['an ordinal of the coding', { valueCoding: { system: 'urn:x', code: 'often', extension: [ordinal] } }, 2],
    ['an ordinal of the answer', { extension: [ordinal], valueString: 'often' }, 2],
    ['the code, whatever ordinal is with it', { valueCoding: { code: 'LA6568-5', extension: [ordinal] } }, 0],
    ['a number out of range', { valueInteger: 4 }, undefined],
    ['half a point', { valueDecimal: 1.5 }, undefined],
    ['text', { valueString: 'more than half the days' }, undefined],
    ['a code of another list', coded('LA30122-8'), undefined],
    ['a code of another system', { valueCoding: { system: 'urn:x', code: 'LA6570-1' } }, undefined],
  ])('as %s', (_name, answer, weight) => {
    const score = scoreOf(response('phq-9', { ...phq9(0), '44260-8': answer }))
    expect(score).toBe(weight)
  })

  test('given twice to an item that is scored is none', () => {
    expect(scoreOf(response('phq-9', { ...phq9(0), '44250-9': ['LA6568-5', 'LA6571-9'] }))).toBeUndefined()
  })

  test.each([
    [true, 'LA33-6'],
    [false, 'LA32-8'],
  ])('%s to a yes or no', (valueBoolean, code) => {
    const [answered] = readResponse(response('c-ssrs-screener', { '93246-7': { valueBoolean } }), undefined)
    expect(answered!.answers.get('93246-7')).toEqual([{ coding: expect.objectContaining({ code }) }])
  })
})

test('the items may come in any order', () => {
  const items = response('phq-9', phq9(13, { '69722-7': 'LA6573-5' })).item!
  const [answered] = readResponse(response('phq-9', {}, { item: items }), undefined)
  const expected = surveyObservations(response('phq-9', {}), answered!)
  fc.assert(
    fc.property(fc.shuffledSubarray(items, { minLength: items.length }), fc.boolean(), (shuffled, isGrouped) => {
      const item = isGrouped ? [{ linkId: 'group', item: shuffled }] : shuffled
      const [again] = readResponse(response('phq-9', {}, { item }), undefined)
      expect(surveyObservations(response('phq-9', {}), again!)).toEqual(expected)
    }),
  )
})

test('whatever is missing, there is a score exactly when nothing is', () => {
  fc.assert(
    fc.property(fc.subarray(PHQ9), fc.array(fc.nat(3), { minLength: 9, maxLength: 9 }), (kept, weights) => {
      const given = Object.fromEntries(
        PHQ9.flatMap((code, n) => (kept.includes(code) ? [[code, { valueInteger: weights[n]! }]] : [])),
      )
      const [answered] = readResponse(response('phq-9', given), undefined)
      expect(missingItems(answered!)).toEqual(PHQ9.filter((code) => !kept.includes(code)))
      const total = surveyObservations(response('phq-9', given), answered!).find(
        ({ code }) => code.coding![0]!.code === '44261-6',
      )
      const sum = weights.reduce((a, b) => a + b, 0)
      expect(total?.valueQuantity?.value).toBe(kept.length === 9 ? sum : undefined)
    }),
  )
})
