import type { Clause, ClauseOf } from './clause.ts'
import type { WantedDate } from './date.ts'

/** Where the values that meet a search can start. Epoch milliseconds, inclusive. */
export interface Bounds {
  low?: number
  high?: number
  /** A value that starts before `low` can still reach over it, if it is a whole day, month or year. */
  reaching?: boolean
}

const boundsOfOne = ({ prefix, range: { low, high } }: WantedDate): Bounds => {
  switch (prefix) {
    case 'eq':
      return { low, high }
    case 'sa':
      return { low: high + 1 }
    case 'gt':
      return { low: high + 1, reaching: true }
    case 'ge':
      return { low, reaching: true }
    case 'ap':
      return { low, high, reaching: true }
    case 'lt':
    case 'eb':
      return { high: low - 1 }
    case 'le':
      return { high }
    case 'ne':
      return {}
  }
}

const either = (one: Bounds, other: Bounds): Bounds => ({
  ...(one.low !== undefined &&
    other.low !== undefined && {
      low: Math.min(one.low, other.low),
      reaching: one.reaching || other.reaching,
    }),
  ...(one.high !== undefined && other.high !== undefined && { high: Math.max(one.high, other.high) }),
})

const both = (one: Bounds, other: Bounds): Bounds => {
  const later = one.low !== undefined && (other.low === undefined || one.low >= other.low) ? one : other
  const highs = [one.high, other.high].filter((high) => high !== undefined)
  return {
    ...(later.low !== undefined && { low: later.low, reaching: later.reaching }),
    ...(highs.length && { high: Math.min(...highs) }),
  }
}

/** The bounds that the clauses on one date parameter put on the earliest value. */
export const boundsOf = (clauses: readonly Clause[], code: string): Bounds =>
  clauses
    .filter((clause): clause is ClauseOf<'date'> => clause.kind === 'date' && clause.parameter.code === code)
    .map(({ anyOf }) => anyOf.map(boundsOfOne).reduce(either))
    .reduce(both, {})
