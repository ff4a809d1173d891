import { parseArgs } from 'node:util'

export interface Options {
  minutes: number
  seed: number
}

export const USAGE = `npm run chaos -- [--minutes N] [--seed N]

  --minutes N   how long the storm lasts; calm and the checks come on top (default 2)
  --seed N      which of the possible storms (default: another one each time; it is printed)`

const LARGEST_SEED = 0x7fffffff
const LONGEST_MINUTES = 600

/** @throws Error when an option is not understood */
export const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: { type: 'string', default: '2' }, seed: { type: 'string' } },
  })
  const minutes = Number(values.minutes)
  if (!(minutes > 0 && minutes <= LONGEST_MINUTES))
    throw new Error(`--minutes must be a number above 0 and up to ${LONGEST_MINUTES}, not "${values.minutes}"`)
  const seed = values.seed === undefined ? (Date.now() % LARGEST_SEED) + 1 : Number(values.seed)
  if (!Number.isInteger(seed) || seed < 1 || seed > LARGEST_SEED)
    throw new Error(`--seed must be a whole number from 1 to ${LARGEST_SEED}, not "${values.seed}"`)
  return { minutes, seed }
}
