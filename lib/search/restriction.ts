import type { Version } from '../store/version.ts'
import type { Clause } from './clause.ts'
import { matches, type Reading } from './match.ts'

/**
 * What a search is held to besides what it asks for: one of the alternatives has to be met, and of an alternative every clause.
 * Undefined: nothing is asked.
 */
export type Restriction = readonly (readonly Clause[])[] | undefined

/** What a search may find and look at. */
export interface Narrowing {
  /** differs where the restrictions do */
  key: string
  /** whether anything of the type can be found */
  finds(type: string): boolean
  /** of what is searched for */
  found(type: string): Restriction
  /** of what is looked at on the way (chains) or comes along (includes) */
  other(type: string): Restriction
  /** Which of these may be shown at all, where more than their content decides it; none: all of them. What is not among them is not counted either. */
  sift?: Sift
}

export type Sift = (versions: readonly Version[]) => Promise<ReadonlySet<Version>>

/** Pure. */
export const meets = (restriction: Restriction, resource: unknown, reading: Reading): boolean =>
  restriction === undefined ||
  restriction.some((clauses) => clauses.every((clause) => matches(clause, resource, reading)))

/** The clauses that all alternatives have in common: these can lead a search to its candidates. */
export const commonClauses = (restriction: Restriction): readonly Clause[] => {
  const [first = [], ...others] = restriction ?? []
  return first.filter((clause) => others.every((alternative) => alternative.includes(clause)))
}
