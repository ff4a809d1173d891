import fc from 'fast-check'
import { er7 } from '../../lib/messages/er7.ts'
import * as values from './values.ts'

const field = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'I',
      'O',
      '""',
      '20261120',
      '20261120150000-0600',
      'V100^^^HOSP',
      'WARD^1^2',
      '4711^^^HOSP^MR',
    ),
  },
  { weight: 1, arbitrary: values.text },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'|^~\\&.FSTRE0123\r\n"'), maxLength: 20 }) },
)

const fields = fc.dictionary(fc.integer({ min: 1, max: 50 }).map(String), field, { maxKeys: 5 })

const message = fc
  .record(
    {
      trigger: fc.constantFrom('A01', 'A02', 'A03', 'A04', 'A08', 'A11', 'A12', 'A13', 'A40', 'A99', ''),
      id: fc.oneof(fc.constantFrom('M-1', 'M-2'), field),
      at: fc.oneof(
        { weight: 4, arbitrary: fc.constant('20261120150000-0600') },
        { weight: 1, arbitrary: fc.constantFrom('2026', '20261120', '20269999', '') },
        { weight: 1, arbitrary: field },
      ),
      patient: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('4711^^^HOSP^MR', '4712^^^HOSP^MR') },
        { weight: 1, arbitrary: fc.constantFrom('~~~', '^^^^', '4711') },
        { weight: 1, arbitrary: field },
      ),
      prior: fc.oneof(fc.constant('4713^^^HOSP^MR'), field),
      pv1: fields,
      msh: fields,
    },
    { requiredKeys: ['trigger'] },
  )
  .map((said) => er7(said))

interface Cut {
  at: number
  what: string
  drop: number
}

const cut: fc.Arbitrary<Cut> = fc.record({
  at: fc.nat(9_999),
  what: fc.oneof(values.text, fc.constantFrom('\r', '\n', '|', '^', '~', '\\', '\u000b')),
  drop: fc.nat(10),
})

/** HL7 v2 messages in ER7, whole or in parts. */
export const adt: fc.Arbitrary<string> = fc
  .tuple(message, fc.oneof(fc.constant<Cut[]>([]), fc.array(cut, { maxLength: 2 })))
  .map(([text, cuts]) =>
    cuts.reduce((made, { at, what, drop }) => {
      const place = at % (made.length + 1)
      return made.slice(0, place) + what + made.slice(place + drop)
    }, text),
  )
