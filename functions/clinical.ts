import { careloopFromEnvironment } from '../lib/environment.ts'
import { coreTypes } from '../lib/http/core-types.ts'
import { fhirApi } from '../lib/http/fhir-api.ts'
import { declarations } from '../lib/resources/index.ts'

/** The types around care coordination that need no function of their own. */
export const handler = fhirApi(
  careloopFromEnvironment(),
  [...declarations.keys()].filter((type) => !coreTypes.includes(type)),
)
