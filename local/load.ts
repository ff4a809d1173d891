import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { NoToken, requestToken } from './issuer/request-token.ts'
import { CannotLoad } from './load/cannot-load.ts'
import { discover } from './load/discover.ts'
import { createFhirServer } from './load/fhir-server.ts'
import { LoadState } from './load/load-state.ts'
import { type LoadOptions, readOptions, TRANSACTION_BYTES, USAGE } from './load/options.ts'
import { createProgressBar, createProgressLines } from './load/progress.ts'
import { type LoadResult, runLoad } from './load/run-load.ts'
import { isComplete, isCompleteButMissing, reportOf, summaryOf } from './load/summary.ts'

/** `npm run load -- <file or folder ...>`: fills a running Careloop with FHIR files. */

/** npm starts us in the project; paths mean the folder the person is in. */
const HERE = process.env.INIT_CWD ?? process.cwd()
const STATE_DIRECTORY = process.env.CARELOOP_LOAD_STATE ?? join(import.meta.dirname, '..', '.careloop', 'load')

const EXIT_INTERRUPTED = 130
/** One Ctrl-C can arrive twice: from the terminal and from the script that started us. */
const SAME_CTRL_C_MS = 1_000

/** The first signal lets requests under way finish; a later one ends at once, and loses nothing but their answers. */
const onInterrupt = (stopping: AbortController, say: (text: string) => void): void => {
  let first = 0
  const stop = () => {
    if (first && performance.now() - first > SAME_CTRL_C_MS) process.exit(EXIT_INTERRUPTED)
    if (first) return
    first = performance.now()
    say('Finishing what is under way … (again to end at once)')
    stopping.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
}

/** Of the issuer of a service on this machine, if it has one and we may. Long enough for whatever there is to load. */
const localToken = async (base: string): Promise<string | undefined> => {
  const { protocol, hostname, port } = new URL(base)
  if (protocol !== 'http:' || !['localhost', '127.0.0.1'].includes(hostname)) return undefined
  try {
    return await requestToken(`http://localhost:${port}`, { scope: 'system/*.cruds', expiresIn: 24 * 60 * 60 })
  } catch (error) {
    // Whether a token is needed at all, and whether anybody is there, shows soon enough.
    if (error instanceof NoToken) return undefined
    throw error
  }
}

const load = async (options: LoadOptions): Promise<{ result: LoadResult; interrupted: boolean }> => {
  const { server: base, concurrency, transactionSize } = options
  const discovery = discover(options.paths, HERE)
  const state = new LoadState({
    directory: STATE_DIRECTORY,
    server: base,
    paths: options.paths.map((path) => resolve(HERE, path)),
  })
  if (options.restart) state.forget()

  const progress = process.stderr.isTTY ? createProgressBar(process.stderr) : createProgressLines(process.stderr)
  const stopping = new AbortController()
  let interrupted = false
  onInterrupt(stopping, (text) => {
    interrupted = true
    progress.say(text)
  })
  const token = process.env.CARELOOP_TOKEN ?? (await localToken(base))
  const server = createFhirServer({
    base,
    ...(token && { token }),
    stopping: stopping.signal,
    onRetry: (reason) => progress.say(`The server is not ready (${reason}): trying again …`),
  })
  const limits = { size: transactionSize, bytes: TRANSACTION_BYTES }
  return { result: await runLoad({ discovery, server, state, limits, concurrency, progress, stopping }), interrupted }
}

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') {
    console.log(USAGE)
    return 0
  }
  const { result, interrupted } = await load(options)
  console.log(summaryOf(result))
  if (options.report) {
    const path = resolve(HERE, options.report)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${JSON.stringify(reportOf(result), null, 2)}\n`)
    console.log(`Report: ${path}`)
  }
  if (interrupted) return EXIT_INTERRUPTED
  return isComplete(result) || (options.acceptMissing && isCompleteButMissing(result)) ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof CannotLoad)) throw error
  console.error(error.message)
  process.exitCode = 1
}
