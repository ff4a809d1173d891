import { describe, expect, test } from '@jest/globals'
import { type DeploymentSettings, defaultDeployment } from '../../../infra/deployment.ts'
import { deploy, wavesOf } from '../../../infra/tenant/deploy.ts'
import type { Tenant } from '../../../infra/tenants.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { RecordingShell } from './recording-shell.ts'

const tenant = (id: string, deployment: Partial<DeploymentSettings> = {}): Tenant => ({
  settings: { ...defaultSettings, id },
  deployment: { ...defaultDeployment, ...deployment },
})
const options = { watchMinutes: 2, batch: 2, dryRun: false }
const identity = ['get-caller-identity', { Account: '111122223333' }] as const
const quiet = ['describe-alarms', { MetricAlarms: [] }] as const
const tenants = [tenant('a'), tenant('b', { canary: true }), tenant('c'), tenant('d')]

const deployments = ({ done }: RecordingShell) => done.filter((line) => line.startsWith('cdk'))

test('canaries come first, then the others by so many', () => {
  const ids = (together: readonly Tenant[]) => together.map(({ settings }) => settings.id)
  const { canaries, others } = wavesOf(tenants, 2)
  expect([ids(canaries), others.map(ids)]).toEqual([['b'], [['a', 'c'], ['d']]])
  expect(wavesOf([tenants[1]!], 5).others).toEqual([])
})

describe('deploy', () => {
  test('watches the canaries each minute before it goes on', async () => {
    const shell = new RecordingShell(identity, quiet)
    await deploy(shell, tenants, options)
    expect(shell.done.map((line) => line.replace(/^aws cloudwatch.*prefix (\S+) .*/, 'alarms of $1'))).toEqual([
      'aws sts get-caller-identity --output json',
      'cdk deploy careloop-b --context tenant=b --require-approval never --concurrency 1',
      'aws sts get-caller-identity --output json',
      'wait 60',
      'alarms of careloop-b-',
      'wait 60',
      'alarms of careloop-b-',
      'cdk deploy careloop-a careloop-c --require-approval never --concurrency 2',
      'alarms of careloop-a-',
      'alarms of careloop-c-',
      'cdk deploy careloop-d --context tenant=d --require-approval never --concurrency 1',
      'alarms of careloop-d-',
    ])
  })

  test('stops at the first alarm of a canary', async () => {
    const alarm = { MetricAlarms: [{ AlarmName: 'careloop-b-api-errors' }] }
    const shell = new RecordingShell(identity, ['describe-alarms', { MetricAlarms: [] }, alarm])
    await expect(deploy(shell, tenants, options)).rejects.toThrow(/careloop-b-api-errors.*Nothing more is deployed/)
    expect(deployments(shell)).toHaveLength(1)
  })

  test('stops after a batch with an alarm', async () => {
    const alarm = { MetricAlarms: [{ AlarmName: 'careloop-a-api-errors' }] }
    const shell = new RecordingShell(identity, ['prefix careloop-a-', alarm], quiet)
    await expect(deploy(shell, tenants, options)).rejects.toThrow(/careloop-a-api-errors/)
    expect(deployments(shell).at(-1)).toContain('careloop-a careloop-c')
  })

  test('does nothing with credentials of another account, where alarms would look quiet', async () => {
    const shell = new RecordingShell(identity, quiet)
    const elsewhere = tenant('e', { account: '444455556666' })
    await expect(deploy(shell, [...tenants, elsewhere], options)).rejects.toThrow(/"e" is in account 444455556666/)
    expect(deployments(shell)).toEqual([])
  })

  test('asks for alarms in the region of the tenant', async () => {
    const shell = new RecordingShell(identity, quiet)
    await deploy(shell, [tenant('f', { region: 'us-west-2' })], options)
    expect(shell.done.at(-1)).toContain('--region us-west-2')
  })

  test('says only what it would do, in a dry run', async () => {
    const shell = new RecordingShell()
    await deploy(shell, tenants, { ...options, dryRun: true })
    expect(shell.done).toEqual([])
    expect(shell.said.filter((line) => line.startsWith('cdk'))).toHaveLength(3)
  })
})
