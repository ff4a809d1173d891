import { describe, expect, test } from '@jest/globals'
import { defaultDeployment } from '../../../infra/deployment.ts'
import { remove } from '../../../infra/tenant/remove.ts'
import type { Tenant } from '../../../infra/tenants.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { RecordingShell } from './recording-shell.ts'

const tenant: Tenant = {
  settings: { ...defaultSettings, id: 'mercy' },
  deployment: { ...defaultDeployment, region: 'us-east-1' },
}
const options = { exportTo: 's3://archive/mercy', keepKey: false, dryRun: false }

const stack = (isProtected: boolean) =>
  [
    'describe-stacks',
    {
      Stacks: [
        {
          EnableTerminationProtection: isProtected,
          Outputs: [
            { OutputKey: 'TableArn', OutputValue: 'arn:table' },
            { OutputKey: 'KeyArn', OutputValue: 'arn:key' },
          ],
        },
      ],
    },
  ] as const
const table = (isProtected: boolean) =>
  ['describe-table', { Table: { DeletionProtectionEnabled: isProtected } }] as const
const identity = ['get-caller-identity', { Account: '111122223333' }] as const
const exporting = ['export-table', { ExportDescription: { ExportArn: 'arn:export' } }] as const
const status = (...all: string[]) =>
  ['describe-export', ...all.map((ExportStatus) => ({ ExportDescription: { ExportStatus } }))] as const
const open = [identity, stack(false), table(false), exporting] as const

const DELETES = /^cdk destroy|delete-table|schedule-key-deletion/
const deletions = ({ done }: RecordingShell) => done.filter((line) => DELETES.test(line))

describe('remove', () => {
  test('exports all, waits until that is done, then deletes stack, table and key', async () => {
    const shell = new RecordingShell(...open, status('IN_PROGRESS', 'COMPLETED'))
    await remove(shell, tenant, options)
    expect(shell.done.slice(3)).toEqual([
      'aws dynamodb export-table-to-point-in-time --table-arn arn:table --s3-bucket archive --s3-prefix mercy --s3-sse-algorithm AES256 --region us-east-1 --output json',
      'aws dynamodb describe-export --export-arn arn:export --region us-east-1 --output json',
      'wait 30',
      'aws dynamodb describe-export --export-arn arn:export --region us-east-1 --output json',
      'cdk destroy careloop-mercy --context tenant=mercy --force',
      'aws dynamodb delete-table --table-name arn:table --region us-east-1 --output json',
      'aws kms schedule-key-deletion --key-id arn:key --pending-window-in-days 30 --region us-east-1 --output json',
    ])
    expect(shell.said.join()).toMatch(/30 days.*cancel-key-deletion/)
  })

  test('leaves the key when told to', async () => {
    const shell = new RecordingShell(...open, status('COMPLETED'))
    await remove(shell, tenant, { ...options, keepKey: true })
    expect(deletions(shell)).toHaveLength(2)
  })

  test.each([
    ['the stack', [identity, stack(true), table(false)], /update-termination-protection.*careloop-mercy/],
    ['the table', [identity, stack(false), table(true)], /update-table --no-deletion-protection-enabled/],
  ] as const)('is refused while %s is protected, and says how to lift that', async (_what, answers, message) => {
    const shell = new RecordingShell(...answers)
    await expect(remove(shell, tenant, options)).rejects.toThrow(message)
    expect(deletions(shell)).toEqual([])
    expect(shell.done.join()).not.toContain('export-table')
  })

  test('deletes nothing when the export fails', async () => {
    const shell = new RecordingShell(...open, status('IN_PROGRESS', 'FAILED'))
    await expect(remove(shell, tenant, options)).rejects.toThrow(/Nothing was deleted/)
    expect(deletions(shell)).toEqual([])
  })

  test('exports to a bucket, and nowhere else', async () => {
    const shell = new RecordingShell(...open)
    await expect(remove(shell, tenant, { ...options, exportTo: '/tmp' })).rejects.toThrow(/must be s3:/)
    expect(deletions(shell)).toEqual([])
  })

  test('says every step in a dry run, and takes none', async () => {
    const shell = new RecordingShell()
    await remove(shell, tenant, { ...options, dryRun: true })
    expect(shell.done).toEqual([])
    expect(shell.said.filter((line) => DELETES.test(line))).toHaveLength(3)
    expect(shell.said.join()).toContain('export-table-to-point-in-time')
  })
})
