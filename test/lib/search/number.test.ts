import { describe, expect, test } from '@jest/globals'
import { parseJson } from '../../../lib/json.ts'
import { matchesNumber, numberValue, parseWantedNumber } from '../../../lib/search/number.ts'

const matching = (wanted: string, written: string, datatype = 'decimal'): boolean =>
  matchesNumber(parseWantedNumber(wanted)!, numberValue(parseJson(written), datatype)!)

describe('the range a written number stands for', () => {
  test.each([
    ['100', 99.5, 100.5],
    ['100.00', 99.995, 100.005],
    ['1e2', 95, 105],
    ['1.00e2', 99.5, 100.5],
    ['-5', -5.5, -4.5],
    ['5.40e-3', 0.005395, 0.005405],
    ['0', -0.5, 0.5],
  ])('%s', (text, low, high) => {
    const wanted = parseWantedNumber(text)
    expect(wanted?.low).toBeCloseTo(low, 12)
    expect(wanted?.high).toBeCloseTo(high, 12)
  })

  test.each(['', 'ge', '1,5', '0x10', '1e', 'Infinity', '1e999', ' 5'])('%j is none', (text) => {
    expect(parseWantedNumber(text)).toBeUndefined()
  })
})

describe('https://hl7.org/fhir/R4/search.html#number', () => {
  test.each<[string, string, boolean]>([
    ['100', '100', true],
    ['100', '100.00', true],
    ['100', '100.4', true],
    ['100', '100.6', false],
    ['100.00', '100.00', true],
    ['100.00', '100.001', true],
    ['100.00', '100.01', false],
    // A decimal written as 100 may be anything from 99.5.
    ['100.00', '100', false],
    ['1e2', '96', true],
    ['1e2', '106', false],
    ['5.4', '0.54e1', true],
    ['ne100', '100', false],
    ['ne100', '99', true],
    ['lt100', '99.99', true],
    ['lt100', '100', false],
    ['le100', '100', true],
    ['gt100', '100', false],
    ['gt100', '100.01', true],
    ['ge100', '100', true],
    ['gt0.8', '0.80', false],
    ['gt8e-1', '0.81', true],
    ['sa100', '100', false],
    ['sa100', '101', true],
    ['eb100', '99', true],
    ['ap100', '91', true],
    ['ap100', '111', false],
    ['ap-100', '-109', true],
  ])('%s and %s', (wanted, written, expected) => {
    expect(matching(wanted, written)).toBe(expected)
  })

  test('an integer is exact', () => {
    expect(matching('2', '2', 'positiveInt')).toBe(true)
    expect(matching('2.00', '2', 'positiveInt')).toBe(true)
    expect(matching('2.1', '2', 'positiveInt')).toBe(false)
  })

  test('what is no number has no value', () => {
    expect(numberValue('5', 'decimal')).toBeUndefined()
  })
})
