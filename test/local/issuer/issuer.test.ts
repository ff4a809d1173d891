import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose'
import type { OwnEndpoint } from '../../../local/api-gateway.ts'
import type { DevelopmentClient } from '../../../local/issuer/development-clients.ts'
import { createDevelopmentIssuer, developmentAuth, ISSUER_PATH } from '../../../local/issuer/issuer.ts'
import { type IssuerFolder, openIssuerFolder } from '../../../local/issuer/issuer-folder.ts'
import { newPrivateKey, publicPart } from '../../../local/issuer/key-pair.ts'
import { formOf, type TokenRequest } from '../../../local/issuer/token-request.ts'

const ORIGIN = 'http://localhost:3000'
const { issuer: ISSUER, audience, tokenEndpoint } = developmentAuth(ORIGIN)

let path: string
let folder: IssuerFolder
let issuer: OwnEndpoint
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'careloop-issuer-test-'))
  folder = openIssuerFolder(path)
  issuer = await createDevelopmentIssuer(ORIGIN, folder)
})
afterEach(() => rmSync(path, { recursive: true }))

const client = (): DevelopmentClient => JSON.parse(readFileSync(folder.developmentClient, 'utf8'))
const assertion = ({ client_id, key } = client(), claims: Record<string, unknown> = {}) =>
  new SignJWT({ iss: client_id, sub: client_id, aud: tokenEndpoint, jti: Math.random().toString(), ...claims })
    .setProtectedHeader({ alg: key.alg!, kid: key.kid! })
    .setExpirationTime((claims.exp as number | undefined) ?? '60 seconds')
    .sign(key)

type Body = { [name: string]: unknown; access_token: string; error?: string; error_description?: string }
const post = async (form: URLSearchParams) => {
  const { status, body } = await issuer('POST', `${ISSUER_PATH}/token`, form.toString())
  return { status, body: body as Body }
}
const ask = async (request: Partial<TokenRequest> = {}, text?: string) =>
  post(formOf(text ?? (await assertion()), { scope: 'system/*.rs', ...request }))
const keys = async () => (await issuer('GET', `${ISSUER_PATH}/jwks.json`, '')).body as JSONWebKeySet
const claimsOf = async (token: string) =>
  (await jwtVerify(token, createLocalJWKSet(await keys()), { issuer: ISSUER, audience, typ: 'at+jwt' })).payload

describe('the development issuer', () => {
  test('says where its endpoints are', async () => {
    for (const name of ['openid-configuration', 'oauth-authorization-server']) {
      const { status, body } = await issuer('GET', `${ISSUER_PATH}/.well-known/${name}`, '')
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { issuer: ISSUER, token_endpoint: `${ISSUER}/token`, jwks_uri: `${ISSUER}/jwks.json` },
      })
    }
    expect((await issuer('GET', `${ISSUER_PATH}/token`, '')).status).toBe(404)
  })

  test('gives a registered client the token that it asks for', async () => {
    const { status, body } = await ask()
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { token_type: 'bearer', expires_in: 3600, scope: 'system/*.rs' },
    })
    const claims = await claimsOf(body.access_token)
    expect(claims).toMatchObject({
      sub: 'careloop-development',
      client_id: 'careloop-development',
      scope: 'system/*.rs',
    })
    expect(claims.exp! - claims.iat!).toBe(3600)
    expect(claims.jti).toEqual(expect.any(String))
  })

  test('says in it who is signed in, as far as it is asked to', async () => {
    const { body } = await ask({
      ...{
        fhirUser: 'Practitioner/nora',
        roles: 'nurse supervisor',
        patient: 'ana',
        purposeOfUse: 'BTG',
        expiresIn: 60,
      },
    })
    const claims = await claimsOf(body.access_token)
    expect(claims).toMatchObject({
      ...{ fhirUser: 'Practitioner/nora', roles: ['nurse', 'supervisor'], patient: 'ana', purpose_of_use: 'BTG' },
    })
    expect(claims.exp! - claims.iat!).toBe(60)
    expect(body.patient).toBe('ana')
  })

  test('publishes no private key, and keeps those for nobody else to read', async () => {
    expect(JSON.stringify(await keys())).not.toContain('"d"')
    for (const file of readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name)))
      expect([file, statSync(file).mode & 0o077]).toEqual([file, 0])
  })

  test('takes a client whose public keys somebody puts there', async () => {
    const key = await newPrivateKey()
    const ehr = { client_id: 'my-ehr', key }
    expect((await ask({}, await assertion(ehr))).body.error).toBe('invalid_client')
    writeFileSync(join(folder.clients, 'my-ehr.json'), JSON.stringify({ keys: [publicPart(key)] }))
    const { body } = await ask({}, await assertion(ehr))
    expect(await claimsOf(body.access_token)).toMatchObject({ sub: 'my-ehr' })
  })

  test('takes an assertion once', async () => {
    const text = await assertion()
    expect((await ask({}, text)).status).toBe(200)
    expect(await ask({}, text)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: expect.stringContaining('used before') },
    })
  })

  test('looks for clients nowhere else', async () => {
    const key = await newPrivateKey()
    writeFileSync(join(path, 'outside.json'), JSON.stringify({ keys: [publicPart(key)] }))
    const { body } = await ask({}, await assertion({ client_id: '../outside', key }))
    expect(body).toMatchObject({ error: 'invalid_client', error_description: expect.stringContaining('no client') })
  })

  const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds
  test.each([
    ['for another service', { aud: 'http://localhost:3001/_local/issuer/token' }],
    ['for the API', { aud: audience }],
    ['about somebody else', { sub: 'other' }],
    ['of nobody', { iss: 'nobody', sub: 'nobody' }],
    ['of a file elsewhere', { iss: '../development-client', sub: '../development-client' }],
    ['that has expired', { exp: inSeconds(-60) }],
    ['that is good for too long', { exp: inSeconds(600) }],
    ['without a name of its own', { jti: undefined }],
  ])('refuses an assertion %s', async (_what, claims) => {
    expect(await ask({}, await assertion(client(), claims))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })

  test('refuses an assertion that somebody else signed, or nobody', async () => {
    const stranger = { ...client(), key: { ...(await newPrivateKey()), kid: client().key.kid! } }
    expect((await ask({}, await assertion(stranger))).body.error).toBe('invalid_client')
    const [, claims] = (await assertion()).split('.')
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`
    expect((await ask({}, none)).body.error).toBe('invalid_client')
    expect((await ask({}, 'words')).body.error).toBe('invalid_client')
  })

  test.each([
    ['grant_type', 'password', 'unsupported_grant_type'],
    ['client_assertion_type', 'other', 'invalid_request'],
    ['client_assertion', undefined, 'invalid_request'],
    ['scope', ' ', 'invalid_scope'],
    ['expires_in', '0', 'invalid_request'],
    ['expires_in', '86401', 'invalid_request'],
    ['expires_in', 'long', 'invalid_request'],
  ])('refuses a request whose %s is %j', async (name, value, error) => {
    const form = formOf(await assertion(), { scope: 'system/*.rs' })
    if (value === undefined) form.delete(name)
    else form.set(name, value)
    expect(await post(form)).toMatchObject({ status: 400, body: { error } })
  })
})

describe('the keys of the development issuer', () => {
  test('change when they are told to: those before are good once more', async () => {
    const rotate = () => issuer('POST', `${ISSUER_PATH}/rotate`, '')
    const first = (await ask()).body.access_token
    await rotate()
    const second = (await ask()).body.access_token
    expect(decodeProtectedHeader(second).kid).not.toBe(decodeProtectedHeader(first).kid)
    expect((await keys()).keys).toHaveLength(2)
    await claimsOf(first)
    await claimsOf(second)
    await rotate()
    await claimsOf(second)
    await expect(claimsOf(first)).rejects.toThrow()
  })

  test('are the same after a restart', async () => {
    const { access_token } = (await ask()).body
    const before = client()
    issuer = await createDevelopmentIssuer(ORIGIN, openIssuerFolder(path))
    await claimsOf(access_token)
    expect(client()).toEqual(before)
  })

  test('are gone with the runtime when nothing is kept', async () => {
    const own = openIssuerFolder(undefined)
    await createDevelopmentIssuer(ORIGIN, own)
    own.release()
    expect(() => readFileSync(own.developmentClient)).toThrow(/ENOENT/)
    folder.release()
    expect(client().client_id).toBe('careloop-development')
  })
})
