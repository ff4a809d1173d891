import { createHmac, type webcrypto } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createLocalJWKSet, exportSPKI, importJWK } from 'jose'
import { KeysUnavailable } from '../../../../lib/security/token/token-refused.ts'
import { type Expected, verifyToken } from '../../../../lib/security/token/verify-token.ts'
import { TOKEN_ALGORITHMS } from '../../../../lib/tenant.ts'
import {
  AUDIENCE,
  base64url,
  goodClaims,
  ISSUER,
  type KeyPair,
  keyPair,
  NOW,
  now,
  published,
  signed,
} from './tokens.ts'

const expected: Expected = { issuer: ISSUER, audience: AUDIENCE, algorithms: TOKEN_ALGORITHMS, now: NOW }
let key: KeyPair
let rsa: KeyPair
let stranger: KeyPair
beforeAll(async () => {
  key = await keyPair('one')
  rsa = await keyPair('rsa', 'RS256')
  stranger = await keyPair('one')
})

const verify = (token: string, changes: Partial<Expected> = {}) =>
  verifyToken(token, createLocalJWKSet(published(key, rsa)), { ...expected, ...changes })
const refusalOf = (token: string, changes?: Partial<Expected>): Promise<string> =>
  verify(token, changes).then(
    () => 'accepted',
    (error) => error.refusal ?? String(error),
  )

describe('a token', () => {
  test('of the issuer is believed, with all that it says', async () => {
    expect(await verify(await signed({ fhirUser: 'Practitioner/nora' }, key))).toEqual({
      ...goodClaims,
      fhirUser: 'Practitioner/nora',
    })
  })

  test.each(TOKEN_ALGORITHMS)('signed with %s is believed', async (alg) => {
    const pair = await keyPair(alg, alg)
    const keys = createLocalJWKSet(published(pair))
    expect(await verifyToken(await signed({}, pair), keys, expected)).toMatchObject({ sub: 'ehr' })
  })

  test.each([
    ['has expired', { exp: now - 1 }, 'expired'],
    ['expires this second', { exp: now }, 'expired'],
    ['never expires', { exp: undefined }, 'claims'],
    ['says in words when it expires', { exp: '2030' }, 'claims'],
    ['is good for more than a day', { exp: now + 86_401 }, 'lifetime'],
    ['was good for more than a day', { iat: now - 86_400, exp: now + 60 }, 'lifetime'],
    ['never expires, in numbers', { exp: Number.MAX_VALUE }, 'lifetime'],
    ['is not good yet', { nbf: now + 61 }, 'not-yet-valid'],
    ['was issued in the future', { iat: now + 61 }, 'not-yet-valid'],
    ['is of another issuer', { iss: 'https://login.example.evil' }, 'issuer'],
    ['is of the issuer with a slash', { iss: `${ISSUER}/` }, 'issuer'],
    ['is of no issuer', { iss: undefined }, 'issuer'],
    ['is for another service', { aud: 'https://other.example/fhir' }, 'audience'],
    ['is for a service whose name begins alike', { aud: `${AUDIENCE}x` }, 'audience'],
    ['is for nobody', { aud: undefined }, 'audience'],
    ['is for several that are not us', { aud: ['https://a.example', 'https://b.example'] }, 'audience'],
    ['is about nobody', { sub: undefined }, 'claims'],
    ['is about nobody in particular', { sub: '' }, 'claims'],
    ['is about a number', { sub: 7 }, 'claims'],
  ])('that %s is refused', async (_what, claims, refusal) => {
    expect(await refusalOf(await signed(claims, key))).toBe(refusal)
  })

  test.each([
    ['expires in a second', { exp: now + 1 }],
    ['is from a clock a minute ahead', { iat: now + 60, nbf: now + 60 }],
    ['is good for a day', { exp: now + 86_400 }],
    ['does not say when it was issued', { iat: undefined }],
    ['is for several services', { aud: ['https://other.example', AUDIENCE] }],
  ])('that %s is believed', async (_what, claims) => {
    expect(await refusalOf(await signed(claims, key))).toBe('accepted')
  })

  test('is believed exactly from its beginning to its end', async () => {
    const token = await signed({ iat: now - 600, nbf: now - 600, exp: now + 600 }, key)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -1_300, max: 1_300 }), async (seconds) => {
        const at = new Date((now + seconds) * 1_000).toISOString()
        const isGood = seconds >= -660 && seconds < 600
        expect(await refusalOf(token, { now: at })).toBe(
          isGood ? 'accepted' : seconds < 0 ? 'not-yet-valid' : 'expired',
        )
      }),
    )
  })

  test.each([['JWT'], ['at+jwt'], ['application/at+jwt'], ['AT+JWT'], [undefined]])(
    'of type %s is believed',
    async (typ) => {
      expect(await refusalOf(await signed({}, key, { typ }))).toBe('accepted')
    },
  )
  test.each([['logout+jwt'], ['dpop+jwt'], ['secevent+jwt'], ['']])('of type "%s" is refused', async (typ) => {
    expect(await refusalOf(await signed({}, key, { typ }))).toBe('type')
  })
})

describe('a signature', () => {
  test('of somebody else under the name of our key is refused', async () => {
    expect(await refusalOf(await signed({}, stranger))).toBe('signature')
  })

  test('does not cover what was changed: any one character', async () => {
    const token = await signed({}, key)
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom('A', 'z', '5', '_', '.'), async (place, character) => {
        fc.pre(token[place] !== character)
        const changed = token.slice(0, place) + character + token.slice(place + 1)
        expect(await refusalOf(changed)).not.toBe('accepted')
      }),
    )
  })

  test('"none" is none', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      const token = `${base64url({ alg, kid: 'one', typ: 'JWT' })}.${base64url(goodClaims)}.`
      expect(await refusalOf(token)).not.toBe('accepted')
    }
  })

  test('made with a public key as if it were a secret is refused', async () => {
    const secrets = [
      await exportSPKI((await importJWK(rsa.publicKey, 'RS256')) as webcrypto.CryptoKey),
      JSON.stringify(rsa.publicKey),
      Buffer.from(rsa.publicKey.n!, 'base64url'),
    ]
    for (const secret of secrets) {
      const signing = `${base64url({ alg: 'HS256', kid: 'rsa', typ: 'JWT' })}.${base64url(goodClaims)}`
      const token = `${signing}.${createHmac('sha256', secret).update(signing).digest('base64url')}`
      expect(await refusalOf(token)).toBe('algorithm')
    }
  })

  test('of an algorithm that the tenant does not allow is refused', async () => {
    expect(await refusalOf(await signed({}, rsa), { algorithms: ['ES384'] })).toBe('algorithm')
    expect(await refusalOf(await signed({}, rsa), { algorithms: ['RS256'] })).toBe('accepted')
  })

  test('of another algorithm than the key is for is refused', async () => {
    expect(await refusalOf(await signed({}, { ...rsa, privateKey: { ...rsa.privateKey, alg: 'RS384' } }))).toBe('key')
  })
})

describe('the key of a token', () => {
  test('is never one that the token brings or points to', async () => {
    const brought = {
      jwk: stranger.publicKey,
      jku: 'https://evil.example/jwks',
      x5u: 'https://evil.example/x',
      x5c: ['MIIB'],
    }
    expect(await refusalOf(await signed({}, stranger, brought))).toBe('signature')
    const named = { ...stranger, privateKey: { ...stranger.privateKey, kid: 'theirs' } }
    expect(await refusalOf(await signed({}, named, brought))).toBe('key')
    expect(await refusalOf(await signed({}, key, brought))).toBe('accepted')
  })

  test('has to be named, and to be among the published ones', async () => {
    expect(await refusalOf(await signed({}, key, { kid: undefined }))).toBe('key')
    expect(await refusalOf(await signed({}, key, { kid: 'never' }))).toBe('key')
  })

  test('that cannot be got is no fault of the token', async () => {
    const away = () => Promise.reject(new KeysUnavailable('away'))
    await expect(verifyToken(await signed({}, key), away, expected)).rejects.toThrow(KeysUnavailable)
  })
})

describe('what is no token', () => {
  test.each([['words'], ['a.b'], ['a.b.c'], ['....'], [`${base64url({ alg: 'ES384', kid: 'one' })}.e30.`]])(
    '%s is refused',
    async (text) => {
      expect(await refusalOf(text)).not.toBe('accepted')
    },
  )

  test('is refused unread when it is too long', async () => {
    expect(await refusalOf(await signed({ padding: 'x'.repeat(8_192) }, key))).toBe('malformed')
  })

  test('is refused when it asks for extensions that nobody knows', async () => {
    const header = { alg: 'ES384', kid: 'one', crit: ['urn:unknown'], 'urn:unknown': true }
    expect(await refusalOf(`${base64url(header)}.${base64url(goodClaims)}.AAAA`)).toBe('malformed')
  })

  test('says nothing of itself in what is thrown', async () => {
    const token = await signed({ sub: 'Ana Example' }, stranger)
    const error = await verify(token).catch((thrown: Error) => thrown)
    expect(String(error)).toBe('TokenRefused: the token was refused: signature')
    expect(JSON.stringify(error)).not.toContain('Ana')
  })
})
