import { readOptions, type SimulationOptions, USAGE } from './options.ts'
import { report } from './report.ts'
import { simulate } from './simulation.ts'

/** `npm run simulate`: hospitals, workers and time, through the service's own handlers; exit 1 when a promise is broken. */

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const optionsOf = (args: readonly string[]): SimulationOptions | undefined => {
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
  const { days, patients, seed } = options
  say(`${patients} patients, ${days} days, seed ${seed}`)
  const started = performance.now()
  const outcome = await simulate(options)
  for (const line of await report(outcome)) say(line)
  const broken = outcome.checks.filter((check) => check.broken.length)
  say(
    `\n${broken.length ? `${broken.length} promises broken` : 'Every promise kept'}, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  )
  if (broken.length) process.exitCode = 1
}
