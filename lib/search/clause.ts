import type { WantedDate } from './date.ts'
import type { WantedNumber } from './number.ts'
import type { ElementPath, SearchParameter } from './parameter.ts'
import type { WantedQuantity } from './quantity.ts'
import type { WantedReference } from './reference.ts'
import type { StringForm } from './string.ts'
import type { WantedIdentifier, WantedToken } from './token.ts'
import type { UriForm } from './uri.ts'

/**
 * One criterion of a search, ready to be matched: any of its values has to be met (a comma in the URL), and every clause of a search
 * has to be (a repeated parameter). A further kind of criterion, such as one that looks at other resources first, is a further member.
 */
export type Clause = { readonly parameter: SearchParameter } & (
  | { readonly kind: 'missing'; readonly missing: boolean }
  | { readonly kind: 'token'; readonly not: boolean; readonly anyOf: readonly WantedToken[] }
  | { readonly kind: 'identifier-of-type'; readonly anyOf: readonly WantedIdentifier[] }
  /** texts are folded */
  | { readonly kind: 'token-text'; readonly anyOf: readonly string[] }
  | { readonly kind: 'date'; readonly anyOf: readonly WantedDate[] }
  | { readonly kind: 'string'; readonly form: StringForm; readonly anyOf: readonly string[] }
  | { readonly kind: 'uri'; readonly form: UriForm; readonly anyOf: readonly string[] }
  | { readonly kind: 'number'; readonly anyOf: readonly WantedNumber[] }
  | { readonly kind: 'quantity'; readonly anyOf: readonly WantedQuantity[] }
  | { readonly kind: 'reference'; readonly below: boolean; readonly anyOf: readonly WantedReference[] }
  | { readonly kind: 'reference-identifier'; readonly anyOf: readonly WantedToken[] }
  | { readonly kind: 'composite'; readonly bases: readonly CompositeBase[] }
)

export type ClauseKind = Clause['kind']
export type ClauseOf<Kind extends ClauseKind> = Extract<Clause, { readonly kind: Kind }>

/** Where a composite looks: for some value all of its components have to be met below one element at `path`. */
export interface CompositeBase {
  readonly path: ElementPath
  /** per value one clause a component; the paths of their parameters begin at the element */
  readonly anyOf: readonly (readonly Clause[])[]
}
