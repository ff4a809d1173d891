import fc from 'fast-check'
import * as values from './values.ts'

const provenance = {
  resourceType: 'Provenance',
  target: [{ reference: 'Task/1' }],
  recorded: '2026-11-20T15:00:00Z',
  agent: [{ who: { reference: 'Practitioner/nora' } }],
}

const TAGS = [
  'W/"1"',
  'W/"2"',
  '"1"',
  'W/"99"',
  '*',
  'W/"1", W/"2"',
  'W/""',
  'W/"-1"',
  'W/"1',
  '1',
  ',',
  'w/"1"',
  `W/"${'9'.repeat(400)}"`,
]

const HEADERS: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  ['If-Match', fc.oneof(fc.constantFrom(...TAGS), values.text)],
  ['If-None-Match', fc.oneof(fc.constantFrom(...TAGS), values.text)],
  [
    'If-Modified-Since',
    fc.oneof(fc.constantFrom('Fri, 20 Nov 2026 15:00:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', 'x'), values.date),
  ],
  [
    'If-None-Exist',
    fc.oneof(
      fc.constantFrom('identifier=urn:test:ids|1', '', '_id=1', '?_id=1', '_id=nope', '_has:x', '%zz', '_count=1'),
      values.text,
    ),
  ],
  [
    'Prefer',
    fc.constantFrom(
      'return=minimal',
      'return=representation',
      'return=OperationOutcome',
      'handling=lenient',
      'handling=strict',
      'return=minimal; handling=lenient',
      'return="',
      'x',
    ),
  ],
  [
    'X-Provenance',
    fc.oneof(
      fc.constantFrom(
        JSON.stringify(provenance),
        '{}',
        '[]',
        'null',
        '{',
        '1',
        JSON.stringify({ ...provenance, target: undefined }),
      ),
      values.text,
    ),
  ],
  [
    'Accept',
    fc.constantFrom(
      'application/fhir+json',
      'application/json',
      '*/*',
      'application/fhir+xml',
      'text/csv',
      'image/svg+xml',
      'text/plain',
      'application/fhir+json;q=x',
      ',',
      ';',
      'application/fhir+json; fhirVersion=',
    ),
  ],
  ['Content-Encoding', fc.constantFrom('gzip', 'identity', '')],
  ['X-Request-Id', fc.oneof(fc.constantFrom('abc-1', 'a b', 'a\r\nX-Injected: 1'), values.text)],
  ['X-Careloop-Break-Glass', fc.oneof(fc.constantFrom('emergency', ''), values.text)],
  ['X-Forwarded-Proto', fc.constantFrom('http', 'https', 'javascript', '')],
  ['Origin', fc.constantFrom('https://app.example')],
]

const header: fc.Arbitrary<readonly [string, string]> = fc
  .constantFrom(...HEADERS)
  .chain(([name, value]) => value.map((one) => [name, one] as const))

/** A few headers; what no HTTP server would let through is left to those of X-Request-Id. */
export const headers: fc.Arbitrary<Record<string, string>> = fc
  .oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(header, { maxLength: 3 }) })
  .map((pairs) => Object.fromEntries(pairs))

/** Content types as they are sent: mostly `usual`. */
export const contentType = (usual: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 15, arbitrary: fc.constant(usual) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'application/json',
        'application/fhir+json; charset=utf-8',
        'application/fhir+json; charset=latin1',
        'text/plain',
        '',
        ';',
        'application/fhir+xml',
        'application/fhir+json; fhirVersion=5.0',
        'application/x-www-form-urlencoded',
      ),
    },
  )
