import type { CarePlan } from 'fhir/r4'
import type { Instant } from '../fhir.ts'
import { NEXT_OCCURRENCE } from './codes.ts'

/** When the plan's pathway is to be looked at again for what recurs; undefined: not by the clock. */
export const nextOccurrenceAt = ({ extension }: Pick<CarePlan, 'extension'>): Instant | undefined =>
  extension?.find(({ url }) => url === NEXT_OCCURRENCE)?.valueInstant

/** The plan with the instant at which another occurrence may have to be made; the very same when it says so already. */
export const awaitingPlan = (plan: CarePlan, at: Instant | undefined): CarePlan => {
  if (nextOccurrenceAt(plan) === at) return plan
  const { extension = [], ...others } = plan
  const kept = extension.filter(({ url }) => url !== NEXT_OCCURRENCE)
  const extensions = [...kept, ...(at === undefined ? [] : [{ url: NEXT_OCCURRENCE, valueInstant: at }])]
  return { ...others, ...(extensions.length && { extension: extensions }) }
}
