import { parseParameter, type SearchParameter } from '../search/parameter.ts'
import { carePlan } from './care-plan.ts'
import type { ResourceDeclaration } from './declaration.ts'
import { everyResource } from './every-resource.ts'
import { goal } from './goal.ts'
import { serviceRequest } from './service-request.ts'
import { supportingTypes } from './supporting.ts'
import { task } from './task.ts'

/** Every type the service serves. */
export const declarations: ReadonlyMap<string, ResourceDeclaration> = new Map(
  [carePlan, goal, serviceRequest, task, ...supportingTypes].map((declaration) => [declaration.type, declaration]),
)

const parsed = new Map<string, ReadonlyMap<string, SearchParameter>>()

/**
 * The search parameters of a type by code, those of every resource (`_id`, `_lastUpdated`, …) included; of a type that is not
 * served only the latter.
 */
export const parametersOf = (type: string): ReadonlyMap<string, SearchParameter> => {
  const known = parsed.get(type)
  if (known) return known
  const declared = Object.entries({ ...everyResource, ...declarations.get(type)?.search })
  const parameters = new Map(declared.map(([code, text]) => [code, parseParameter(code, text)] as const))
  parsed.set(type, parameters)
  return parameters
}
