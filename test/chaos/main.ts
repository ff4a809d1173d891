import { chaos } from './chaos.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { report } from './report.ts'

/** `npm run chaos`: exit 1 when a promise is broken. */

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const optionsOf = (args: readonly string[]): Options | undefined => {
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
  const started = performance.now()
  const sayWhen = (line: string) => say(`${((performance.now() - started) / 1_000).toFixed(0).padStart(5)} s  ${line}`)
  say(`seed ${options.seed}`)
  const outcome = await chaos({ ...options, say: sayWhen })
  for (const line of report(outcome)) say(line)
  const broken = outcome.checks.filter((check) => check.broken.length).length
  say(`\n${broken ? `${broken} promises broken` : 'Every promise kept'}`)
  if (broken) process.exitCode = 1
}
