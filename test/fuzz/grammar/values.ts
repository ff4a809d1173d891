import fc from 'fast-check'

/** Stands where patient data would: no log and no refusal may repeat it. */
export const CANARY = 'Zq7canary'

/** Ids that are stored, of whichever types they fit. */
export const KNOWN_IDS = ['1', '2', 'nora', 'amelia', 'pantry', 'ask', 'food', 'example']

const repeated = (text: string, times: number): string => text.repeat(times)

/** Texts that something may stumble over. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\t',
  '\n',
  '0',
  '-1',
  'null',
  'undefined',
  'NaN',
  'true',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  '../../etc/passwd',
  '%2F..%2F',
  '%00',
  '\u0000',
  '\u0001',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\ufffe',
  '\u202eabc',
  'e\u0301',
  '\u00e9',
  'ﬁ',
  'ß',
  'İ',
  '😀',
  repeated('👩‍👩‍👧', 40),
  'a\r\nX-Injected: 1',
  `<script>alert("${CANARY}")</script>`,
  "' OR 1=1 --",
  '{{7*7}}',
  '\\',
  '\\,',
  '\\|',
  '$',
  '|',
  '||',
  '|||||',
  ',',
  ',,,,',
  '*',
  '^(a+)+$',
  repeated('a', 300),
  repeated('é', 700),
  repeated('x', 2_100),
  repeated('a,', 60),
  repeated('(', 500),
  repeated('0', 400),
  'urn:uuid:',
  'urn:uuid:0d6b7a51-3f0f-4b5f-8d53-8f7f3f1f0001',
  '#',
  '#contained',
  'Patient/',
  '/Patient/1',
  'Patient/1/_history/1',
  'Patient/1/_history/',
  'https://api.test/fhir/Patient/1',
  'https://elsewhere.example/fhir/Patient/1',
  'http://[::1',
  'Spaceship/1',
  'Patient/__proto__',
]

/** A name that nobody knows: refusals repeat it, so it is never the canary. */
const STRANGE_TEXTS = ODD_TEXTS.filter((one) => !one.includes(CANARY))
export const strangeName: fc.Arbitrary<string> = fc.constantFrom('x', 'status', '_id', ...STRANGE_TEXTS)

/** Numbers as JSON has them that are not what they look like, or hardly. */
export const ODD_NUMBERS: readonly string[] = [
  '0',
  '-0',
  '-1',
  '1.0',
  '1.10',
  '1e3',
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '0.1000000000000000055511151231257827',
  '1E+2',
  repeated('9', 200),
]

export const ODD_DATES: readonly string[] = [
  '2026',
  '2026-02',
  '2026-02-29',
  '2024-02-29',
  '2026-13-01',
  '0000-00-00',
  '0000',
  '0001-01-01',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-14:00',
  '0000-01-01T00:00:00+14:00',
  '10000-01-01',
  '-0001',
  '2026-11-23T10:00:00',
  '2026-11-23T10:00',
  '2026-11-23T10:00Z',
  '2026-11-23T24:00:00Z',
  '2026-11-23T10:00:60Z',
  '2026-11-23T10:00:00.123456789012345Z',
  '2026-11-23T10:00:00+99:99',
  '2026-03-08T02:30:00',
  '2026-11-23T10:00:00 05:00',
  'today',
  '١٢٣٤',
]

export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(CANARY, 'Brandt', 'x', 'Call', 'active', 'ready') },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)

export const id: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('1', '2') },
  { weight: 4, arbitrary: fc.constantFrom(...KNOWN_IDS, 'new-1', 'new-2', 'new.3') },
  // Ids stand in the log: none of them is the canary.
  { weight: 1, arbitrary: fc.constantFrom(...STRANGE_TEXTS) },
)

export const date: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('2026-11-20', '2026-11-20T15:00:00Z', '2026-11-20T09:00:00-06:00') },
  { weight: 2, arbitrary: fc.constantFrom(...ODD_DATES) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789-:TZ+.'), maxLength: 25 }) },
)

export const number: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('1', '5.4', '80', '7.50'),
  fc.constantFrom(...ODD_NUMBERS),
)

/** What JSON can hold, written out so that nothing is rounded. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, 0, 1, -1, 1.5, 1e21) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_NUMBERS).map((source) => JSON.rawJSON(source)) },
  { weight: 1, arbitrary: fc.constantFrom([], {}, [null], [[]], [{}], [[[[1]]]], { a: { b: {} } }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
)

/** One time in so many. */
export const seldom = <Value>(arbitrary: fc.Arbitrary<Value>, times = 15): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
