/** What is asked for beyond the criteria: how the answer is cut and shown. https://hl7.org/fhir/R4/search.html#return */
export interface ResultParameters {
  /** resources a page; 0: only the total */
  count: number
  cursor?: string
  total: 'none' | 'estimate' | 'accurate'
  /** The HTTP layer applies these to each resource. */
  summary?: 'true' | 'false' | 'text' | 'data' | 'count'
  elements?: string[]
  format?: string
  pretty?: boolean
  /** wants to be told how the search was done */
  explain?: boolean
}

const DEFAULT_COUNT = 20
const MOST = 200

export const defaultResult = (): ResultParameters => ({ count: DEFAULT_COUNT, total: 'none' })

interface ResultParameter {
  takes: string
  /** Puts the value where it belongs and gives the value applied; undefined when it is not understood. */
  apply(value: string, result: ResultParameters): string | undefined
}

const oneOf = <Value extends string>(
  values: readonly Value[],
  set: (result: ResultParameters, value: Value) => void,
): ResultParameter => ({
  takes: values.join(', '),
  apply(value, result) {
    const known = values.find((candidate) => candidate === value)
    if (known !== undefined) set(result, known)
    return known
  },
})

export const resultParameters: ReadonlyMap<string, ResultParameter> = new Map<string, ResultParameter>([
  [
    '_count',
    {
      takes: `a whole number of 0 to ${MOST}`,
      apply(value, result) {
        if (!/^\d{1,9}$/.test(value)) return undefined
        result.count = Math.min(Number(value), MOST)
        return String(result.count)
      },
    },
  ],
  [
    '_cursor',
    {
      takes: 'what a link to a next page holds',
      apply(value, result) {
        if (value) result.cursor = value
        return value || undefined
      },
    },
  ],
  [
    '_total',
    oneOf(['none', 'estimate', 'accurate'], (result, value) => {
      result.total = value
    }),
  ],
  [
    '_summary',
    oneOf(['true', 'false', 'text', 'data', 'count'], (result, value) => {
      result.summary = value
    }),
  ],
  [
    '_elements',
    {
      takes: 'names of elements, parted by commas',
      apply(value, result) {
        if (!/^[\w.]+(?:,[\w.]+)*$/.test(value)) return undefined
        result.elements = value.split(',')
        return value
      },
    },
  ],
  [
    '_format',
    {
      takes: 'a media type',
      apply(value, result) {
        if (value) result.format = value
        return value || undefined
      },
    },
  ],
  [
    '_pretty',
    oneOf(['true', 'false'], (result, value) => {
      result.pretty = value === 'true'
    }),
  ],
  [
    '_explain',
    oneOf(['true', 'false'], (result, value) => {
      result.explain = value === 'true'
    }),
  ],
])
