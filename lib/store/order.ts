/** Above this every UTF-16 code unit is half of a character that UTF-8 sorts last. */
const FIRST_SURROGATE = 0xd800
const LAST_SURROGATE = 0xdfff

/** UTF-16 code units in the order of the characters they stand for: surrogates behind everything else. */
const rank = (unit: number): number => (unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + 0x10000 : unit)

/** Compares as DynamoDB sorts strings: by their UTF-8 bytes, which is the order of code points and not JavaScript's own. */
export const compareKeys = (a: string, b: string): number => {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index += 1) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Distinct strings in the order of {@link compareKeys}. */
export class SortedKeys {
  readonly keys: string[] = []

  /** The index of the first key that is not below `key`. */
  indexOf(key: string): number {
    let low = 0
    let high = this.keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(this.keys[middle]!, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  add(key: string): void {
    const index = this.indexOf(key)
    if (this.keys[index] !== key) this.keys.splice(index, 0, key)
  }

  delete(key: string): void {
    const index = this.indexOf(key)
    if (this.keys[index] === key) this.keys.splice(index, 1)
  }

  /** Keys from `from` to `to` inclusive, without `after`, read from one end; at most `limit`. */
  range(bounds: { from?: string; to?: string; after?: string; descending?: boolean; limit: number }): string[] {
    const { from, to, after, descending = false, limit } = bounds
    let low = from === undefined ? 0 : this.indexOf(from)
    let high = to === undefined ? this.keys.length : this.endOf(to)
    if (after !== undefined && descending) high = Math.min(high, this.indexOf(after))
    if (after !== undefined && !descending) low = Math.max(low, this.endOf(after))
    if (descending) return this.keys.slice(Math.max(low, high - limit), Math.max(low, high)).reverse()
    return this.keys.slice(low, Math.min(high, low + limit))
  }

  /** The index behind `key`, whether it is held or not. */
  private endOf(key: string): number {
    const index = this.indexOf(key)
    return this.keys[index] === key ? index + 1 : index
  }
}
