/**
 * JSON that keeps decimals as they were written. FHIR says the precision of a decimal matters (`1.00` is not `1.0`,
 * https://hl7.org/fhir/R4/datatypes.html#decimal); `JSON.parse` alone would lose it. A number whose text would change
 * becomes a raw JSON value; {@link numberOf} reads either kind.
 */
declare global {
  interface JSON {
    rawJSON(text: string): RawJson
    isRawJSON(value: unknown): value is RawJson
  }
}
export interface RawJson {
  readonly rawJSON: string
}

/**
 * Trailing zeros, exponents, very small and very long numbers: all that `JSON.parse` would not give back as written. More than 15 digits
 * count on whichever side of the point they stand.
 */
const MAY_CHANGE =
  /\d\.\d*0(?!\d)|\d[eE][+-]?\d|\d{15,}|\d\.\d{14,}|(?<![\d.])(?=[\d.]{17})\d+\.\d+(?![\d.])|0\.0{6}|-0(?![.\d])/

type ReviverContext = { source?: string }

/** Parses JSON text. @throws SyntaxError as `JSON.parse` does */
export const parseJson = (text: string): unknown =>
  MAY_CHANGE.test(text)
    ? JSON.parse(text, function keepDecimals(this: unknown, _key: string, value: unknown, context?: ReviverContext) {
        return typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
          ? JSON.rawJSON(context.source)
          : value
      } as (key: string, value: unknown) => unknown)
    : JSON.parse(text)

/** JSON text of a value, raw decimals as they were written; with an `indent` in spaces it is laid out for people. */
export const stringifyJson = (value: unknown, indent?: number): string => JSON.stringify(value, undefined, indent)

/** Half of a surrogate pair as JSON has to write it; whole pairs it writes as they are. */
const HALF_A_PAIR = /(?<!\\)(?:\\\\)*\\ud[89a-f]/

/**
 * Whether all text in a parsed JSON value is Unicode. JSON can escape one half of a surrogate pair, which is no character: no store keeps it
 * as it came. https://www.rfc-editor.org/rfc/rfc8259#section-8.2
 */
export const isUnicode = (value: unknown): boolean => !HALF_A_PAIR.test(stringifyJson(value) ?? '')

/** The number a JSON value stands for, or undefined when it is not a number. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : JSON.isRawJSON(value) ? Number(value.rawJSON) : undefined

/** Whether it is an object with members, as far as JSON goes: a decimal kept as it was written passes too. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
