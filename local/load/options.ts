import { parseArgs } from 'node:util'
import { CannotLoad } from './cannot-load.ts'

/** What one transaction may hold: as much as the server takes. */
export const TRANSACTION_SIZE = 5_000
/** Of resources. With what a Bundle adds to them and the quoting of a Lambda event, this stays below the 6 MB of one request. */
export const TRANSACTION_BYTES = 5_000_000

export interface LoadOptions {
  paths: readonly string[]
  /** base URL without a slash at its end */
  server: string
  concurrency: number
  transactionSize: number
  /** where the JSON report goes */
  report?: string
  restart: boolean
  /** what refers to something that is nowhere does not count as lost */
  acceptMissing: boolean
}

export const USAGE = `Loads FHIR R4 files into a running Careloop.

  npm run load -- <file or folder ...> [options]

Reads Bundles (transaction, batch, collection, document, searchset) and single resources from .json files, and one resource
per line from .ndjson files. Folders are searched to the bottom. Files of hospitals and practitioners go first: whatever is named
0-* or lies in a folder named 0-*, and Synthea's hospitalInformation* and practitionerInformation*.
A transaction Bundle of up to --transaction-size writes and 5 MB of resources is loaded whole or not at all. A larger one is sent in
parts, each after what it refers to, and so is whatever else holds many resources: what is refused is left out and told, the rest is
loaded. Resources of types the service does not serve are left out and counted; references to them are kept, as Type/id.
What refers to something that is not on the server yet is tried again after all other files, as often as that helps.
Loading again is safe: each resource goes to the id it had last time, and what has not changed is not written.

  --server URL             base URL of the service (default http://localhost:3000/fhir)
  --concurrency N          files under way at once (default 4)
  --transaction-size N     most writes of one transaction, up to 5000; larger Bundles are split (default ${TRANSACTION_SIZE})
  --report FILE            write a JSON report there
  --accept-missing         end with 0 even if resources were refused because they refer to what is nowhere
  --restart                forget what earlier runs have loaded and send everything again
  --help                   this text

A bearer token, where the service wants one, is read from the environment variable CARELOOP_TOKEN; without it, one is got from the
development issuer of a service on this machine.
Ends with 0 when every resource of a served type was acknowledged by the server, with 1 when anything was lost.`

const SEE_HELP = 'See npm run load -- --help'

const positiveInteger = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new CannotLoad(`--${name} wants a whole number above 0, not "${text}".`)
  return value
}

const baseUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new CannotLoad(`--server wants a URL such as http://localhost:3000/fhir, not "${text}".`)
  }
  return text.replace(/\/+$/, '')
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        server: { type: 'string', default: 'http://localhost:3000/fhir' },
        concurrency: { type: 'string', default: '4' },
        'transaction-size': { type: 'string', default: String(TRANSACTION_SIZE) },
        report: { type: 'string' },
        restart: { type: 'boolean', default: false },
        'accept-missing': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    const [problem] = (error as Error).message.split('. ')
    throw new CannotLoad(`${problem}. ${SEE_HELP}`)
  }
}

/** Reads the command line. @throws CannotLoad that says which argument is wrong */
export const readOptions = (args: readonly string[]): LoadOptions | 'help' => {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  if (positionals.length === 0) throw new CannotLoad(`Name at least one file or folder to load. ${SEE_HELP}`)
  return {
    paths: positionals,
    server: baseUrl(values.server),
    concurrency: positiveInteger('concurrency', values.concurrency),
    transactionSize: positiveInteger('transaction-size', values['transaction-size']),
    ...(values.report && { report: values.report }),
    restart: values.restart,
    acceptMissing: values['accept-missing'],
  }
}
