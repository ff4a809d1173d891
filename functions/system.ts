import { careloopFromEnvironment } from '../lib/environment.ts'
import { fhirApi } from '../lib/http/fhir-api.ts'

/** What is about no type: metadata, batch and transaction. */
export const handler = fhirApi(careloopFromEnvironment(), 'system')
