import type { CapabilityStatementRestSecurity } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import type { Interaction } from '../interactions/interaction.ts'
import { fail } from '../outcome.ts'
import { type AuthSettings, type TenantSettings, TOKEN_ALGORITHMS } from '../tenant.ts'

/** What is understood of scopes; which of them a client is granted, the issuer decides. */
const SCOPES = ['system/*.cruds', 'user/*.cruds', 'patient/*.cruds', 'launch/patient', 'openid', 'fhirUser']

/** https://hl7.org/fhir/smart-app-launch/conformance.html#using-well-known */
export const smartConfiguration: Interaction = async ({ tenant }) => {
  const { auth } = tenant
  if (!auth?.tokenEndpoint)
    throw fail('notFound', 'This service has not been told where its tokens come from: ask whoever runs it.')
  return {
    status: 200,
    // No resource, but sent as one.
    resource: smartConfigurationOf(auth) as unknown as Resource,
    mediaType: 'application/json; charset=utf-8',
  }
}

const smartConfigurationOf = ({
  issuer,
  jwksUri,
  tokenEndpoint,
  authorizationEndpoint,
  algorithms = TOKEN_ALGORITHMS,
}: AuthSettings): Record<string, unknown> => ({
  issuer,
  ...(jwksUri && { jwks_uri: jwksUri }),
  ...(authorizationEndpoint && { authorization_endpoint: authorizationEndpoint }),
  token_endpoint: tokenEndpoint,
  grant_types_supported: [...(authorizationEndpoint ? ['authorization_code'] : []), 'client_credentials'],
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
  token_endpoint_auth_signing_alg_values_supported: algorithms,
  scopes_supported: SCOPES,
  ...(authorizationEndpoint && { response_types_supported: ['code'] }),
  code_challenge_methods_supported: ['S256'],
  capabilities: [
    'client-confidential-asymmetric',
    ...(authorizationEndpoint ? ['launch-standalone', 'permission-patient', 'permission-user'] : []),
    'permission-v1',
    'permission-v2',
  ],
})

/** https://hl7.org/fhir/smart-app-launch/conformance.html#declaring-support-for-oauth2-endpoints */
export const restSecurity = ({ auth }: TenantSettings): { security?: CapabilityStatementRestSecurity } => {
  if (!auth) return {}
  const { tokenEndpoint, authorizationEndpoint } = auth
  // The extension is whole with both or it is not there; the SMART configuration says what there is.
  const endpoints =
    tokenEndpoint && authorizationEndpoint
      ? [
          { url: 'token', valueUri: tokenEndpoint },
          { url: 'authorize', valueUri: authorizationEndpoint },
        ]
      : []
  return {
    security: {
      ...(endpoints.length && {
        extension: [
          { url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris', extension: endpoints },
        ],
      }),
      service: [
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }],
        },
      ],
    },
  }
}
