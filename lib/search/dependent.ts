import type { Clause } from './clause.ts'
import type { SearchParameter } from './parameter.ts'

/**
 * A criterion that other resources decide. Searches of their own find these first; what they find makes it a {@link Clause} (see
 * resolve.ts), so that nothing behind that knows of chains.
 */
export type Dependent = Chain | Has

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

export interface Target {
  readonly type: string
  readonly criterion: Criterion
}

export const isDependent = (criterion: Criterion): criterion is Dependent =>
  criterion.kind === 'chain' || criterion.kind === 'has'
