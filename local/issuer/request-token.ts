import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SignJWT } from 'jose'
import type { DevelopmentClient } from './development-clients.ts'
import { developmentAuth, ISSUER_PATH, type IssuerMetadata } from './issuer.ts'
import { SIGNED_WITH } from './key-pair.ts'
import { formOf, type TokenRequest } from './token-request.ts'

/** No token can be had, and why. */
export class NoToken extends Error {
  override readonly name = 'NoToken'
}

const ASSERTION_SECONDS = 60

/** The metadata of the issuer at `origin`; undefined where a service has none. @throws NoToken where nothing answers */
const metadataOf = async (origin: string): Promise<IssuerMetadata | undefined> => {
  const response = await fetch(`${origin}${ISSUER_PATH}/.well-known/openid-configuration`).catch(() => {
    throw new NoToken(`Nothing answers at ${origin}. Start the service with npm start, or name its port with --port.`)
  })
  const body = (await response.json().catch(() => undefined)) as IssuerMetadata | undefined
  return response.ok && body?.careloop_development_client ? body : undefined
}

const clientIn = (file: string): DevelopmentClient => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DevelopmentClient
  } catch (error) {
    throw new NoToken(
      `The key of the development client cannot be read (${(error as Error).message}). Only who started the service can get a token with it.`,
    )
  }
}

/** The audience is what the caller meant, not what the service says: an assertion for this service is of no use to another. */
const assertionFor = ({ client_id, key }: DevelopmentClient, tokenEndpoint: string): Promise<string> =>
  new SignJWT()
    .setProtectedHeader({ alg: SIGNED_WITH, kid: key.kid!, typ: 'JWT' })
    .setIssuer(client_id)
    .setSubject(client_id)
    .setAudience(tokenEndpoint)
    .setJti(randomUUID())
    .setExpirationTime(`${ASSERTION_SECONDS} seconds`)
    .sign(key)

/**
 * A token of the development issuer of the service at `origin` (`http://localhost:3000`), got as its own client, by SMART Backend Services;
 * undefined where the service asks for none. @throws NoToken
 */
export const requestToken = async (origin: string, request: TokenRequest): Promise<string | undefined> => {
  const metadata = await metadataOf(origin)
  if (!metadata) return undefined
  const { tokenEndpoint } = developmentAuth(origin)
  const client = clientIn(metadata.careloop_development_client)
  const body = formOf(await assertionFor(client, tokenEndpoint), request)
  const response = await fetch(tokenEndpoint, { method: 'POST', body })
  const answer = (await response.json()) as { access_token?: string; error_description?: string }
  if (!answer.access_token)
    throw new NoToken(`The service gives no token: ${answer.error_description ?? response.status}.`)
  return answer.access_token
}
