import type { JSONWebKeySet } from 'jose'
import type { AuthSettings } from '../../tenant.ts'
import { fetchJson, isLoopback, isTrustworthy } from './fetch-json.ts'

const MOST_KEYS = 50

/**
 * The keys that the issuer publishes now, from where the settings or else the issuer's own metadata say. Never from where a token says.
 * @throws Error when they cannot be had, are not what they should be, or are not at a trustworthy address
 */
export const publishedKeys = async ({ issuer, jwksUri }: AuthSettings): Promise<JSONWebKeySet> => {
  const loopback = isLoopback(issuer)
  const get = async (url: string): Promise<Readonly<Record<string, unknown>>> => {
    if (!isTrustworthy(url, { loopback })) throw new Error('the keys of an issuer are fetched by https only')
    const document = await fetchJson(url)
    if (!document || typeof document !== 'object') throw new Error('the issuer published something else')
    return document as Record<string, unknown>
  }
  const discover = async (): Promise<string> => {
    const metadata = await get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
    // https://www.rfc-editor.org/rfc/rfc8414#section-3.3
    if (metadata.issuer !== issuer) throw new Error('the metadata is of another issuer')
    return String(metadata.jwks_uri)
  }
  const { keys } = await get(jwksUri ?? (await discover()))
  if (!Array.isArray(keys) || keys.length > MOST_KEYS) throw new Error('the issuer published no set of keys')
  return { keys }
}
