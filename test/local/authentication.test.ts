import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { decodeJwt, type JSONWebKeySet, type JWK, SignJWT } from 'jose'
import { type Runtime, type RuntimeOptions, startRuntime } from '../../local/careloop-runtime.ts'
import { newPrivateKey } from '../../local/issuer/key-pair.ts'
import { recordingLog } from '../support/recorded-logs.ts'
import { functionsDirectory } from './fixtures/functions-directory.ts'
import { rules } from './fixtures/rules.ts'

/** The real authorizer in front of functions that answer with what they were given. */
const functions = functionsDirectory()
const dataDirectory = mkdtempSync(join(tmpdir(), 'careloop-authentication-'))
const options: RuntimeOptions = {
  port: 0,
  dataDirectory,
  functionsDirectory: functions,
  rules,
  log: recordingLog(),
}
let runtime: Runtime
let lines: string[]
beforeAll(async () => {
  lines = []
  jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)))
  runtime = await startRuntime(options)
})
afterAll(async () => {
  await runtime?.stop()
  jest.restoreAllMocks()
  for (const folder of [functions, dataDirectory]) rmSync(folder, { recursive: true })
})

const issuer = () => new URL('/_local/issuer', runtime.baseUrl).href
const get = async (path: string, authorization?: string, headers: Record<string, string> = {}) => {
  const response = await fetch(runtime.baseUrl + path, {
    headers: { ...headers, ...(authorization && { authorization }) },
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) }
}
const bearing = (token: string, path = '/Goal') => get(path, `Bearer ${token}`)

const now = () => Math.floor(Date.now() / 1_000)
/** A token as the issuer would sign it, with the issuer's own key unless another is given. */
const signed = async (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, key?: JWK) => {
  const file = join(dataDirectory, 'careloop-local', 'issuer', 'signing-keys.json')
  const own = (JSON.parse(readFileSync(file, 'utf8')) as { keys: JWK[] }).keys[0]!
  const signing = key ?? own
  const good = { iss: issuer(), aud: runtime.baseUrl, sub: 'ehr', scope: 'system/*.rs', iat: now(), exp: now() + 300 }
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: signing.alg!, kid: own.kid!, typ: 'at+jwt', ...header })
    .sign(signing)
}

describe('the API', () => {
  test.each(['/Goal', '', '/_history', '/$process-message', '/../v2/adt', '/Patient/1/$everything'])(
    'demands a token for %s',
    async (path) => {
      const { status, headers, body } = await get(path)
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toBe('Bearer realm="careloop", error="invalid_token"')
      expect(headers.get('content-type')).toBe('application/fhir+json')
      expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login' }] })
    },
  )

  test.each(['/metadata', '/openapi.json', '/.well-known/smart-configuration', '/../calendar/a.b', '/../referral/a'])(
    'asks nobody who reads %s',
    async (path) => {
      expect((await get(path)).status).not.toBe(401)
    },
  )

  test('believes nobody who only says who they are', async () => {
    const said = { 'x-careloop-user': 'Practitioner/nora', 'x-careloop-roles': 'supervisor' }
    expect((await get('/Goal', undefined, said)).status).toBe(401)
    expect((await get('/metadata', undefined, said)).body.event.requestContext.authorizer).toBeUndefined()
  })

  test('lets the bearer of a token in, and tells the functions who it is', async () => {
    const request = { scope: 'user/Task.rs openid', fhirUser: 'Practitioner/nora', roles: 'nurse lead', patient: 'ana' }
    const token = await runtime.token(request)
    const { status, body } = await get('/_history', `Bearer ${token}`, { 'x-careloop-roles': 'supervisor' })
    expect(status).toBe(200)
    expect(body.event.requestContext.authorizer).toEqual({
      principalId: 'careloop-development',
      sub: 'careloop-development',
      clientId: 'careloop-development',
      tokenId: decodeJwt(token).jti,
      ...request,
    })
  })

  test.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for another service', { aud: 'http://localhost:1/fhir' }],
    ['that has expired', { exp: now() - 1 }],
    ['that never expires', { exp: undefined }],
    ['that is not good yet', { nbf: now() + 300 }],
    ['that is good for a week', { exp: now() + 7 * 86_400 }],
    ['for a patient that cannot be', { patient: '../1' }],
  ])('refuses a token %s', async (_what, claims) => {
    expect((await bearing(await signed(claims))).status).toBe(401)
    expect((await bearing(await signed())).status).toBe(200)
  })

  test('refuses tokens that were signed by others, by nobody, or with a public key', async () => {
    const stranger = await newPrivateKey()
    const [header, claims, signature] = (await signed()).split('.') as [string, string, string]
    const { keys } = (await (await fetch(`${issuer()}/jwks.json`)).json()) as JSONWebKeySet
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const symmetric = `${encode({ alg: 'HS256', kid: keys[0]!.kid, typ: 'JWT' })}.${claims}`
    const tokens = [
      await signed({}, {}, stranger),
      await signed({}, { kid: stranger.kid }, stranger),
      await signed({}, { jwk: keys[0], jku: 'https://evil.example/jwks' }, stranger),
      `${header}.${claims}.`,
      `${header}.${claims}.${signature.slice(0, -8)}AAAAAAAA`,
      `${encode({ alg: 'none', typ: 'JWT' })}.${claims}.`,
      `${symmetric}.${createHmac('sha256', JSON.stringify(keys[0])).update(symmetric).digest('base64url')}`,
    ]
    for (const token of tokens) expect((await bearing(token)).status).toBe(401)
  })

  test('goes on when the issuer changes its key', async () => {
    const before = await runtime.token({ scope: 'system/*.rs' })
    expect((await bearing(before)).status).toBe(200)
    expect((await fetch(`${issuer()}/rotate`, { method: 'POST' })).status).toBe(200)
    const after = await runtime.token({ scope: 'system/*.rs' })
    expect([(await bearing(before)).status, (await bearing(after)).status]).toEqual([200, 200])
  })

  test('does not say or log the token that it refuses', async () => {
    const token = await signed({ exp: now() - 1, sub: 'Ana-Example' })
    lines.length = 0
    const { text } = await bearing(token)
    const [, claims] = token.split('.')
    for (const said of [text, ...lines]) {
      expect(said).not.toContain(claims)
      expect(said).not.toContain('Ana-Example')
    }
    expect(lines).toContainEqual(expect.stringContaining('"refusal":"expired"'))
  })
})

describe('what is the runtime’s own', () => {
  const post = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve) =>
      httpRequest(`${issuer()}/rotate`, { method: 'POST', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end(),
    )

  test('is not for pages of other sites', async () => {
    expect(await post({ origin: 'https://evil.example' })).toBe(403)
    expect(await post({ origin: 'null' })).toBe(403)
    expect(await post({ origin: new URL(runtime.baseUrl).origin })).toBe(200)
  })
})

describe('npm run token', () => {
  const ROOT = join(import.meta.dirname, '..', '..')
  const run = (...args: string[]) => promisify(execFile)(process.execPath, [join(ROOT, 'local', 'token.ts'), ...args])
  const port = () => new URL(runtime.baseUrl).port

  test('prints a token, and nothing else', async () => {
    const { stdout, stderr } = await run(
      '--scope',
      'user/*.rs',
      '--fhir-user',
      'Practitioner/nora',
      '--expires',
      '30m',
      '--port',
      port(),
    )
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect(stderr).toBe('')
    const token = stdout.trim()
    const claims = decodeJwt(token)
    expect(claims).toMatchObject({ scope: 'user/*.rs', fhirUser: 'Practitioner/nora' })
    expect(claims.exp! - claims.iat!).toBe(1_800)
    expect((await bearing(token)).status).toBe(200)
  })

  test.each([
    [['--scope', 'user/*.rs', '--port', '1'], /Nothing answers at http:\/\/localhost:1\b.*npm start/],
    [[], /--scope/],
    [['--scope', 'user/*.rs', '--expires', 'long'], /--expires must be a time/],
    [['--scope', 'user/*.rs', '--port', 'http'], /--port must be a number/],
    [['--skope', 'user/*.rs'], /--skope/],
  ])('with %j says what is wrong', async (args, reason) => {
    const failed: { code: number; stdout: string; stderr: string } = (await run(...args).then(
      () => expect(args).toBe('refused'),
      (error) => error,
    )) as never
    expect([failed.code, failed.stdout]).toEqual([1, ''])
    expect(failed.stderr).toMatch(reason)
    expect(failed.stderr).not.toMatch(/\n\s+at /)
  })

  test('says so when the service asks for none', async () => {
    const open = await startRuntime({ ...options, inMemory: true, open: true })
    await expect(run('--scope', 'user/*.rs', '--port', new URL(open.baseUrl).port)).rejects.toThrow(
      /started with --open/,
    )
    await expect(open.token({ scope: 'user/*.rs' })).rejects.toThrow(/open/)
    await open.stop()
  })
})

test('a token outlives the runtime where data is kept', async () => {
  const port = Number(new URL(runtime.baseUrl).port)
  const token = await runtime.token({ scope: 'system/*.rs' })
  await runtime.stop()
  runtime = await startRuntime({ ...options, port })
  expect((await bearing(token)).status).toBe(200)
})
