import type { PlanDefinition } from 'fhir/r4'
import transitionOfCare from '../../fhir-profiles/plan-definitions/transition-of-care.json' with { type: 'json' }
import type { EventName } from '../events/contract.ts'
import { type Pathway, readPathway } from './pathway.ts'

/**
 * The pathways that run. A plan goes on under the version it began with: when a definition changes in what it asks for, keep the
 * former file and list it under `former`.
 */
const current: readonly Pathway[] = [transitionOfCare].map((json) => readPathway(json as PlanDefinition))
const former: readonly Pathway[] = []

export const pathwaysStartedBy = (event: EventName): readonly Pathway[] =>
  current.filter((pathway) => pathway.trigger === event)

/** The pathway that a plan was made from. @throws Error when that version is no longer kept */
export const pathwayOf = (canonicals: readonly string[]): Pathway => {
  const pathway = [...current, ...former].find(({ canonical }) => canonicals.includes(canonical))
  if (!pathway)
    throw new Error(`the definition ${canonicals.join(', ')} is not kept: add it to lib/pathways/definitions.ts`)
  return pathway
}
