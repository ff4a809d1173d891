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

/** Where a number stands in JSON, and how it ends: most that looks like one is part of a date or of a version. */
const BEFORE = String.raw`(?:^|[:,[])\s*`
const AFTER = String.raw`(?=[\s,}\]]|$)`

/** Trailing zeros, exponents, very long and very small numbers, minus zero: all that `JSON.parse` would not give back as written. */
const MAY_CHANGE = new RegExp(
  BEFORE + String.raw`(?:-?\d+\.\d*0${AFTER}|-?\d[\d.]*[eE]|-?[\d.]{16}|-?0\.0{6}|-0${AFTER})`,
)

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
