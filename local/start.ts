import { parseArgs } from 'node:util'
import { InvalidTenant } from '../infra/tenants.ts'
import type { Instant } from '../lib/fhir.ts'
import { PortTaken } from './api-gateway.ts'
import { type Runtime, startRuntime, UnknownTenant } from './careloop-runtime.ts'
import { instantFrom } from './clock-endpoint.ts'
import { DataInUse } from './data-folder.ts'
import { JavaMissing } from './dynamodb-local.ts'

const USAGE = `Usage: npm start -- [options]
  --port <number>     port on 127.0.0.1 (default 3000)
  --in-memory         keep nothing; otherwise data is kept under .careloop/
  --open              ask nobody for a token; otherwise npm run -s token -- --scope "system/*.cruds" prints one
  --clock <instant>   start with a simulated clock, e.g. 2026-11-25T14:00:00Z; move it with POST /_local/clock
  --tenant <id>       which of infra/tenants/<id>.json (default local)
  --help              show this`

const STOP_WITHIN_MS = 10_000

interface StartOptions {
  port: number
  inMemory: boolean
  open: boolean
  clock: Instant | undefined
  tenant: string
}

class WrongUsage extends Error {}

const portFrom = (text: string): number => {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new WrongUsage(`--port must be a number from 0 to 65535, not "${text}".`)
  return port
}

const clockFrom = (text: string | undefined): Instant | undefined => {
  try {
    return text === undefined ? undefined : instantFrom(text)
  } catch {
    throw new WrongUsage(`--clock must be an instant with an offset such as 2026-11-25T14:00:00Z, not "${text}".`)
  }
}

const readOptions = (): StartOptions | 'help' => {
  let values: { [name: string]: string | boolean | undefined }
  try {
    ;({ values } = parseArgs({
      options: {
        port: { type: 'string', default: '3000' },
        'in-memory': { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        clock: { type: 'string' },
        tenant: { type: 'string', default: 'local' },
        help: { type: 'boolean', default: false },
      },
    }))
  } catch (error) {
    throw new WrongUsage((error as Error).message)
  }
  if (values.help) return 'help'
  return {
    port: portFrom(String(values.port)),
    inMemory: values['in-memory'] === true,
    open: values.open === true,
    clock: clockFrom(values.clock as string | undefined),
    tenant: String(values.tenant),
  }
}

const OPEN_WARNING = `
  !! OPEN MODE: nobody is asked for a token; whoever can reach this machine's loopback interface reads and writes everything.
  !! Use it with made-up patients only.`

const announce = ({ baseUrl, settings, data, clock }: Runtime, options: StartOptions): void => {
  const clockUrl = new URL('/_local/clock', baseUrl)
  const time = options.clock
    ? `simulated, it is ${clock.now()}; move it: curl -X POST ${clockUrl} -d '{"advance":"PT1H"}'`
    : "the machine's"
  const { port } = new URL(baseUrl)
  const ask = `npm run -s token -- --scope "system/*.cruds"${port === '3000' ? '' : ` --port ${port}`}`
  console.log(`Careloop is ready at ${baseUrl}
  tenant  ${settings.id} (${settings.name}), ${settings.timeZone}
  data    ${data}
  clock   ${time}
  try     curl ${baseUrl}/metadata
${options.open ? OPEN_WARNING : `          TOKEN=$(${ask})\n          curl -H "Authorization: Bearer $TOKEN" ${baseUrl}/Task`}

Ctrl-C stops it.`)
}

/** Stops once, whatever asks for it and however often: a terminal and npm both pass Ctrl-C on. */
const stopOnSignal = (started: () => Runtime | undefined): void => {
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    await started()?.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop())
  // Whoever started us is gone without a word: a killed parent must not leave us holding the port.
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && void stop(), 1_000).unref()
}

const main = async (): Promise<void> => {
  const options = readOptions()
  if (options === 'help') {
    console.log(USAGE)
    return
  }
  let runtime: Runtime | undefined
  stopOnSignal(() => runtime)
  runtime = await startRuntime(options)
  announce(runtime, options)
}

const EXPLAINED = [WrongUsage, PortTaken, DataInUse, JavaMissing, UnknownTenant, InvalidTenant]

try {
  await main()
} catch (error) {
  if (EXPLAINED.some((kind) => error instanceof kind)) console.error((error as Error).message)
  else console.error(error)
  if (error instanceof WrongUsage) console.error(USAGE)
  process.exit(1)
}
