import { describe, expect, test } from '@jest/globals'
import { parseEtags } from '../../../lib/interactions/etag.ts'

describe('ETags', () => {
  test.each([
    ['W/"3"', ['3']],
    ['"3"', ['3']],
    ['W/"3", W/"4"', ['3', '4']],
    ['W/"3","x"', ['3', 'x']],
  ])('%s', (header, tags) => {
    expect([...parseEtags(header, 'If-Match')]).toEqual(tags)
  })

  test('a star stands for any', () => {
    expect(parseEtags(' * ', 'If-Match')).toBe('*')
  })

  test.each(['', '3', 'W/3', 'W/"3" W/"4"', '"3', 'w/"3"', '*, "3"'])('%j is malformed', (header) => {
    expect(() => parseEtags(header, 'If-Match')).toThrow(expect.objectContaining({ status: 400 }))
  })
})
