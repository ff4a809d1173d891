import { describe, expect, test } from '@jest/globals'
import type { CapabilityStatement } from 'fhir/r4'
import type { AuthSettings } from '../../lib/tenant.ts'
import { testApi } from '../support/api.ts'

const auth: AuthSettings = {
  issuer: 'https://login.example',
  jwksUri: 'https://login.example/jwks',
  tokenEndpoint: 'https://login.example/token',
}
const configuration = (settings?: AuthSettings) =>
  testApi({ tenant: settings ? { auth: settings } : {} }).get('/.well-known/smart-configuration', {
    accept: 'application/json',
  })
const security = async (settings?: AuthSettings) => {
  const { body } = await testApi({ tenant: settings ? { auth: settings } : {} }).get<CapabilityStatement>('/metadata')
  return body.rest![0]!.security
}

describe('.well-known/smart-configuration', () => {
  test('says of the issuer of the tenant how a system gets a token', async () => {
    const { status, headers, body } = await configuration({ ...auth, algorithms: ['ES384'] })
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json; charset=utf-8' })
    expect(body).toMatchObject({
      issuer: 'https://login.example',
      jwks_uri: 'https://login.example/jwks',
      token_endpoint: 'https://login.example/token',
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['ES384'],
      code_challenge_methods_supported: ['S256'],
      capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
    })
    expect(body.scopes_supported).toContain('system/*.cruds')
    expect(body).not.toHaveProperty('authorization_endpoint')
  })

  test('says how an app signs people in where the tenant says where', async () => {
    const { body } = await configuration({ ...auth, authorizationEndpoint: 'https://login.example/authorize' })
    expect(body).toMatchObject({
      authorization_endpoint: 'https://login.example/authorize',
      grant_types_supported: ['authorization_code', 'client_credentials'],
      response_types_supported: ['code'],
      capabilities: expect.arrayContaining(['launch-standalone', 'permission-patient', 'permission-user']),
    })
  })

  test('is not there where nobody knows a token endpoint', async () => {
    expect((await configuration()).status).toBe(404)
    expect((await configuration({ issuer: 'https://login.example' })).status).toBe(404)
  })
})

describe('metadata', () => {
  test('names SMART on FHIR and its endpoints where the tenant has an issuer, and nothing where not', async () => {
    expect(await security()).toBeUndefined()
    expect((await security({ issuer: 'https://login.example' }))?.extension).toBeUndefined()
    // Of the two that the extension demands one is missing.
    expect((await security(auth))?.extension).toBeUndefined()
    expect(await security({ ...auth, authorizationEndpoint: 'https://login.example/authorize' })).toEqual({
      service: [
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }],
        },
      ],
      extension: [
        {
          url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
          extension: [
            { url: 'token', valueUri: 'https://login.example/token' },
            { url: 'authorize', valueUri: 'https://login.example/authorize' },
          ],
        },
      ],
    })
  })
})
