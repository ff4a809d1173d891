import { parseArgs } from 'node:util'

export interface SimulationOptions {
  days: number
  patients: number
  seed: number
}

export const USAGE = `npm run simulate -- [--days N] [--patients N] [--seed N]

  --days N      how long patients are admitted for; the clock then runs on until every window has ended (default 60)
  --patients N  how many patients there are (default 500)
  --seed N      which of the possible histories (default: another one each time; it is printed)`

const LARGEST_SEED = 0x7fffffff

const wholeNumber = (name: string, text: string, highest: number): number => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > highest)
    throw new Error(`--${name} must be a whole number from 1 to ${highest}, not "${text}"`)
  return value
}

/** @throws Error when an option is not understood */
export const readOptions = (args: readonly string[]): SimulationOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      days: { type: 'string', default: '60' },
      patients: { type: 'string', default: '500' },
      seed: { type: 'string' },
      // the only store there is for it; accepted so that it can be said
      'in-memory': { type: 'boolean', default: true },
    },
  })
  return {
    days: wholeNumber('days', values.days, 365),
    patients: wholeNumber('patients', values.patients, 100_000),
    seed: values.seed === undefined ? (Date.now() % LARGEST_SEED) + 1 : wholeNumber('seed', values.seed, LARGEST_SEED),
  }
}
