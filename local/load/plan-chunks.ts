import { orderByNeed } from './order-by-need.ts'

/** What the planner must know of an entry. */
export interface Plannable {
  /** positions of the entries it refers to */
  references: readonly number[]
  bytes: number
  /** `Type/id` it writes, where that is known before the server answers */
  target?: string
}

export interface ChunkLimits {
  /** entries */
  size: number
  /** of their JSON text; a single entry above it still gets a chunk, for the server to refuse */
  bytes: number
}

export interface ChunkPlan {
  /** positions, in the order to send them */
  chunks: number[][]
  /** references to an entry of a later chunk: all belong to circles that fit no chunk */
  forward: number
}

/** With the earlier write of the same resource added to what each entry refers to. */
const needsOf = (entries: readonly Plannable[]): number[][] => {
  const writer = new Map<string, number>()
  return entries.map(({ references, target }, position) => {
    const before = target === undefined ? undefined : writer.get(target)
    if (target !== undefined) writer.set(target, position)
    return before === undefined ? [...references] : [...references, before]
  })
}

/** Fills chunks one after the other. Two writes of one resource cannot share a transaction. */
class Packing {
  readonly chunks: number[][] = []
  readonly #entries: readonly Plannable[]
  readonly #limits: ChunkLimits
  #chunk: number[] = []
  #bytes = 0
  #targets = new Set<string>()

  constructor(entries: readonly Plannable[], limits: ChunkLimits) {
    this.#entries = entries
    this.#limits = limits
  }

  fits(group: readonly number[]): boolean {
    const added = group.map((position) => this.#entries[position]!)
    const targets = added.map(({ target }) => target).filter((target) => target !== undefined)
    return (
      this.#chunk.length + group.length <= this.#limits.size &&
      this.#bytes + added.reduce((sum, { bytes }) => sum + bytes, 0) <= this.#limits.bytes &&
      new Set(targets).size === targets.length &&
      !targets.some((target) => this.#targets.has(target))
    )
  }

  add(group: readonly number[]): void {
    for (const position of group) {
      const { bytes, target } = this.#entries[position]!
      this.#chunk.push(position)
      this.#bytes += bytes
      if (target !== undefined) this.#targets.add(target)
    }
  }

  close(): void {
    if (this.#chunk.length > 0) this.chunks.push(this.#chunk)
    this.#chunk = []
    this.#bytes = 0
    this.#targets = new Set()
  }
}

/**
 * Splits entries into transactions, each entry after those it refers to or together with them. A circle of references stays in
 * one chunk when it fits. One that does not is sent piece by piece, beginning with the entries whose id the server alone knows:
 * the ids of all others are known beforehand, so references to them may point forward.
 */
export const planChunks = (entries: readonly Plannable[], limits: ChunkLimits): ChunkPlan => {
  const packing = new Packing(entries, limits)
  const all = [...entries.keys()]
  if (packing.fits(all)) return { chunks: all.length > 0 ? [all] : [], forward: 0 }

  const idIsKnown = (position: number) => Number(entries[position]!.target !== undefined)
  for (const group of orderByNeed(needsOf(entries))) {
    if (!packing.fits(group)) packing.close()
    if (packing.fits(group)) {
      packing.add(group)
      continue
    }
    for (const position of group.toSorted((a, b) => idIsKnown(a) - idIsKnown(b) || a - b)) {
      if (!packing.fits([position])) packing.close()
      packing.add([position])
    }
  }
  packing.close()
  return { chunks: packing.chunks, forward: countForward(entries, packing.chunks) }
}

const countForward = (entries: readonly Plannable[], chunks: readonly (readonly number[])[]): number => {
  const chunkOf = new Map(chunks.flatMap((chunk, index) => chunk.map((position) => [position, index] as const)))
  return entries.reduce(
    (sum, { references }, position) =>
      sum + references.filter((reference) => chunkOf.get(reference)! > chunkOf.get(position)!).length,
    0,
  )
}
