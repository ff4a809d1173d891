import { parseArgs } from 'node:util'

export interface FuzzOptions {
  minutes: number
  seed: number
  /** of fast-check: which of the tries of this seed, and how far it was shrunk */
  path?: string
  /** name every kind of broken promise that is met, rather than to stop at the first and look for the shortest way to it */
  all: boolean
}

export const USAGE = `npm run fuzz -- [--minutes N] [--seed N] [--path P] [--all]

  --minutes N  for how long to send requests (default 2; parts of minutes are fine)
  --seed N     which of the possible requests (default: others each time; it is printed)
  --path P     with --seed: only the requests of a failure, as it printed them
  --all        go on after a broken promise, and name each kind of them once`

const LARGEST_SEED = 0x7fffffff

/** @throws Error when an option is not understood */
export const readOptions = (args: readonly string[]): FuzzOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string' },
      path: { type: 'string' },
      all: { type: 'boolean', default: false },
    },
  })
  const minutes = Number(values.minutes)
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error(`--minutes must be above 0 and at most 1440`)
  const seed = values.seed === undefined ? Date.now() % LARGEST_SEED : Number(values.seed)
  if (!Number.isSafeInteger(seed)) throw new Error('--seed must be a whole number')
  if (values.path !== undefined && !/^\d+(?::\d+)*$/.test(values.path))
    throw new Error('--path must be numbers parted by colons, as a failure prints it')
  return { minutes, seed, all: values.all, ...(values.path !== undefined && { path: values.path }) }
}
