import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type Answers, add, TenantExists } from '../../../infra/tenant/add.ts'
import { main } from '../../../infra/tenant/main.ts'
import { textOf } from '../../../infra/tenant/shell.ts'
import { InvalidTenant, readTenantFile, tenantIds } from '../../../infra/tenants.ts'
import { RecordingShell } from './recording-shell.ts'

describe('add', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'careloop-tenants-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const answers: Answers = {
    ...{ name: 'Mercy', timeZone: 'America/Chicago', issuer: 'https://login.mercy.example' },
    ...{
      account: '111122223333',
      region: 'us-east-2',
      emails: ['on-call@mercy.example'],
      canary: true,
      budgetUsd: 300,
    },
  }

  test('writes a tenant that can be deployed as it is', () => {
    add('mercy', answers, directory)
    const { settings, deployment } = readTenantFile(join(directory, 'mercy.json'))
    expect(settings).toMatchObject({ id: 'mercy', name: 'Mercy', auth: { issuer: 'https://login.mercy.example' } })
    expect(deployment).toMatchObject({ account: '111122223333', region: 'us-east-2', canary: true, budgetUsd: 300 })
    expect(deployment.alarms.emails).toEqual(['on-call@mercy.example'])
  })

  test('never writes over one', () => {
    add('mercy', answers, directory)
    expect(() => add('mercy', { ...answers, name: 'Other' }, directory)).toThrow(TenantExists)
    expect(readTenantFile(join(directory, 'mercy.json')).settings.name).toBe('Mercy')
  })

  test('leaves no file that is not valid', () => {
    expect(() => add('mercy', { ...answers, timeZone: 'Gotham' }, directory)).toThrow(InvalidTenant)
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('npm run tenant', () => {
  const error = jest.spyOn(console, 'error').mockImplementation(() => undefined)
  beforeEach(() => {
    error.mockClear()
  })

  const run = async (...args: string[]) => {
    const shell = new RecordingShell()
    return { code: await main(args, shell), shell }
  }

  test('list shows what can be deployed; as JSON for the matrix of a workflow', async () => {
    const { shell } = await run('list', '--json')
    const rows = JSON.parse(shell.said.join()) as { id: string; canary: boolean }[]
    expect(rows.map(({ id }) => id)).toEqual(tenantIds().filter((id) => id !== 'local'))
    expect(rows.find(({ id }) => id === 'example-county')).toMatchObject({ canary: true, region: 'us-west-2' })
  })

  test('diff is of one tenant', async () => {
    const { shell } = await run('diff', 'example-county')
    expect(shell.done).toEqual(['cdk diff careloop-example-county --context tenant=example-county'])
  })

  test('deploy --all leaves out the tenant of the one-machine runtime', async () => {
    const { shell } = await run('deploy', '--all', '--dry-run')
    expect(shell.said.join()).toContain('careloop-example-hospital')
    expect(shell.said.join()).not.toContain('careloop-local')
  })

  test('remove wants the name of the tenant twice', async () => {
    const { code, shell } = await run('remove', 'example-county', '--export-to', 's3://archive')
    expect([code, shell.done]).toEqual([2, []])
    expect(error.mock.calls.join()).toContain('--confirm example-county')
  })

  test.each([
    ['nothing', [], /Say what to do/],
    ['a command that there is not', ['destroy'], /no command "destroy"/],
    ['a name that every object has', ['constructor'], /no command "constructor"/],
    ['a tenant that there is not', ['deploy', 'gotham'], /no tenant "gotham"/],
    ['one and all', ['deploy', 'example-county', '--all'], /or --all/],
    ['no number', ['deploy', '--all', '--batch', 'many'], /--batch must be a whole number/],
    ['an option that there is not', ['list', '--force'], /--force/],
    ['no place to export to', ['remove', 'example-county'], /--export-to/],
  ])('refuses %s, with how it is used', async (_what, args, message) => {
    const { code } = await run(...args)
    expect(code).toBe(2)
    expect(error.mock.calls.join()).toMatch(message)
    expect(error.mock.calls.join()).toContain('Usage: npm run tenant')
  })
})

test('a command is shown as one would type it', () => {
  expect(textOf(['aws', 'a b', "it's", '--x=1'])).toBe(`aws 'a b' 'it'\\''s' --x=1`)
})
