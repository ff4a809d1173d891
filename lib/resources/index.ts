import { type SearchParameters, searchParameters } from '../search/search-parameters.ts'
import { carePlan } from './care-plan.ts'
import type { ResourceDeclaration } from './declaration.ts'
import { goal } from './goal.ts'
import { serviceRequest } from './service-request.ts'
import { supportingTypes } from './supporting.ts'
import { task } from './task.ts'

/** Every type the service serves. */
export const declarations: ReadonlyMap<string, ResourceDeclaration> = new Map(
  [carePlan, goal, serviceRequest, task, ...supportingTypes].map((declaration) => [declaration.type, declaration]),
)

/** The search parameters of a type by code, those of every resource (`_id`, …) included. @throws Error for a type that is not served */
export const parametersOf = (type: string): SearchParameters => {
  const declaration = declarations.get(type)
  if (!declaration) throw new Error(`${type} is not among the served types`)
  return searchParameters(declaration)
}
