import { stackNameOf } from '../tenant-stack.ts'
import { type Tenant, tenantFile } from '../tenants.ts'
import { aws, cdk, requireAccount } from './aws.ts'
import { type Command, type Shell, textOf } from './shell.ts'

export interface RemoveOptions {
  /** where everything is exported to before it is deleted: `s3://bucket/prefix` */
  exportTo: string
  /** leave the key: its backups stay readable until they expire */
  keepKey: boolean
  dryRun: boolean
}

/** The tenant may not be removed yet. */
export class CannotRemove extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'CannotRemove'
  }
}

/** Names of what is deployed. */
interface Deployed {
  tableArn: string
  keyArn: string
}

const S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/

const HALF_A_MINUTE = 30_000

/** KMS deletes a key after 7 to 30 days, in which it can be taken back. */
const DAYS_TO_TAKE_BACK = '30'

const describeStack = (tenant: Tenant): Command =>
  aws(tenant, 'cloudformation', 'describe-stacks', '--stack-name', stackNameOf(tenant.settings.id))

const describeTable = (tenant: Tenant, tableArn: string): Command =>
  aws(tenant, 'dynamodb', 'describe-table', '--table-name', tableArn)

const unprotectStack = (tenant: Tenant): Command =>
  aws(
    tenant,
    ...['cloudformation', 'update-termination-protection', '--no-enable-termination-protection'],
    ...['--stack-name', stackNameOf(tenant.settings.id)],
  )

const unprotectTable = (tenant: Tenant, tableArn: string): Command =>
  aws(tenant, 'dynamodb', 'update-table', '--no-deletion-protection-enabled', '--table-name', tableArn)

/** Not under the tenant's key, which is about to go. */
const exportTable = (tenant: Tenant, tableArn: string, exportTo: string): Command => {
  const [, bucket, prefix] = S3.exec(exportTo) ?? []
  if (!bucket) throw new CannotRemove(`--export-to must be s3://<bucket>/<prefix>, not "${exportTo}".`)
  return aws(
    tenant,
    ...['dynamodb', 'export-table-to-point-in-time', '--table-arn', tableArn, '--s3-bucket', bucket],
    ...['--s3-prefix', prefix || stackNameOf(tenant.settings.id), '--s3-sse-algorithm', 'AES256'],
  )
}

const describeExport = (tenant: Tenant, exportArn: string): Command =>
  aws(tenant, 'dynamodb', 'describe-export', '--export-arn', exportArn)

/** What deletes, in order. */
const deletions = (tenant: Tenant, { tableArn, keyArn }: Deployed, keepKey: boolean): Command[] => [
  cdk('destroy', [tenant], '--force'),
  aws(tenant, 'dynamodb', 'delete-table', '--table-name', tableArn),
  ...(keepKey
    ? []
    : [aws(tenant, 'kms', 'schedule-key-deletion', '--key-id', keyArn, '--pending-window-in-days', DAYS_TO_TAKE_BACK)]),
]

const requireUnprotected = async (shell: Shell, tenant: Tenant): Promise<Deployed> => {
  const { Stacks } = (await shell.read(describeStack(tenant))) as {
    Stacks: { EnableTerminationProtection?: boolean; Outputs?: { OutputKey: string; OutputValue: string }[] }[]
  }
  const [stack] = Stacks
  const output = (key: string): string => {
    const found = stack?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue
    if (!found)
      throw new CannotRemove(`The stack ${stackNameOf(tenant.settings.id)} has no output ${key}: deploy it once more.`)
    return found
  }
  if (stack?.EnableTerminationProtection)
    throw new CannotRemove(
      `The stack is protected against termination. To lift that: ${textOf(unprotectStack(tenant))}`,
    )
  const deployed: Deployed = { tableArn: output('TableArn'), keyArn: output('KeyArn') }
  const { Table } = (await shell.read(describeTable(tenant, deployed.tableArn))) as {
    Table: { DeletionProtectionEnabled?: boolean }
  }
  if (Table.DeletionProtectionEnabled)
    throw new CannotRemove(
      `The table is protected against deletion. To lift that: ${textOf(unprotectTable(tenant, deployed.tableArn))}`,
    )
  return deployed
}

const waitForExport = async (shell: Shell, tenant: Tenant, exportArn: string): Promise<void> => {
  for (;;) {
    const { ExportDescription } = (await shell.read(describeExport(tenant, exportArn))) as {
      ExportDescription: { ExportStatus: string; FailureMessage?: string }
    }
    const { ExportStatus, FailureMessage } = ExportDescription
    if (ExportStatus === 'COMPLETED') return
    if (ExportStatus === 'FAILED')
      throw new CannotRemove(`The export has failed (${FailureMessage ?? 'for no given reason'}). Nothing was deleted.`)
    await shell.wait(HALF_A_MINUTE)
  }
}

const whatRemains = ({ settings }: Tenant, keepKey: boolean): string[] => [
  keepKey
    ? 'The key is still there: schedule its deletion when no backup is needed any more.'
    : `The key is deleted in ${DAYS_TO_TAKE_BACK} days; then its backups and logs can be read by nobody. To take it back: aws kms cancel-key-deletion`,
  `Backups and log groups stay until they expire. The settings are still in ${tenantFile(settings.id)}: delete the file.`,
]

const saySteps = (shell: Shell, tenant: Tenant, { exportTo, keepKey }: RemoveOptions): void => {
  const deployed: Deployed = { tableArn: '<TableArn>', keyArn: '<KeyArn>' }
  shell.say('# refused while one of these says that it is protected; <TableArn> and <KeyArn> are outputs of the stack:')
  for (const command of [describeStack(tenant), describeTable(tenant, deployed.tableArn)]) shell.say(textOf(command))
  shell.say('# everything is exported, and waited for until it says COMPLETED:')
  shell.say(textOf(exportTable(tenant, deployed.tableArn, exportTo)))
  shell.say(textOf(describeExport(tenant, '<ExportArn>')))
  shell.say('# then deleted:')
  for (const command of deletions(tenant, deployed, keepKey)) shell.say(textOf(command))
}

/**
 * Exports all of a tenant, then deletes its stack, its table and, 30 days later, its key.
 * @throws CannotRemove while anything is protected or when the export fails; then nothing is deleted
 */
export const remove = async (shell: Shell, tenant: Tenant, options: RemoveOptions): Promise<void> => {
  if (options.dryRun) {
    saySteps(shell, tenant, options)
    return
  }
  await requireAccount(shell, [tenant])
  const deployed = await requireUnprotected(shell, tenant)
  const { ExportDescription } = (await shell.read(exportTable(tenant, deployed.tableArn, options.exportTo))) as {
    ExportDescription: { ExportArn: string }
  }
  shell.say(`Exporting to ${options.exportTo} …`)
  await waitForExport(shell, tenant, ExportDescription.ExportArn)
  for (const command of deletions(tenant, deployed, options.keepKey)) await shell.run(command)
  for (const line of whatRemains(tenant, options.keepKey)) shell.say(line)
}
