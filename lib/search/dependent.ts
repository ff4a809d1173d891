import type { Clause } from './clause.ts'
import type { SearchParameter } from './parameter.ts'
import type { WantedReference } from './reference.ts'

/**
 * A criterion that other resources decide. Searches of their own find these first; what they find makes it a {@link Clause} (see
 * resolve.ts), so that nothing behind that knows of chains.
 */
export type Dependent = Chain | Has | Through | InValueSet

export type Criterion = Clause | Dependent

/** `subject:Patient.name=x`: what it refers to has to meet a criterion. https://hl7.org/fhir/R4/search.html#chaining */
export interface Chain {
  readonly kind: 'chain'
  /** the reference of the type that is searched */
  readonly parameter: SearchParameter
  /** a criterion for each type it may refer to */
  readonly targets: readonly Target[]
}

/** `_has:Observation:patient:code=x`: something that refers to it has to meet a criterion. https://hl7.org/fhir/R4/search.html#has */
export interface Has {
  readonly kind: 'has'
  /** the type that is searched */
  readonly type: string
  readonly referrer: Target
  /** the reference of the referrer */
  readonly parameter: SearchParameter
}

/** A parameter of a named query: a reference to what it names, or to what leads there. */
export interface Through {
  readonly kind: 'through'
  /** the reference of the type that is searched */
  readonly parameter: SearchParameter
  readonly anyOf: readonly WantedReference[]
  /** each finds what refers to one of those found before */
  readonly steps: readonly { type: string; parameter: SearchParameter; clauses: readonly Clause[] }[]
}

/** `code:in=url`: a code has to be in a value set, or in none of those named. https://hl7.org/fhir/R4/search.html#modifiers */
export interface InValueSet {
  readonly kind: 'in-value-set'
  readonly parameter: SearchParameter
  readonly not: boolean
  /** canonical URLs, or `ValueSet/id` */
  readonly anyOf: readonly string[]
}

export interface Target {
  readonly type: string
  readonly criterion: Criterion
}

const DEPENDENT: ReadonlySet<string> = new Set<Dependent['kind']>(['chain', 'has', 'through', 'in-value-set'])

export const isDependent = (criterion: Criterion): criterion is Dependent => DEPENDENT.has(criterion.kind)
