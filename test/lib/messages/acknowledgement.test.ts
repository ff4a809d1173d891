import { describe, expect, test } from '@jest/globals'
import { accepted, acknowledge, refused } from '../../../lib/messages/acknowledgement.ts'
import { parseHl7 } from '../../../lib/messages/read-adt.ts'
import { type Category, FhirError, fail } from '../../../lib/outcome.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { er7 } from './er7.ts'

const parts = {
  clock: { now: () => '2026-11-20T21:00:00.000Z' },
  ids: { next: () => '01a2064b-62ee-702f-b4b6-fb0f345e4883' },
  tenant: defaultSettings,
}
const linesOf = (text: string): string[] => text.split('\r')

describe('an acknowledgement', () => {
  test('goes back to the sender with its control id', () => {
    const message = parseHl7(er7({ trigger: 'A01', id: 'M7', msh: { 4: 'HOSP^1.2.3^ISO', 11: 'T', 12: '2.3' } }))
    expect(linesOf(acknowledge(parts, accepted(), message))).toEqual([
      'MSH|^~\\&|CARELOOP|local|ADT|HOSP^1.2.3^ISO|20261120210000+0000||ACK^A01^ACK|702fb4b6fb0f345e4883|T|2.3',
      'MSA|AA|M7',
      '',
    ])
  })

  test('may warn', () => {
    const text = acknowledge(parts, accepted({ code: '204', text: 'a | b' }), parseHl7(er7({ trigger: 'A01' })))
    expect(linesOf(text)[2]).toBe('ERR|||204^Unknown key identifier^HL70357|W||||a \\F\\ b')
  })

  test('of what could not be read names nobody', () => {
    expect(linesOf(acknowledge(parts, refused(fail('malformed', 'No.', 'MSH'))))).toEqual([
      'MSH|^~\\&|CARELOOP|local|||20261120210000+0000||ACK|702fb4b6fb0f345e4883|P|2.5.1',
      'MSA|AR|',
      'ERR||MSH^1|100^Segment sequence error^HL70357|E||||No.',
      '',
    ])
  })

  test('cannot be broken by what the message calls itself', () => {
    const message = parseHl7(er7({ trigger: 'A01', id: 'M\\F\\7\\R\\' }))
    expect(linesOf(acknowledge(parts, accepted(), message))[1]).toBe('MSA|AA|M\\F\\7\\R\\')
  })
})

describe('an error', () => {
  test.each<[Category, 'required' | 'value' | 'not-supported' | undefined, string, string]>([
    ['unprocessable', 'required', 'AE', '101'],
    ['unprocessable', 'value', 'AE', '102'],
    ['unprocessable', 'not-supported', 'AR', '200'],
    ['unprocessable', undefined, 'AE', '207'],
    ['multipleMatches', undefined, 'AE', '205'],
    ['tooLarge', undefined, 'AE', '207'],
    ['conflict', undefined, 'AR', '206'],
    ['throttled', undefined, 'AR', '206'],
    ['exception', undefined, 'AR', '207'],
    ['timeout', undefined, 'AR', '207'],
  ])('%s %s is %s with %s', (category, code, expected, condition) => {
    const error = new FhirError(category, [{ text: 'x', expression: 'PV1-19.4', ...(code && { code }) }])
    const acknowledgement = refused(error)
    expect([acknowledgement.code, acknowledgement.remark?.code]).toEqual([expected, condition])
    expect(linesOf(acknowledge(parts, acknowledgement))[2]).toContain('|PV1^1^19^1^4|')
  })
})
