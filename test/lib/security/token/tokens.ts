import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK, SignJWT } from 'jose'

/** A private key with its public part, as an issuer publishes it. */
export interface KeyPair {
  privateKey: JWK
  publicKey: JWK
}

export const keyPair = async (kid: string, alg = 'ES384'): Promise<KeyPair> => {
  const made = await generateKeyPair(alg, { extractable: true })
  const name = { kid, alg, use: 'sig' }
  return {
    privateKey: { ...(await exportJWK(made.privateKey)), ...name },
    publicKey: { ...(await exportJWK(made.publicKey)), ...name },
  }
}

export const published = (...pairs: readonly KeyPair[]): JSONWebKeySet => ({
  keys: pairs.map(({ publicKey }) => publicKey),
})

export const NOW = '2026-11-23T12:00:00.000Z'
export const now = Date.parse(NOW) / 1_000
export const ISSUER = 'https://login.example'
export const AUDIENCE = 'https://api.example/fhir'

export const goodClaims = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ehr',
  client_id: 'ehr',
  scope: 'system/*.rs',
  iat: now,
  exp: now + 300,
  jti: 'one',
}

/** A token as a test wants it: claims that are undefined are left out. */
export const signed = (
  claims: Record<string, unknown>,
  { privateKey }: KeyPair,
  header: Record<string, unknown> = {},
): Promise<string> =>
  new SignJWT({ ...goodClaims, ...claims })
    .setProtectedHeader({ alg: privateKey.alg!, kid: privateKey.kid!, typ: 'at+jwt', ...header })
    .sign(privateKey)

export const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
