import type { PlanDefinition } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { contentCheck } from './content-check.ts'
import type { ResourceDeclaration } from './declaration.ts'
import { published } from './published.ts'

const checkContent = contentCheck('PlanDefinition')

/** https://hl7.org/fhir/R4/plandefinition.html */
export const planDefinition: ResourceDeclaration = {
  ...published('PlanDefinition'),
  order: { parameter: 'date', point: true },
  async check(resource) {
    const problems = await checkContent(resource)
    // What is no PlanDefinition at all cannot be read as a pathway.
    if (problems.length) return problems
    const { checkPathway } = await import('../pathways/check-pathway.ts')
    return checkPathway(resource as unknown as PlanDefinition)
  },
  async packaged(search, id) {
    // They are large, and seldom asked for.
    const { packagedUnlessReplaced } = await import('../pathways/find-definition.ts')
    return (await packagedUnlessReplaced(search, id)) as unknown as Resource | undefined
  },
}
