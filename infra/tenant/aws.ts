import { stackNameOf } from '../tenant-stack.ts'
import type { Tenant } from '../tenants.ts'
import type { Command, Shell } from './shell.ts'

/** A call of the AWS CLI in the tenant's region. */
export const aws = ({ deployment: { region } }: Tenant, ...args: string[]): Command => [
  'aws',
  ...args,
  ...(region ? ['--region', region] : []),
  '--output',
  'json',
]

/** A call of CDK; for one tenant only its stack is synthesized. */
export const cdk = (command: 'deploy' | 'diff' | 'destroy', tenants: readonly Tenant[], ...args: string[]): Command => [
  'cdk',
  command,
  ...tenants.map(({ settings }) => stackNameOf(settings.id)),
  ...(tenants.length === 1 ? ['--context', `tenant=${tenants[0]!.settings.id}`] : []),
  ...args,
]

/** The credentials are not of the account where the tenant is. */
export class WrongAccount extends Error {
  constructor({ settings, deployment }: Tenant, account: string) {
    super(
      `Tenant "${settings.id}" is in account ${deployment.account}, and these credentials are of ${account}. ` +
        'Take those of its account (AWS_PROFILE), or deploy its tenants by themselves.',
    )
    this.name = 'WrongAccount'
  }
}

/** Before anything is asked or done there. @throws WrongAccount */
export const requireAccount = async (shell: Shell, tenants: readonly Tenant[]): Promise<void> => {
  const { Account } = (await shell.read(['aws', 'sts', 'get-caller-identity', '--output', 'json'])) as {
    Account: string
  }
  const foreign = tenants.find(({ deployment }) => deployment.account !== undefined && deployment.account !== Account)
  if (foreign) throw new WrongAccount(foreign, Account)
}
