import { expect, test } from '@jest/globals'
import { isRestricted } from '../../../../lib/follow-up/feeds/labels.ts'

const THO = 'http://terminology.hl7.org/CodeSystem'

test.each([
  ['none', undefined, false],
  ['normal', { system: `${THO}/v3-Confidentiality`, code: 'N' }, false],
  ['low', { system: `${THO}/v3-Confidentiality`, code: 'L' }, false],
  ['restricted', { system: `${THO}/v3-Confidentiality`, code: 'R' }, true],
  ['very restricted', { system: `${THO}/v3-Confidentiality`, code: 'V' }, true],
  ['42 CFR Part 2', { system: `${THO}/v3-ActCode`, code: '42CFRPart2' }, true],
  ['psychiatry', { system: `${THO}/v3-ActCode`, code: 'PSY' }, true],
  ['treatment only', { system: `${THO}/v3-ActReason`, code: 'TREAT' }, false],
  ['what nobody here knows', { system: 'urn:other', code: 'x' }, true],
  ['nothing said', {}, true],
])('%s', (_name, label, expected) => {
  expect(isRestricted({ meta: label ? { security: [label] } : {} })).toBe(expected)
})
