import { fuzz } from './fuzz.ts'
import { type FuzzOptions, readOptions, USAGE } from './options.ts'
import { report } from './report.ts'

/** `npm run fuzz`: requests of every kind to the service's own handlers; exit 1 when a promise is broken. */

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const optionsOf = (args: readonly string[]): FuzzOptions | undefined => {
  try {
    return readOptions(args)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`)
    process.exitCode = 2
    return undefined
  }
}

const options = optionsOf(process.argv.slice(2))
if (options) {
  say(`seed ${options.seed}, ${options.minutes} minutes`)
  const started = performance.now()
  const outcome = await fuzz(options)
  const seconds = (performance.now() - started) / 1_000
  for (const line of report(outcome, seconds)) say(line)
  if (outcome.failure !== undefined || outcome.kinds.size) process.exitCode = 1
}
