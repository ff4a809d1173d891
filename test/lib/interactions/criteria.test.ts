import { describe, expect, test } from '@jest/globals'
import { parseCriteria } from '../../../lib/interactions/criteria.ts'

const canonical = (text: string) => parseCriteria('Task', text, 'https://api.test/fhir').canonical

describe('criteria', () => {
  test('are the same however they are ordered, encoded or introduced', () => {
    const expected = 'identifier=urn:mrn|1&status=ready'
    expect(canonical('identifier=urn:mrn|1&status=ready')).toBe(expected)
    expect(canonical('status=ready&identifier=urn%3Amrn%7C1')).toBe(expected)
    expect(canonical('?identifier=urn:mrn%7C1&status=ready')).toBe(expected)
  })

  test('that differ have different texts, even where a value holds an ampersand', () => {
    expect(canonical('identifier=a%26status%3Db')).not.toBe(canonical('identifier=a&status=b'))
    expect(canonical('identifier=a%2526')).not.toBe(canonical('identifier=a%26'))
  })

  test.each(['', '?', '  ', 'identifier=', '&'])('%j is empty', (text) => {
    expect(() => canonical(text)).toThrow(expect.objectContaining({ status: 400 }))
  })

  test.each(['_count', '_sort', '_include:iterate', '_cursor'])('%s is no criterion', (name) => {
    expect(() => canonical(`identifier=1&${name}=x`)).toThrow(expect.objectContaining({ status: 400 }))
  })
})
