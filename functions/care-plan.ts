import { careloopFromEnvironment } from '../lib/environment.ts'
import { fhirApi } from '../lib/http/fhir-api.ts'

export const handler = fhirApi(careloopFromEnvironment(), ['CarePlan'])
