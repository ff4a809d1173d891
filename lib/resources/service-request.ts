import { contentCheck } from './content-check.ts'
import type { ResourceDeclaration } from './declaration.ts'
import { serviceRequestLifecycle } from './lifecycle/request.ts'
import { published } from './published.ts'

const { search, ...serviceRequestDefinition } = published('ServiceRequest')

/** https://hl7.org/fhir/R4/servicerequest.html */
export const serviceRequest: ResourceDeclaration = {
  ...serviceRequestDefinition,
  search: {
    ...search,
    // SDOH Clinical Care 3.0.0
    'supporting-info': 'reference supportingInfo:Reference',
  },
  order: { parameter: 'authored', point: true },
  check: contentCheck('ServiceRequest'),
  lifecycle: serviceRequestLifecycle,
}
