import { beforeAll, describe, expect, test } from '@jest/globals'
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import { type AuthorizerLine, createAuthorizer } from '../../../../lib/security/token/authorizer.ts'
import { shareOf } from '../../../../lib/security/token/client-share.ts'
import type { AuthSettings } from '../../../../lib/tenant.ts'
import { recordingLog } from '../../../support/recorded-logs.ts'
import { ISSUER, type KeyPair, keyPair, NOW, now, published, signed } from './tokens.ts'

const API = 'https://abc.execute-api.us-east-1.amazonaws.com/careloop/fhir'
const ARN = 'arn:aws:execute-api:us-east-1:1:abc/careloop/GET/fhir/Patient/1'

let key: KeyPair
beforeAll(async () => {
  key = await keyPair('one')
})

const event = (changes: Partial<APIGatewayRequestAuthorizerEvent> = {}): APIGatewayRequestAuthorizerEvent =>
  ({
    type: 'REQUEST',
    methodArn: ARN,
    path: '/fhir/Patient/1',
    headers: {},
    multiValueHeaders: null,
    requestContext: {
      requestId: 'r-1',
      path: '/careloop/fhir/Patient/1',
      domainName: 'abc.execute-api.us-east-1.amazonaws.com',
    },
    ...changes,
  }) as unknown as APIGatewayRequestAuthorizerEvent

const setUp = (auth: AuthSettings | undefined = { issuer: ISSUER }, fetchKeys = async () => published(key)) => {
  const lines: AuthorizerLine[] = []
  const authorize = createAuthorizer({
    tenant: 'here',
    auth,
    fetchKeys,
    clock: { now: () => NOW },
    log: recordingLog(lines),
  })
  return {
    authorize,
    lines,
    bearing: (token: string) => authorize(event({ headers: { Authorization: `Bearer ${token}` } })),
  }
}

describe('the authorizer', () => {
  test('lets the bearer in to the whole stage until the token expires, and says who it is', async () => {
    const { bearing, lines } = setUp()
    expect(await bearing(await signed({ aud: API, exp: now + 90 }, key))).toEqual({
      principalId: 'ehr',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: 'Allow',
            Resource: 'arn:aws:execute-api:us-east-1:1:abc/careloop/*',
            Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-23T12:01:30.000Z' } },
          },
        ],
      },
      context: { sub: 'ehr', clientId: 'ehr', scope: 'system/*.rs', tokenId: 'one' },
      usageIdentifierKey: shareOf('here', 'ehr'),
    })
    expect(lines).toEqual([])
  })

  test('takes tokens for the API itself, or else for the audience of the tenant alone', async () => {
    const ours = await signed({ aud: API }, key)
    const named = await signed({ aud: 'https://fhir.hospital.example' }, key)
    const { bearing } = setUp({ issuer: ISSUER, audience: 'https://fhir.hospital.example' })
    await expect(bearing(named)).resolves.toBeDefined()
    await expect(bearing(ours)).rejects.toThrow('Unauthorized')
    await expect(setUp().bearing(named)).rejects.toThrow('Unauthorized')
  })

  test.each([
    ['a domain of its own', '/fhir/Task', '/fhir/Task', 'https://fhir.example/fhir'],
    ['a path of that domain', '/care/fhir/Task', '/care/fhir/Task', 'https://fhir.example/care/fhir'],
    ['a stage', '/v2/adt', '/careloop/v2/adt', 'https://fhir.example/careloop/fhir'],
  ])('knows the API by %s', async (_what, path, full, aud) => {
    const requestContext = { requestId: 'r-1', path: full, domainName: 'fhir.example' } as never
    const ask = async (audience: string) => {
      const headers = { Authorization: `Bearer ${await signed({ aud: audience }, key)}` }
      return setUp().authorize(event({ path, requestContext, headers }))
    }
    await expect(ask(aud)).resolves.toBeDefined()
    await expect(ask('https://fhir.example')).rejects.toThrow('Unauthorized')
  })

  test.each([
    ['no header', {}],
    ['another scheme', { Authorization: 'Basic abc' }],
    ['no token', { Authorization: 'Bearer ' }],
    ['a token with more behind it', { Authorization: 'Bearer a.b.c, Bearer d.e.f' }],
  ])('refuses %s', async (_what, headers) => {
    const { authorize, lines } = setUp()
    await expect(authorize(event({ headers }))).rejects.toThrow(/^Unauthorized$/)
    expect(lines).toEqual([{ requestId: 'r-1', interaction: 'authorize', status: 401, refusal: 'malformed' }])
  })

  test('refuses two headers, whichever is good', async () => {
    const good = `Bearer ${await signed({ aud: API }, key)}`
    const twice = event({
      headers: { Authorization: good },
      multiValueHeaders: { Authorization: ['Bearer a.b.c', good] },
    })
    await expect(setUp().authorize(twice)).rejects.toThrow('Unauthorized')
    const cased = event({ headers: {}, multiValueHeaders: { Authorization: [good], authorization: [good] } })
    await expect(setUp().authorize(cased)).rejects.toThrow('Unauthorized')
    const once = event({ headers: {}, multiValueHeaders: { authorization: [good.replace('Bearer', 'bearer')] } })
    await expect(setUp().authorize(once)).resolves.toBeDefined()
  })

  test('trusts nobody when the tenant names no issuer', async () => {
    const lines: AuthorizerLine[] = []
    const authorize = createAuthorizer({
      tenant: 'here',
      auth: undefined,
      fetchKeys: async () => published(key),
      clock: { now: () => NOW },
      log: recordingLog(lines),
    })
    const token = await signed({ aud: API }, key)
    await expect(authorize(event({ headers: { Authorization: `Bearer ${token}` } }))).rejects.toThrow('Unauthorized')
    expect(lines[0]).toMatchObject({ status: 401, refusal: 'no-issuer' })
  })

  test('says that it cannot tell when it has no keys, which is no refusal', async () => {
    const { bearing, lines } = setUp({ issuer: ISSUER }, () => Promise.reject(new Error('secret detail')))
    const error: Error = await bearing(await signed({ aud: API }, key)).catch((thrown) => thrown)
    expect(error.message).not.toBe('Unauthorized')
    expect(lines).toEqual([
      { interaction: 'fetch-keys', status: 503, errors: ['Error'] },
      { requestId: 'r-1', interaction: 'authorize', status: 503, errors: ['KeysUnavailable'] },
    ])
    expect(JSON.stringify(lines)).not.toContain('secret detail')
  })

  test('logs of a refused token no more than why', async () => {
    const { bearing, lines } = setUp()
    await expect(bearing(await signed({ aud: API, exp: now - 1, sub: 'Ana' }, key))).rejects.toThrow('Unauthorized')
    expect(lines).toEqual([{ requestId: 'r-1', interaction: 'authorize', status: 401, refusal: 'expired' }])
  })
})
