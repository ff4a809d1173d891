import type { Item } from '../../lib/store/table.ts'
import { resourceOf, type Version, versionOf } from '../../lib/store/version.ts'

/** What the table holds, read past the service. */
export interface Stored {
  items: readonly Item[]
  /** all versions of each resource, oldest first, the current one last */
  histories: ReadonlyMap<string, readonly Version[]>
  /** the keys of all items */
  keys: ReadonlySet<string>
}

export const addressOf = ({ pk, sk }: { pk: string; sk: string }): string => `${pk}\n${sk}`

export const storedIn = (items: readonly Item[]): Stored => {
  const current = new Map(items.filter(({ sk }) => sk === 'current').map((item) => [item.pk, versionOf(item)]))
  const copies = Map.groupBy(
    items.filter(({ sk }) => sk.startsWith('v#')),
    ({ pk }) => pk,
  )
  const histories = [...current].map(([reference, last]): [string, Version[]] => {
    // A write that did not come to its commit may have left a copy of the version it would have superseded.
    const before = (copies.get(reference) ?? []).map(versionOf).filter(({ v }) => v < last.v)
    return [reference, [...before.sort((a, b) => a.v - b.v), last]]
  })
  return { items, histories: new Map(histories), keys: new Set(items.map(addressOf)) }
}

/** The live resources of a type. */
export const liveIn = <Type>({ histories }: Stored, type: string): Type[] =>
  [...histories.values()].flatMap((versions) => {
    const last = versions.at(-1)!
    return last.type === type && !last.deleted ? [resourceOf(last) as Type] : []
  })
