import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { InvalidTenant, readTenant, TENANTS_DIRECTORY, tenantIds } from '../../infra/tenants.ts'
import { defaultSettings } from '../../lib/tenant.ts'

describe('readTenant', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'careloop-tenants-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const settings = { ...defaultSettings, id: 'mercy' }
  const read = (content: object | string, name = 'mercy.json') => {
    const file = join(directory, name)
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return readTenant(file)
  }

  test('gives the settings of a well-formed file', () => {
    expect(read(settings)).toEqual(settings)
    const actors = { placerCancelInProgress: true, reopenRoles: ['supervisor'] }
    const options = { updateCreate: false, requireIfMatch: true, referentialIntegrity: 'enforce', ...actors }
    expect(read({ ...settings, ...options })).toEqual({ ...settings, ...options })
  })

  test('gives the issuer of its tokens', () => {
    const auth = {
      issuer: 'https://login.mercy.example',
      audience: 'https://fhir.mercy.example',
      jwksUri: 'https://login.mercy.example/jwks',
      tokenEndpoint: 'https://login.mercy.example/token',
      authorizationEndpoint: 'https://login.mercy.example/authorize',
      algorithms: ['ES384'],
    }
    expect(read({ ...settings, auth }).auth).toEqual(auth)
  })

  test.each([
    ['without TLS', { issuer: 'http://login.mercy.example' }, /auth\.issuer: must be an https address/],
    ['on this machine', { issuer: 'http://localhost:3000' }, /auth\.issuer: must be an https address/],
    [
      'whose keys are',
      { issuer: 'https://a.example', jwksUri: 'file:///etc/passwd' },
      /auth\.jwksUri: must be an https address/,
    ],
    [
      'that signs with a shared secret',
      { issuer: 'https://a.example', algorithms: ['HS256'] },
      /auth\.algorithms\.0: must be one of RS256/,
    ],
    [
      'that signs with nothing',
      { issuer: 'https://a.example', algorithms: [] },
      /auth\.algorithms: must name at least one/,
    ],
    ['that is none', {}, /auth\.issuer/],
  ])('refuses an issuer %s', (_what, auth, reason) => {
    expect(() => read({ ...settings, auth })).toThrow(reason)
  })

  test('fills in business hours and the managers where a file names none', () => {
    const { businessHours, managerPool, ...former } = settings
    expect(read(former)).toEqual({ ...former, businessHours, managerPool })
  })

  test.each([
    [
      'an unknown time zone',
      { ...settings, timeZone: 'America/Gotham' },
      /mercy\.json.*timeZone: must be an IANA time zone/,
    ],
    ['a setting nobody knows', { ...settings, timezone: 'America/Chicago' }, /mercy\.json.*timezone/],
    ['a missing setting', { ...settings, lateNoticeDays: undefined }, /mercy\.json.*lateNoticeDays/],
    [
      'a holiday that is no date',
      { ...settings, holidays: { base: 'none', extra: ['2026-02-30'] } },
      /holidays\.extra\.0: must be a local date/,
    ],
    [
      'a role without a system',
      { ...settings, careManagerRoles: ['768820003'] },
      /careManagerRoles\.0: must be "system\|code"/,
    ],
    [
      'one pool for both duties',
      { ...settings, supervisorPool: settings.careManagementPool },
      /supervisorPool\.id: must differ/,
    ],
    [
      'one pool for both escalations',
      { ...settings, managerPool: settings.supervisorPool },
      /managerPool\.id: must differ from supervisorPool/,
    ],
    [
      'a day that ends before it begins',
      { ...settings, businessHours: { start: '17:00', end: '08:00' } },
      /businessHours\.end: must be after start/,
    ],
    [
      'an hour that is none',
      { ...settings, businessHours: { start: '8am', end: '17:00' } },
      /businessHours\.start: must be a local time/,
    ],
    ['an id that is not the name of the file', { ...settings, id: 'other' }, /id: must be "mercy"/],
    [
      'more than fits the environment of a function',
      { ...settings, holidays: { base: 'none', extra: Array.from({ length: 300 }, () => '2026-12-24') } },
      /at most 3000 bytes/,
    ],
    ['an integrity nobody knows', { ...settings, referentialIntegrity: 'strict' }, /referentialIntegrity: must be off/],
    ['a structure nobody knows', { ...settings, structure: 'half' }, /structure: must be whole or searched/],
    ['no JSON', '{', /mercy\.json.*cannot be read as JSON/],
  ])('refuses %s, naming file and rule', (_what, content, message) => {
    expect(() => read(content)).toThrow(InvalidTenant)
    expect(() => read(content)).toThrow(message)
  })
})

test('every tenant of the repository is valid, and one is called local', () => {
  expect(tenantIds()).toContain('local')
  for (const id of tenantIds()) expect(readTenant(join(TENANTS_DIRECTORY, `${id}.json`)).id).toBe(id)
})

test('the tenant "local" is the default of the code', () => {
  expect(readTenant(join(TENANTS_DIRECTORY, 'local.json'))).toEqual(defaultSettings)
})
