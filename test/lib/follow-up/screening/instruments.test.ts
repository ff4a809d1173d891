import { describe, expect, test } from '@jest/globals'
import { instruments } from '../../../../lib/follow-up/screening/instruments.ts'
import { missingItems, readResponse } from '../../../../lib/follow-up/screening/read-response.ts'
import { adding, GAD7, type Given, NO, PHQ9, response, YES } from '../../../flows/follow-up/screening-scene.ts'

const verdictOf = (questionnaire: string, given: Given) => {
  const [answered, ...others] = readResponse(response(questionnaire, given), undefined)
  expect(others).toEqual([])
  const { instrument, answers } = answered!
  return missingItems(answered!).length ? undefined : instrument.result!.of(answers)
}

const DRINKS = [
  ['LA6270-8', 'LA18926-8', 'LA18927-6', 'LA18928-4', 'LA18929-2'],
  ['LA15694-5', 'LA15695-2', 'LA18930-0', 'LA18931-8', 'LA18932-6'],
  ['LA6270-8', 'LA18933-4', 'LA18876-5', 'LA18891-4', 'LA18934-2'],
]
const auditC = (...weights: [number, number, number]): Given => ({
  '68518-0': DRINKS[0]![weights[0]]!,
  '68519-8': DRINKS[1]![weights[1]]!,
  '68520-6': DRINKS[2]![weights[2]]!,
})

const HITS = ['LA6270-8', 'LA10066-1', 'LA10082-8', 'LA16644-9', 'LA6482-9']
const hits = (...weights: readonly number[]): Given =>
  Object.fromEntries(['95618-5', '95617-7', '95616-9', '95615-1'].map((code, n) => [code, HITS[weights[n]! - 1]!]))

const cssrs = (...yes: readonly string[]): Given =>
  Object.fromEntries(
    ['93246-7', '93247-5', '93248-3', '93249-1', '93250-9', '93267-3', '93269-9'].map((code) => [
      code,
      yes.includes(code) ? YES : NO,
    ]),
  )

describe('every boundary of every band', () => {
  test.each([
    ['phq-9', 0, 'minimal', 'negative'],
    ['phq-9', 4, 'minimal', 'negative'],
    ['phq-9', 5, 'mild', 'negative'],
    ['phq-9', 9, 'mild', 'negative'],
    ['phq-9', 10, 'moderate', 'positive'],
    ['phq-9', 14, 'moderate', 'positive'],
    ['phq-9', 15, 'moderately-severe', 'positive'],
    ['phq-9', 19, 'moderately-severe', 'positive'],
    ['phq-9', 20, 'severe', 'positive'],
    ['phq-9', 27, 'severe', 'positive'],
    ['gad-7', 0, 'minimal', 'negative'],
    ['gad-7', 4, 'minimal', 'negative'],
    ['gad-7', 5, 'mild', 'negative'],
    ['gad-7', 9, 'mild', 'negative'],
    ['gad-7', 10, 'moderate', 'positive'],
    ['gad-7', 14, 'moderate', 'positive'],
    ['gad-7', 15, 'severe', 'positive'],
    ['gad-7', 21, 'severe', 'positive'],
  ])('%s of %i is %s, %s', (id, total, ...bands) => {
    expect(verdictOf(id, adding(id === 'phq-9' ? PHQ9 : GAD7, total))).toEqual({ score: total, bands })
  })

  test.each([
    [0, 'negative'],
    [2, 'negative'],
    [3, 'positive'],
    [6, 'positive'],
  ])('phq-2 of %i is %s', (score, band) => {
    expect(verdictOf('phq-2', adding(PHQ9.slice(0, 2), score))).toEqual({ score, bands: [band] })
  })

  test.each([
    [[0, 0, 0], 0, 'negative'],
    [[1, 1, 0], 2, 'negative'],
    [[1, 1, 1], 3, 'positive-by-sex'],
    [[2, 1, 1], 4, 'positive'],
    [[4, 4, 4], 12, 'positive'],
  ] as [[number, number, number], number, string][])('audit-c %j is %i, %s', (weights, score, band) => {
    expect(verdictOf('audit-c', auditC(...weights))).toEqual({ score, bands: [band] })
  })

  test.each([
    [[1, 1, 1, 1], 4, 'negative'],
    [[3, 3, 2, 2], 10, 'negative'],
    [[3, 3, 3, 2], 11, 'positive'],
    [[5, 5, 5, 5], 20, 'positive'],
  ] as [number[], number, string][])('the safety items of ahc-hrsn %j are %i, %s', (weights, score, band) => {
    expect(verdictOf('ahc-hrsn', hits(...weights))).toEqual({ score, bands: [band] })
  })

  test.each([
    ['LA28398-8', 'LA28398-8', 'not-at-risk', 'LA19983-8'],
    ['LA6729-3', 'LA28398-8', 'at-risk', 'LA19952-3'],
    ['LA28398-8', 'LA28397-0', 'at-risk', 'LA19952-3'],
    ['LA28397-0', 'LA28397-0', 'at-risk', 'LA19952-3'],
  ])('hunger-vital-sign %s and %s is %s', (worried, ranOut, band, level) => {
    expect(verdictOf('hunger-vital-sign', { '88122-7': worried, '88123-5': ranOut })).toMatchObject({
      level: { code: level },
      bands: [band, expect.any(String)],
    })
  })

  test.each([
    [[], ['negative']],
    [['93246-7'], ['not-high', 'positive']],
    [['93247-5'], ['not-high', 'positive']],
    [
      ['93247-5', '93248-3'],
      ['not-high', 'positive'],
    ],
    [
      ['93247-5', '93249-1'],
      ['high', 'positive'],
    ],
    [
      ['93247-5', '93250-9'],
      ['high', 'positive'],
    ],
    [['93267-3'], ['not-high', 'positive']],
    [
      ['93267-3', '93269-9'],
      ['high', 'positive'],
    ],
  ])('c-ssrs-screener with yes to %j is %j', (yes, bands) => {
    expect(verdictOf('c-ssrs-screener', cssrs(...yes))).toEqual({ bands })
  })
})

test('items 3 to 5 of the C-SSRS are waited for only after a yes to item 2, the recency only after one to item 6', () => {
  const short = { '93246-7': NO, '93247-5': NO, '93267-3': NO }
  expect(verdictOf('c-ssrs-screener', short)).toEqual({ bands: ['negative'] })
  expect(verdictOf('c-ssrs-screener', { ...short, '93247-5': YES })).toBeUndefined()
  expect(verdictOf('c-ssrs-screener', { ...short, '93267-3': YES })).toBeUndefined()
})

test.each(
  instruments.flatMap(({ questionnaire, result }) =>
    (result?.needs(new Map()) ?? []).map((item) => [questionnaire.id!, item] as const),
  ),
)('%s without %s has no result', (id, left) => {
  const all: Record<string, Given> = {
    'phq-9': adding(PHQ9, 12),
    'phq-2': adding(PHQ9.slice(0, 2), 4),
    'gad-7': adding(GAD7, 8),
    'audit-c': auditC(1, 1, 1),
    'ahc-hrsn': hits(1, 2, 3, 4),
    'hunger-vital-sign': { '88122-7': 'LA28398-8', '88123-5': 'LA28398-8' },
    'c-ssrs-screener': cssrs(),
  }
  expect(verdictOf(id, all[id]!)).toBeDefined()
  const { [left]: _, ...others } = all[id]!
  expect(verdictOf(id, others)).toBeUndefined()
})

test('instruments are told apart by their panel and hold no item twice', () => {
  const panels = instruments.map(({ panel }) => panel)
  expect(new Set(panels).size).toBe(panels.length)
  for (const { items } of instruments) expect(new Set(items).size).toBe(items.length)
})
