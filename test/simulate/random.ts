import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Chance that can be repeated: the same seed gives the same choices. */
export interface Random {
  /** a whole number, both ends included */
  between(low: number, high: number): number
  /** true with this probability, of 0 to 1 */
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
  /** in an order of chance; the original stays */
  shuffled<T>(items: readonly T[]): T[]
  /** a stream of its own, so that a choice more in one place changes nothing in another */
  fork(): Random
}

const PRECISION = 1_000_000
const LARGEST_SEED = 0x7fffffff

export const createRandom = (seed: number): Random => {
  const generator = xoroshiro128plus(seed)
  const between = (low: number, high: number): number => uniformInt(generator, low, high)
  return {
    between,
    chance: (probability) => between(1, PRECISION) <= probability * PRECISION,
    pick: (choices) => choices[between(0, choices.length - 1)]!,
    shuffled(items) {
      const rest = [...items]
      for (let last = rest.length - 1; last > 0; last -= 1) {
        const other = between(0, last)
        ;[rest[last], rest[other]] = [rest[other]!, rest[last]!]
      }
      return rest
    },
    fork: () => createRandom(between(0, LARGEST_SEED)),
  }
}
