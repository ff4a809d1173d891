import { describe, expect, test } from '@jest/globals'
import * as z from 'zod/mini'
import { parseJson } from '../../../lib/json.ts'
import * as namespace from '../../../lib/resources/primitive.ts'

type Datatype = Exclude<keyof typeof namespace, 'isPrimitive' | 'oneOf' | 'report'>

const primitives = { ...namespace }

const accepts = (datatype: Datatype, value: unknown): boolean => z.safeParse(primitives[datatype], value).success

/** https://hl7.org/fhir/R4/datatypes.html#primitive */
describe.each<[Datatype, unknown[], unknown[]]>([
  ['base64Binary', ['AAAA', 'AA==', 'AA AA'], ['', 'A-', 'AAA', 'AA=AAAA=', 5]],
  ['boolean', [true, false], ['true', 1, null]],
  ['canonical', ['urn:oid:1.2.840|1.0', 'http://a|1', 'urn:x', '#a'], ['', 'a b', {}]],
  ['code', ['a', 'a b'], ['', ' a', 'a ', 'a  b', 5]],
  [
    'date',
    ['2026', '2026-02', '2028-02-29'],
    ['26', '2026-13', '2026-02-29', '2026-1-1', '2026-01-01T00:00:00Z', '0000'],
  ],
  [
    'dateTime',
    ['2026', '2026-02-28', '2026-02-28T23:59:60Z', '2026-02-28T00:00:00.123+14:00'],
    ['2026-02-28T00:00', '2026-02-28T00:00:00', '2026-02-28T24:00:00Z', '2026-04-31T00:00:00Z'],
  ],
  ['decimal', [0, -1.5, 1e300], ['1', null, true]],
  ['id', ['a-1.B', 'a'.repeat(64)], ['', 'a_b', 'a'.repeat(65)]],
  [
    'instant',
    ['2026-02-28T00:00:00Z', '2026-02-28T00:00:00.001-05:00'],
    ['2026-02-28', '2026-02-28T00:00:00', '2026-02-30T00:00:00Z'],
  ],
  ['integer', [0, -2147483648, 2147483647], [1.5, 2147483648, '1']],
  ['markdown', ['a\n\tb'], ['', 5]],
  ['oid', ['urn:oid:1.2.840'], ['1.2.840', 'urn:oid:3.1']],
  ['positiveInt', [1], [0, -1, 1.5]],
  ['string', ['a', ' ', 'é\r\n'], ['', 'a\u0000', 5]],
  ['time', ['00:00:00', '23:59:59.9'], ['24:00:00', '00:00']],
  ['unsignedInt', [0, 1], [-1, 0.5]],
  [
    'uri',
    ['urn:x', 'Patient/1', 'urn:oid:1.2.840', 'urn:uuid:C757873D-ec9a-4326-a141-556f43239520'],
    ['', 'a b', 'urn:a\u0000', 'urn:oid:1.02', 'urn:uuid:x'],
  ],
  ['url', ['https://a'], ['', 'a b']],
  ['uuid', ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'], ['c757873d-ec9a-4326-a141-556f43239520', 'urn:uuid:x']],
  [
    'xhtml',
    ['<div xmlns="http://www.w3.org/1999/xhtml"><p>on = x</p></div>', '<div><img src="#a"/></div>'],
    [
      'text',
      '<p></p>',
      '<div onclick="x()"></div>',
      '<div><a href="javascript:x"></a></div>',
      '<div><img/onerror=x></div>',
      '<div><style>p {}</style>x</div>',
      '<div> <p>\n</p></div>',
      '<div>x',
    ],
  ],
])('%s', (datatype, good, bad) => {
  test.each(good)('accepts %j', (value) => {
    expect(accepts(datatype, value)).toBe(true)
  })
  test.each(bad)('refuses %j', (value) => {
    expect(accepts(datatype, value)).toBe(false)
  })
})

test('a number kept as text is a decimal, and no whole number', () => {
  for (const text of ['1.0', '1e3', '12345678901234567890']) {
    expect(accepts('decimal', parseJson(text))).toBe(true)
    expect(accepts('integer', parseJson(text))).toBe(false)
  }
})

test('long text does not make a check slow to the point of hanging', () => {
  expect(accepts('base64Binary', `${'A '.repeat(50_000)}!`)).toBe(false)
  expect(accepts('code', `${'a '.repeat(50_000)} `)).toBe(false)
  for (const part of ['</div>', '</div> ', '> ', ' '])
    expect(accepts('xhtml', `<div>${part.repeat(50_000)}<`)).toBe(false)
  for (const part of ['<a ', '<', ' on', 'onx  '])
    expect(accepts('xhtml', `<div><a${part.repeat(50_000)}>x</div>`)).toBe(true)
})
