/** What became of the resources of one type. */
export interface TypeCounts {
  /** in the files */
  input: number
  /** answered 201: new on the server */
  created: number
  /** answered 200 now or in an earlier run: the server had it, or has brought it up to date */
  present: number
  refused: number
  /** left out, since the server does not serve the type */
  notServed: number
}

export type Fate = Exclude<keyof TypeCounts, 'input'>

/** Something that was not loaded, and why. */
export interface LoadProblem {
  /** in the file: `entry[3]`, `line 4`; absent when it is the file as a whole */
  place?: string
  type?: string
  /** HTTP status of the answer */
  status?: number
  text: string
  /** FHIRPath of the element */
  expression?: string
  /** it refers to what the server does not have, itself or with the rest of its transaction: later it may */
  missing?: true
}

const none = (): TypeCounts => ({ input: 0, created: 0, present: 0, refused: 0, notServed: 0 })

/** Counts per type. */
export class Tally {
  readonly #types: Map<string, TypeCounts>

  constructor(counts: Readonly<Record<string, TypeCounts>> = {}) {
    this.#types = new Map(Object.entries(counts).map(([type, count]) => [type, { ...count }]))
  }

  #of(type: string): TypeCounts {
    const counts = this.#types.get(type) ?? none()
    this.#types.set(type, counts)
    return counts
  }

  found(type: string): void {
    this.#of(type).input += 1
  }

  met(type: string, fate: Fate): void {
    this.#of(type)[fate] += 1
  }

  add(other: Tally): void {
    for (const [type, counts] of other.#types) {
      const sum = this.#of(type)
      for (const name of Object.keys(counts) as (keyof TypeCounts)[]) sum[name] += counts[name]
    }
  }

  /** Counts of what is sent once more: what this had created is there already, and still something that was created. */
  again(later: Tally): Tally {
    return new Tally(
      Object.fromEntries(
        later.entries().map(([type, counts]) => {
          const created = counts.created + this.#of(type).created
          return [type, { ...counts, created, present: counts.present + counts.created - created }]
        }),
      ),
    )
  }

  /** By name of the type. */
  entries(): [type: string, counts: TypeCounts][] {
    return [...this.#types].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  toJSON(): Record<string, TypeCounts> {
    return Object.fromEntries(this.entries())
  }

  total(name: keyof TypeCounts): number {
    return this.entries().reduce((sum, [, counts]) => sum + counts[name], 0)
  }
}

/** Resources of served types that the server has not acknowledged: refused, or never sent. */
export const lostOf = ({ input, created, present, notServed }: TypeCounts): number =>
  input - notServed - created - present
