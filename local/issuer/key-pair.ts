import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

/** Of the algorithms that SMART names, the one whose keys are made at once. */
export const SIGNED_WITH = 'ES384'

/** A new private key, named by its thumbprint. */
export const newPrivateKey = async (): Promise<JWK> => {
  const { privateKey } = await generateKeyPair(SIGNED_WITH, { extractable: true })
  const key = await exportJWK(privateKey)
  return { ...key, kid: await calculateJwkThumbprint(key), alg: SIGNED_WITH, use: 'sig' }
}

/** What of a private key may be published. */
export const publicPart = ({ d: _secret, ...key }: JWK): JWK => key
