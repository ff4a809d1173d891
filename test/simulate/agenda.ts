import type { Temporal } from 'temporal-polyfill'

/** Something that is to happen at an instant. */
export interface Entry {
  at: number
  act: () => Promise<void>
  /** a delivery that is late, and is made before the end */
  owed: boolean
}

/** What is to happen, in the order of time; of what is to happen at one instant, in the order in which it was put down. */
export class Agenda {
  private readonly entries: Entry[] = []

  put(at: Temporal.Instant, act: () => Promise<void>, { owed = false } = {}): void {
    const entry = { at: at.epochMilliseconds, act, owed }
    let low = 0
    let high = this.entries.length
    // Latest first, so that the next is taken from the end.
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.entries[middle]!.at > entry.at) low = middle + 1
      else high = middle
    }
    this.entries.splice(low, 0, entry)
  }

  get next(): number | undefined {
    return this.entries.at(-1)?.at
  }

  /** Leaves only what is owed. */
  endOfWishes(): void {
    this.entries.splice(0, this.entries.length, ...this.entries.filter(({ owed }) => owed))
  }

  take(): Entry | undefined {
    return this.entries.pop()
  }
}
