import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { type AuthSettings, TOKEN_ALGORITHMS } from '../../lib/tenant.ts'
import type { OwnEndpoint } from '../api-gateway.ts'
import { createAuthenticate } from './client-assertion.ts'
import { openDevelopmentClients } from './development-clients.ts'
import type { IssuerFolder } from './issuer-folder.ts'
import { SIGNED_WITH } from './key-pair.ts'
import { openSigningKeys } from './signing-keys.ts'
import { type TokenForm, tokenForm } from './token-request.ts'

/** Where the issuer is, below the origin of the runtime. */
export const ISSUER_PATH = '/_local/issuer'

/** The issuer's metadata, and where its own client finds its key. */
export interface IssuerMetadata {
  issuer: string
  jwks_uri: string
  token_endpoint: string
  careloop_development_client: string
}

/** What the settings of a tenant say of the development issuer at this origin, e.g. `http://localhost:3000`. */
export const developmentAuth = (
  origin: string,
): Required<Pick<AuthSettings, 'issuer' | 'audience' | 'jwksUri' | 'tokenEndpoint'>> => {
  const issuer = `${origin}${ISSUER_PATH}`
  return { issuer, audience: `${origin}/fhir`, jwksUri: `${issuer}/jwks.json`, tokenEndpoint: `${issuer}/token` }
}

type OwnAnswer = Awaited<ReturnType<OwnEndpoint>>

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const refused = (status: number, error: string, description: string): OwnAnswer => ({
  status,
  body: { error, error_description: description },
})

const errorOf = (path: PropertyKey | undefined): string =>
  path === 'grant_type' ? 'unsupported_grant_type' : path === 'scope' ? 'invalid_scope' : 'invalid_request'

/**
 * An issuer of tokens for one machine: metadata, keys, and a token endpoint for SMART Backend Services. It grants whatever one of its
 * clients asks for: who can read their keys is trusted. By the machine's clock, as those who hold tokens are.
 */
export const createDevelopmentIssuer = async (origin: string, folder: IssuerFolder): Promise<OwnEndpoint> => {
  const { issuer, audience, jwksUri, tokenEndpoint } = developmentAuth(origin)
  const keys = await openSigningKeys(folder)
  const authenticate = createAuthenticate(await openDevelopmentClients(folder), tokenEndpoint)

  const metadata: IssuerMetadata & Record<string, unknown> = {
    issuer,
    jwks_uri: jwksUri,
    token_endpoint: tokenEndpoint,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: TOKEN_ALGORITHMS,
    careloop_development_client: folder.developmentClient,
  }

  const sign = (clientId: string, { scope, fhir_user, roles, patient, purpose_of_use, expires_in }: TokenForm) => {
    const key = keys.current()
    const now = Math.floor(Date.now() / 1_000)
    return new SignJWT({
      client_id: clientId,
      scope,
      ...(fhir_user && { fhirUser: fhir_user }),
      ...(roles && { roles: roles.split(/\s+/) }),
      ...(patient && { patient }),
      ...(purpose_of_use && { purpose_of_use }),
    })
      .setProtectedHeader({ alg: SIGNED_WITH, kid: key.kid!, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(clientId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + expires_in)
      .sign(key)
  }

  const token = async (body: string): Promise<OwnAnswer> => {
    const form = tokenForm.safeParse(Object.fromEntries(new URLSearchParams(body)))
    if (!form.success) {
      const [{ path, message } = { path: [], message: 'the form cannot be read' }] = form.error.issues
      return refused(400, errorOf(path[0]), message)
    }
    const { data } = form
    let clientId: string
    try {
      clientId = await authenticate(data.client_assertion)
    } catch (error) {
      return refused(401, 'invalid_client', (error as Error).message)
    }
    const { scope, patient, expires_in } = data
    const answer = { access_token: await sign(clientId, data), token_type: 'bearer', expires_in, scope }
    return { status: 200, body: { ...answer, ...(patient && { patient }) } }
  }

  const rotate = async (): Promise<OwnAnswer> => {
    await keys.rotate()
    return { status: 200, body: keys.published() }
  }

  const does: Readonly<Record<string, (body: string) => OwnAnswer | Promise<OwnAnswer>>> = {
    'GET /.well-known/openid-configuration': () => ({ status: 200, body: metadata }),
    'GET /.well-known/oauth-authorization-server': () => ({ status: 200, body: metadata }),
    'GET /jwks.json': () => ({ status: 200, body: keys.published() }),
    'POST /token': token,
    'POST /rotate': rotate,
  }
  const known = Object.keys(does).join(', ')
  return async (method, path, body) =>
    (await does[`${method} ${path.slice(ISSUER_PATH.length)}`]?.(body)) ??
    refused(404, 'not_found', `The development issuer knows ${known} below ${ISSUER_PATH}.`)
}
