import type { Careloop } from '../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { fail } from '../outcome.ts'
import type { Lifecycle } from '../resources/lifecycle/lifecycle.ts'
import type { Version } from '../store/version.ts'
import type { Parameter } from './interaction.ts'

/** A change of state that may have consequences. */
export interface Cause {
  /** the version that it changes */
  base: Version
  lifecycle: Lifecycle
  from: string
  to: string
  after: Resource
  query: readonly Parameter[]
  /** where an element of it stands in what the client has sent */
  placeOf(path: string): string
}

/** Why something was changed along, of the code system automation-reason. */
export type CascadeReason = 'plan-on-hold' | 'plan-resumed' | 'plan-closed' | 'request-revoked'

/** What a cause comes to. */
export interface Effect {
  reason: CascadeReason
  revised: readonly Revision[]
  created: readonly Resource[]
  /** created along with a record of their own */
  supplies?: readonly Resource[]
  /** left as they are, for what was created to see to */
  spared?: readonly Version[]
}

export interface Revision {
  base: Version
  resource: Resource
}

/** What an effect can see of the world and of the commit it is to be part of. */
export interface Scene {
  careloop: Careloop
  now: Instant
  /** Those of the resources that are there and that nothing in this commit has touched yet: what the client sends stays as it is sent. */
  untouched(versions: readonly Version[]): Version[]
}

const CASCADE = 'cascade'

/** Whether the client wants what is open closed with it: `?cascade=close`. @throws FhirError unsupportedParameter (400) */
export const wantsToClose = (query: readonly Parameter[]): boolean => {
  const values = query.flatMap(([name, value]) => (name === CASCADE ? [value] : []))
  if (values.some((value) => value !== 'close'))
    throw fail('unsupportedParameter', 'cascade can only be close: it closes what is still open.')
  return values.length > 0
}

/** The version that this commit makes of the cause. */
export const triggerOf = ({ base }: Pick<Cause, 'base'>): string =>
  `${referenceTo(base.type, base.id)}/_history/${base.v + 1}`
