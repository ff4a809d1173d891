import type { Hl7Message } from '@medplum/core'
import type { Careloop } from '../careloop.ts'
import type { Category, FhirError, Problem } from '../outcome.ts'
import { valueAt } from './hl7-fields.ts'

/** https://hl7.org/fhir/R4/v2/0008: accepted; not accepted for what it says; not taken, for what it is or because we cannot now */
export type AckCode = 'AA' | 'AE' | 'AR'

/** What an acknowledgement says besides its code: a code of table 0357, in words, and where. */
interface Remark {
  severity: 'E' | 'W'
  code: string
  text: string
  /** a field such as `PV1-19` */
  place?: string
}

export interface Acknowledgement {
  code: AckCode
  remark?: Remark
}

/** https://terminology.hl7.org/CodeSystem-v2-0357.html */
const DISPLAY: Readonly<Record<string, string>> = {
  100: 'Segment sequence error',
  101: 'Required field missing',
  102: 'Data type error',
  200: 'Unsupported message type',
  204: 'Unknown key identifier',
  205: 'Duplicate key identifier',
  206: 'Application record locked',
  207: 'Application internal error',
}

/** Conditions by the code of a problem. */
const BY_CODE: Readonly<Record<string, string>> = { required: '101', value: '102', 'not-supported': '200' }
/** Conditions of what has no such code. */
const BY_CATEGORY: Readonly<Partial<Record<Category, string>>> = {
  ...{ malformed: '100', methodNotAllowed: '200', unsupportedMediaType: '200', multipleMatches: '205' },
  ...{ conflict: '206', throttled: '206' },
}
const INTERNAL_ERROR = '207'
const INTERNAL = 500
/** Conditions that have nothing to do with what the message says. */
const REJECTED = ['100', '200', '206']

/** Accepted, with a warning if one is due. The message may be sent on to other receivers, and not again. */
export const accepted = (warning?: { code: string; text: string }): Acknowledgement => ({
  code: 'AA',
  ...(warning && { remark: { severity: 'W', ...warning } }),
})

/** What an error is in an acknowledgement: AE for what the message says; AR for what it is, and for what is up with us: to be sent again. */
export const refused = ({ status, category, problems }: FhirError): Acknowledgement => {
  const { text, code: issue = '', expression = '' } = problems[0] as Problem
  const condition = BY_CODE[issue] ?? BY_CATEGORY[category] ?? INTERNAL_ERROR
  const isRejected = status >= INTERNAL || REJECTED.includes(condition)
  const place = PLACE.test(expression) ? { place: expression } : {}
  return { code: isRejected ? 'AR' : 'AE', remark: { severity: 'E', code: condition, text, ...place } }
}

const PLACE = /^([A-Z][A-Z0-9]{2})(?:-(\d+))?(?:\.(\d+))?$/

const SEPARATORS = '|^~\\&'
const ESCAPES: Readonly<Record<string, string>> = { '|': 'F', '^': 'S', '&': 'T', '~': 'R', '\\': 'E' }

/** Our own text: with our own delimiters, whatever those of the message were. */
const escaped = (text: string): string => text.replace(/[|^~\\&]/g, (character) => `\\${ESCAPES[character]}\\`)

const trimmed = (components: readonly string[]): string => components.join('^').replace(/\^+$/, '')

const errorSegment = ({ severity, code, text, place }: Remark): string => {
  const [, segment = '', field = '', component = ''] = PLACE.exec(place ?? '') ?? []
  const location = segment ? trimmed([segment, '1', field, field && '1', component]) : ''
  return [
    'ERR',
    '',
    location,
    [code, DISPLAY[code] ?? '', 'HL70357'].join('^'),
    severity,
    '',
    '',
    '',
    escaped(text),
  ].join('|')
}

/** Versions before 2.7 have room for 20 characters; those at the end are the random ones. */
const controlId = (id: string): string => id.replaceAll('-', '').slice(-20)

/** `20261120200000+0000` */
const timestamp = (instant: string): string => `${instant.slice(0, 19).replace(/[-:T]/g, '')}+0000`

/**
 * An acknowledgement as ER7: MSH, MSA, and ERR where there is something to say. Of the message it repeats only who sent it, its control id
 * and its event.
 * @param message what is acknowledged, if it could be read
 */
export const acknowledge = (
  { clock, ids, tenant }: Pick<Careloop, 'clock' | 'ids' | 'tenant'>,
  { code, remark }: Acknowledgement,
  message?: Hl7Message,
): string => {
  const of = (field: number, component = 1): string =>
    message ? escaped(valueAt(message, 'MSH', field, { component })) : ''
  const designator = (field: number): string => trimmed([of(field), of(field, 2), of(field, 3)])
  const trigger = of(9, 2)
  const header = [
    ...[
      'MSH',
      SEPARATORS.slice(1),
      'CARELOOP',
      escaped(tenant.id),
      designator(3),
      designator(4),
      timestamp(clock.now()),
    ],
    ...['', trigger ? `ACK^${trigger}^ACK` : 'ACK', controlId(ids.next()), of(11) || 'P', of(12) || '2.5.1'],
  ]
  const segments = [header.join('|'), ['MSA', code, of(10)].join('|'), ...(remark ? [errorSegment(remark)] : [])]
  return `${segments.join('\r')}\r`
}

/** The acknowledgement of what could not even be looked into. */
export const refusal = (careloop: Careloop, error: FhirError): string => acknowledge(careloop, refused(error))
