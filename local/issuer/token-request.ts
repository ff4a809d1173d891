import * as z from 'zod'

/** What is asked of the token endpoint, besides who asks. All but the scope is for development only: who signs in says it elsewhere. */
export interface TokenRequest {
  /** scopes, parted by spaces */
  scope: string
  /** `Practitioner/nora` */
  fhirUser?: string | undefined
  /** parted by spaces */
  roles?: string | undefined
  /** the id of a Patient, as launch context */
  patient?: string | undefined
  /** codes, parted by spaces */
  purposeOfUse?: string | undefined
  /** seconds. @default one hour */
  expiresIn?: number | undefined
}

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** As long as the service believes any token. */
const LONGEST_SECONDS = 24 * 60 * 60
const HOUR = 60 * 60

const text = z.string().trim().min(1).optional()

/** The form of `client_credentials` with `private_key_jwt`. https://hl7.org/fhir/smart-app-launch/backend-services.html#request */
export const tokenForm = z.object({
  grant_type: z.literal('client_credentials', 'grant_type must be client_credentials'),
  client_assertion_type: z.literal(ASSERTION_TYPE, `client_assertion_type must be ${ASSERTION_TYPE}`),
  client_assertion: z.string('client_assertion must be the signed JWT of the client'),
  scope: z.string('scope must name at least one scope').trim().regex(/\S/, 'scope must name at least one scope'),
  fhir_user: text,
  roles: text,
  patient: text,
  purpose_of_use: text,
  expires_in: z.coerce
    .number('expires_in must be a number of seconds')
    .int('expires_in must be a whole number of seconds')
    .min(1, 'expires_in must be at least 1 second')
    .max(LONGEST_SECONDS, `expires_in must be at most ${LONGEST_SECONDS} seconds`)
    .default(HOUR),
})

export type TokenForm = z.infer<typeof tokenForm>

export const formOf = (assertion: string, request: TokenRequest): URLSearchParams =>
  new URLSearchParams(
    Object.entries({
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
      scope: request.scope,
      fhir_user: request.fhirUser,
      roles: request.roles,
      patient: request.patient,
      purpose_of_use: request.purposeOfUse,
      expires_in: request.expiresIn?.toString(),
    }).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
  )
