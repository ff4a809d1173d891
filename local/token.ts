import { parseArgs } from 'node:util'
import { NoToken, requestToken } from './issuer/request-token.ts'

/** `npm run -s token -- --scope "system/*.cruds"`: prints a token for the service that runs on this machine, and nothing else. */

const USAGE = `Usage: npm run -s token -- --scope "system/*.cruds" [options]
  --scope <scopes>       SMART scopes, parted by spaces
  --fhir-user <ref>      who is signed in, e.g. Practitioner/nora
  --roles <roles>        their roles, parted by spaces
  --patient <id>         the patient in context, for patient/ scopes
  --purpose <codes>      purpose of use, e.g. TREAT or BTG
  --expires <time>       how long it is good: 90s, 30m, 1h (default), at most 24h
  --port <number>        of the service (default 3000)
  --help                 show this

Prints a token of the development issuer of the service that npm start runs, for its own development client.`

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 }

const secondsIn = (text: string): number => {
  const [, count, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? []
  if (!count || !unit) throw new NoToken(`--expires must be a time such as 30m or 1h, not "${text}".`)
  return Number(count) * SECONDS[unit]!
}

const parse = () => {
  try {
    return parseArgs({
      options: {
        scope: { type: 'string' },
        'fhir-user': { type: 'string' },
        roles: { type: 'string' },
        patient: { type: 'string' },
        purpose: { type: 'string' },
        expires: { type: 'string', default: '1h' },
        port: { type: 'string', default: '3000' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new NoToken((error as Error).message)
  }
}

const main = async (): Promise<string> => {
  const { scope, 'fhir-user': fhirUser, roles, patient, purpose: purposeOfUse, expires, port, help } = parse()
  if (help) return USAGE
  if (!scope) throw new NoToken(`Say what it is for: --scope "system/*.cruds".\n${USAGE}`)
  if (!/^\d{1,5}$/.test(port)) throw new NoToken(`--port must be a number, not "${port}".`)
  const request = { scope, fhirUser, roles, patient, purposeOfUse, expiresIn: secondsIn(expires) }
  const token = await requestToken(`http://localhost:${port}`, request)
  if (!token) throw new NoToken(`The service at port ${port} asks for no token: it was started with --open.`)
  return token
}

try {
  console.log(await main())
} catch (error) {
  if (!(error instanceof NoToken)) throw error
  console.error(error.message)
  process.exitCode = 1
}
