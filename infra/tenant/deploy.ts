import { stackNameOf } from '../tenant-stack.ts'
import type { Tenant } from '../tenants.ts'
import { aws, cdk, requireAccount } from './aws.ts'
import { type Command, type Shell, textOf } from './shell.ts'

export interface DeployOptions {
  /** for how long the alarms of the canaries must stay quiet */
  watchMinutes: number
  /** how many stacks are deployed at once */
  batch: number
  /** only say what would be done */
  dryRun: boolean
}

/** Alarms went off after a deployment; what was to follow has not been deployed. */
export class AlarmsWentOff extends Error {
  constructor(alarms: readonly string[]) {
    super(
      `These alarms are on: ${alarms.join(', ')}. Nothing more is deployed. What to do about each: docs/operations/runbooks.md`,
    )
    this.name = 'AlarmsWentOff'
  }
}

/** Who is deployed together, in order: the canaries, then the others by so many. Pure. */
export const wavesOf = (tenants: readonly Tenant[], batch: number): { canaries: Tenant[]; others: Tenant[][] } => {
  const others = tenants.filter(({ deployment }) => !deployment.canary)
  return {
    canaries: tenants.filter(({ deployment }) => deployment.canary),
    others: Array.from({ length: Math.ceil(others.length / batch) }, (_, n) =>
      others.slice(n * batch, (n + 1) * batch),
    ),
  }
}

const A_MINUTE = 60_000

const alarmsOf = (tenant: Tenant): Command =>
  aws(
    tenant,
    ...['cloudwatch', 'describe-alarms', '--state-value', 'ALARM'],
    ...['--alarm-name-prefix', `${stackNameOf(tenant.settings.id)}-`],
  )

const requireQuiet = async (shell: Shell, tenants: readonly Tenant[]): Promise<void> => {
  const answers = await Promise.all(tenants.map((tenant) => shell.read(alarmsOf(tenant))))
  const alarms = answers.flatMap((answer) => (answer as { MetricAlarms: { AlarmName: string }[] }).MetricAlarms)
  if (alarms.length) throw new AlarmsWentOff(alarms.map(({ AlarmName }) => AlarmName))
}

/** Looks at the alarms of tenants each minute for so long. @throws AlarmsWentOff, WrongAccount, CommandFailed */
export const watch = async (shell: Shell, tenants: readonly Tenant[], minutes: number): Promise<void> => {
  await requireAccount(shell, tenants)
  shell.say(`Watching alarms for ${minutes} minutes …`)
  for (let minute = 0; minute < minutes; minute += 1) {
    await shell.wait(A_MINUTE)
    await requireQuiet(shell, tenants)
  }
}

/**
 * Deploys the canaries and watches their alarms, then the others, some at once, with a look at the alarms of each such batch.
 * @throws AlarmsWentOff, WrongAccount, CommandFailed; what was to come after is not deployed
 */
export const deploy = async (shell: Shell, tenants: readonly Tenant[], options: DeployOptions): Promise<void> => {
  const { watchMinutes, batch, dryRun } = options
  const { canaries, others } = wavesOf(tenants, batch)
  if (dryRun) {
    saySteps(shell, canaries, others, options)
    return
  }
  await requireAccount(shell, tenants)
  if (canaries.length) await shell.run(deployment(canaries, batch))
  if (canaries.length && others.length) await watch(shell, canaries, watchMinutes)
  for (const together of others) {
    await shell.run(deployment(together, batch))
    await requireQuiet(shell, together)
  }
}

const deployment = (tenants: readonly Tenant[], batch: number): Command =>
  cdk('deploy', tenants, ...['--require-approval', 'never', '--concurrency', String(Math.min(batch, tenants.length))])

const saySteps = (
  shell: Shell,
  canaries: readonly Tenant[],
  others: readonly (readonly Tenant[])[],
  { batch, watchMinutes }: DeployOptions,
): void => {
  if (canaries.length) shell.say(textOf(deployment(canaries, batch)))
  if (canaries.length && others.length) {
    shell.say(`# for ${watchMinutes} minutes, each minute; it goes no further when one is on:`)
    for (const tenant of canaries) shell.say(textOf(alarmsOf(tenant)))
  }
  for (const together of others) {
    shell.say(textOf(deployment(together, batch)))
    shell.say('# it goes no further when an alarm of these is on')
  }
}
