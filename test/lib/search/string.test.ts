import { describe, expect, test } from '@jest/globals'
import { folded, stringsOf } from '../../../lib/search/string.ts'

describe('folded', () => {
  test.each([
    ['Eve', 'eve'],
    ['ÉVÈ', 'eve'],
    ['E\u0301ve', 'eve'],
    ['Straße', 'strasse'],
    ["O'Brien", 'obrien'],
    ['Smith-Jones', 'smith jones'],
    ['  two \t words\n', 'two words'],
    ['two  words', 'two words'],
    ['St. Mary, Inc.', 'st mary inc'],
    ['Ångström', 'angstrom'],
    ['...', ''],
  ])('%j is %j', (text, plain) => {
    expect(folded(text)).toBe(plain)
  })
})

describe('stringsOf', () => {
  test('a HumanName is searched by its parts and by both parts of a family name', () => {
    const name = { use: 'official', text: 'Ana C Q', family: 'Carreno Quinones', given: ['Ana', 'Maria'], period: {} }
    expect(stringsOf(name, 'HumanName', 'name')).toEqual(['Ana C Q', 'Carreno Quinones', 'Quinones', 'Ana', 'Maria'])
  })

  test('an Address is searched by its parts and not by its use', () => {
    const address = { use: 'home', line: ['1 Main St', 'Apt 2'], city: 'Springfield', postalCode: '62701' }
    expect(stringsOf(address, 'Address', 'address')).toEqual(['1 Main St', 'Apt 2', 'Springfield', '62701'])
  })

  test('an element that is no text has none', () => {
    expect(stringsOf(5, 'string', 'name')).toEqual([])
  })
})
