import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { InvalidTenant, LOCAL, readTenantFile, type Tenant, tenantFile, tenantIds } from '../tenants.ts'
import { add, TenantExists } from './add.ts'
import { ask } from './ask.ts'
import { cdk, WrongAccount } from './aws.ts'
import { AlarmsWentOff, deploy, watch } from './deploy.ts'
import { list } from './list.ts'
import { CannotRemove, remove } from './remove.ts'
import { CommandFailed, type Shell, terminal } from './shell.ts'

const USAGE = `Usage: npm run tenant -- <command>
  add <id>      writes infra/tenants/<id>.json; asks for what is not given by
                --name, --time-zone, --issuer, --account, --region, --email (more than once), --budget, --canary
  list          shows all tenants; --json
  diff <id>     what a deployment would change
  deploy <id>   deploys a tenant, or with --all every one: canaries first, then, when their alarms have been quiet
                for --watch-minutes (default 10), the others, --batch at once (default 5)
  watch <id>    looks at its alarms each minute for --watch-minutes; fails when one is on
  remove <id>   exports all to --export-to s3://<bucket>/<prefix>, then deletes; --confirm <id>;
                --keep-key leaves the key
Options
  --dry-run     of deploy and remove: only say what would be done
  --help        show this`

class WrongUsage extends Error {}

const OPTIONS = {
  name: { type: 'string' },
  'time-zone': { type: 'string' },
  issuer: { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
  email: { type: 'string', multiple: true },
  budget: { type: 'string' },
  canary: { type: 'boolean' },
  json: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  'watch-minutes': { type: 'string', default: '10' },
  batch: { type: 'string', default: '5' },
  'export-to': { type: 'string' },
  confirm: { type: 'string' },
  'keep-key': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new WrongUsage((error as Error).message)
  }
}
type Values = ReturnType<typeof parse>['values']

const numberFrom = (values: Values, name: 'watch-minutes' | 'batch', least: number): number => {
  const number = Number(values[name])
  if (!Number.isInteger(number) || number < least)
    throw new WrongUsage(`--${name} must be a whole number from ${least} on, not "${values[name]}".`)
  return number
}

const tenantOf = (id: string | undefined): Tenant => {
  if (id === undefined) throw new WrongUsage('Say which tenant.')
  if (!tenantIds().includes(id)) throw new WrongUsage(`There is no tenant "${id}". Known: ${tenantIds().join(', ')}.`)
  return readTenantFile(tenantFile(id))
}

/** All that are to be deployed: not the one of the one-machine runtime. */
const deployable = (): Tenant[] =>
  tenantIds()
    .filter((id) => id !== LOCAL)
    .map((id) => readTenantFile(tenantFile(id)))

const commands: Readonly<Record<string, (shell: Shell, values: Values, id?: string) => Promise<void>>> = {
  async add(shell, values, id) {
    if (id === undefined) throw new WrongUsage('Say what the tenant is to be called.')
    add(id, await ask(values))
    shell.say(`Written: ${tenantFile(id)}\nNext: npm run tenant -- deploy ${id}`)
  },
  async list(shell, { json }) {
    shell.say(list(deployable(), json))
  },
  async diff(shell, _values, id) {
    await shell.run(cdk('diff', [tenantOf(id)]))
  },
  async deploy(shell, values, id) {
    if (values.all === (id !== undefined)) throw new WrongUsage('Say which tenant, or --all.')
    await deploy(shell, values.all ? deployable() : [tenantOf(id)], {
      watchMinutes: numberFrom(values, 'watch-minutes', 0),
      batch: numberFrom(values, 'batch', 1),
      dryRun: values['dry-run'],
    })
  },
  async watch(shell, values, id) {
    await watch(shell, [tenantOf(id)], numberFrom(values, 'watch-minutes', 0))
  },
  async remove(shell, values, id) {
    const tenant = tenantOf(id)
    const { 'export-to': exportTo, confirm, 'dry-run': dryRun, 'keep-key': keepKey } = values
    if (!exportTo) throw new WrongUsage('Say where all is to be exported to: --export-to s3://<bucket>/<prefix>')
    if (!dryRun && confirm !== id)
      throw new WrongUsage(`This deletes all of "${id}". Look with --dry-run; to do it: --confirm ${id}`)
    await remove(shell, tenant, { exportTo, keepKey, dryRun })
  },
}

/** Does what the arguments say. @returns the exit code */
export const main = async (args: readonly string[], shell: Shell = terminal): Promise<number> => {
  try {
    const { values, positionals } = parse(args)
    const [name = '', id, ...more] = positionals
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (values.help) {
      shell.say(USAGE)
      return 0
    }
    if (!command || more.length)
      throw new WrongUsage(name ? `There is no command "${positionals.join(' ')}".` : 'Say what to do.')
    await command(shell, values, id)
    return 0
  } catch (error) {
    if (error instanceof WrongUsage) {
      console.error(`${error.message}\n\n${USAGE}`)
      return 2
    }
    const expected = [InvalidTenant, TenantExists, WrongAccount, AlarmsWentOff, CannotRemove, CommandFailed]
    if (!expected.some((type) => error instanceof type)) throw error
    console.error((error as Error).message)
    return 1
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
