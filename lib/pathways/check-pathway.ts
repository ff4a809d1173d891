import type { PlanDefinition } from 'fhir/r4'
import type { Problem } from '../outcome.ts'
import { PHASES } from './phase-names.ts'
import { nameOf, UnfitDefinition } from './read-definition.ts'
import { readPathway } from './read-pathway.ts'

/** Elements below action have no schema of their own: reading one that is no such element fails in any way. */
const MALFORMED = 'an element of action is not as R4 has it, see https://hl7.org/fhir/R4/plandefinition.html'

/** Whether a definition says that one of our events starts it; others are for other software. */
export const namesOurTrigger = ({ action }: PlanDefinition): boolean =>
  Array.isArray(action) &&
  action.some(
    (each) =>
      Array.isArray(each?.trigger) && each.trigger.some((trigger) => PHASES.some((phase) => phase === trigger?.name)),
  )

/**
 * Why the engine could not run a definition that says it is to be started by one of our events; none for any other definition. Its
 * expressions are not parsed here: that takes a library too large for the functions of the API. Bears any content.
 */
export const checkPathway = (definition: PlanDefinition): Problem[] => {
  if (!namesOurTrigger(definition)) return []
  try {
    readPathway(definition)
    return []
  } catch (error) {
    const text = error instanceof UnfitDefinition ? error.message : `${nameOf(definition)}: ${MALFORMED}`
    return [{ code: 'business-rule', text, expression: 'PlanDefinition.action' }]
  }
}
