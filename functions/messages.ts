import type { APIGatewayProxyHandler } from 'aws-lambda'
import { careloopFromEnvironment } from '../lib/environment.ts'
import { ADT_PATH, adtApi } from '../lib/http/adt-api.ts'
import { fhirApi } from '../lib/http/fhir-api.ts'

const careloop = careloopFromEnvironment()
const adt = adtApi(careloop)
const fhir = fhirApi(careloop, 'system')

/** What hospitals tell of: FHIR messages and HL7 v2. */
export const handler: APIGatewayProxyHandler = (event, context, callback) =>
  (event.path.endsWith(ADT_PATH) ? adt : fhir)(event, context, callback)
