import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../lib/fhir.ts'
import { followUps } from '../../lib/follow-up/screening/follow-ups.ts'
import { instruments } from '../../lib/follow-up/screening/instruments.ts'
import { itemsOf, loincOf, packagedQuestionnaires } from '../../lib/follow-up/screening/questionnaires.ts'
import { screeningCodes } from '../../lib/follow-up/screening/relevance.ts'
import { declarations } from '../../lib/resources/index.ts'

/** Codes of LOINC and of its answers end with a check digit by Luhn: https://loinc.org/kb/users-guide/loinc-database-structure */
const hasCheckDigit = (code: string): boolean => {
  const [, letters, digits, check] = /^(LA)?(\d+)-(\d)$/.exec(code) ?? []
  if (!digits) return false
  // The letters of answers count too, by where they stand.
  const start = letters ? (digits.length % 2 ? 8 : 5) : 0
  const sum = [...digits].reverse().reduce((total, digit, n) => {
    const value = Number(digit) * (n % 2 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, start)
  return (10 - (sum % 10)) % 10 === Number(check)
}

test('every file is packaged', () => {
  const files = readdirSync(join(import.meta.dirname, '../../fhir-profiles/questionnaires'))
  expect(packagedQuestionnaires.map(({ id }) => `${id}.json`).sort()).toEqual(files.sort())
  expect(instruments.map(({ questionnaire }) => questionnaire.id).sort()).toEqual(
    packagedQuestionnaires.map(({ id }) => id).sort(),
  )
})

describe.each(packagedQuestionnaires.map((form) => [form.id!, form] as const))('the Questionnaire %s', (id, form) => {
  const items = itemsOf(form.item)

  test('is one that a tenant may PUT, and says under which terms it is here', async () => {
    expect(await declarations.get('Questionnaire')!.check(form as unknown as Resource)).toEqual([])
    expect(form.url).toBe(`https://careloop.dev/fhir/Questionnaire/${id}`)
    expect(form.copyright).toMatch(/free|public domain|permission|licence/i)
    expect(form.copyright).toMatch(/LOINC/)
  })

  test('has codes of LOINC whose check digits are right', () => {
    const codes = items.flatMap((item) => [
      loincOf(item)!,
      ...(item.answerOption ?? []).map(({ valueCoding }) => valueCoding!.code!),
    ])
    for (const code of [loincOf(form)!, ...codes]) expect([code, hasCheckDigit(code)]).toEqual([code, true])
  })

  test('has items that are told apart by linkId, and answers by code and weight', () => {
    expect(new Set(items.map(({ linkId }) => linkId)).size).toBe(items.length)
    for (const { answerOption = [] } of items) {
      expect(new Set(answerOption.map(({ valueCoding }) => valueCoding!.code)).size).toBe(answerOption.length)
      const weights = answerOption.flatMap(({ extension }) => extension?.[0]?.valueDecimal ?? [])
      expect([0, answerOption.length]).toContain(new Set(weights).size)
    }
  })
})

test('rows look at codes whose check digits are right, and at answers that the items offer', () => {
  const offered = new Map<string, Set<string>>()
  for (const item of packagedQuestionnaires.flatMap((form) => itemsOf(form.item)))
    for (const { valueCoding } of item.answerOption ?? [])
      offered.set(loincOf(item)!, (offered.get(loincOf(item)!) ?? new Set()).add(valueCoding!.code!))
  for (const { code, answers = [] } of followUps.flatMap(({ findings }) => findings)) {
    expect([code, hasCheckDigit(code)]).toEqual([code, true])
    for (const answer of answers) expect([code, answer, offered.get(code)?.has(answer)]).toEqual([code, answer, true])
  }
  for (const { panel, result } of instruments) {
    expect(screeningCodes).toContain(panel)
    expect(hasCheckDigit(result?.code ?? '0-0')).toBe(true)
  }
})
