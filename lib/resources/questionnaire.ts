import type { Resource } from '../fhir.ts'
import { contentCheck } from './content-check.ts'
import type { ResourceDeclaration } from './declaration.ts'
import { published } from './published.ts'

/** https://hl7.org/fhir/R4/questionnaire.html */
export const questionnaire: ResourceDeclaration = {
  ...published('Questionnaire'),
  order: { parameter: 'date', point: true },
  check: contentCheck('Questionnaire'),
  async packaged(search, id) {
    // They are large, and seldom asked for.
    const { packagedUnlessReplaced } = await import('../follow-up/screening/questionnaires.ts')
    return (await packagedUnlessReplaced(search, id)) as unknown as Resource | undefined
  },
}
