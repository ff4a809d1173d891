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

/** Trailing zeros, exponents and very long numbers: all that `JSON.parse` would not give back as written. */
const MAY_CHANGE = /\d\.\d*0(?!\d)|\d[eE][+-]?\d|\d{15,}|\d\.\d{14,}|-0(?![.\d])/

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

/** The number a JSON value stands for, or undefined when it is not a number. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : JSON.isRawJSON(value) ? Number(value.rawJSON) : undefined
