import { careloopFromEnvironment } from '../lib/environment.ts'
import { fhirApi } from '../lib/http/fhir-api.ts'
// Loaded with the function, not with its first request: they are what it is there for.
import '../lib/http/seldom.ts'

/** What is about no type: metadata, batch and transaction. */
export const handler = fhirApi(careloopFromEnvironment(), 'system')
