/**
 * So many entries may be under way at once; who comes waits until there is room, in the order of coming. What is larger than the room
 * goes alone.
 */
export class Room {
  readonly #size: number
  readonly #waiting: { entries: number; enter: () => void }[] = []
  #inside = 0

  constructor(size: number) {
    this.#size = size
  }

  /** Does the work once there is room for its entries. */
  async within<Result>(entries: number, work: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ entries, enter })
      this.#admit()
    })
    try {
      return await work()
    } finally {
      this.#inside -= entries
      this.#admit()
    }
  }

  #admit(): void {
    for (let [first] = this.#waiting; first; [first] = this.#waiting) {
      if (this.#inside > 0 && this.#inside + first.entries > this.#size) return
      this.#waiting.shift()
      this.#inside += first.entries
      first.enter()
    }
  }
}
