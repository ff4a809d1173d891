import { checkWith } from './check.ts'
import type { ResourceDeclaration } from './declaration.ts'
import { published } from './published.ts'

/** https://hl7.org/fhir/R4/careplan.html */
export const carePlan: ResourceDeclaration = {
  ...published('CarePlan'),
  order: { parameter: 'date' },
  check: checkWith('CarePlan'),
}
