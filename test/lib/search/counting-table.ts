import { itemBytes } from '../../../lib/store/item.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import type { Item, Key, RowPage, RowQuery } from '../../../lib/store/table.ts'

const READ_UNIT = 4096

/** Counts what strongly consistent reads would cost: an item each, or a query's rows together, in units of 4 KB. */
export class CountingTable extends MemoryTable {
  units = 0
  queries = 0
  items = 0

  reset(): void {
    this.units = 0
    this.queries = 0
    this.items = 0
  }

  override async get(key: Key): Promise<Item | undefined> {
    const item = await super.get(key)
    this.count(item ? [item] : [])
    this.items += 1
    return item
  }

  override async getMany(keys: readonly Key[]): Promise<Item[]> {
    const items = await super.getMany(keys)
    for (const item of items) this.count([item])
    this.units += new Set(keys.map(({ pk, sk }) => `${pk} ${sk}`)).size - items.length
    this.items += items.length
    return items
  }

  override async query(query: RowQuery): Promise<RowPage> {
    const page = await super.query(query)
    this.count(page.items)
    this.queries += 1
    return page
  }

  private count(items: readonly Item[]): void {
    const bytes = items.reduce((sum, item) => sum + itemBytes(item), 0)
    this.units += Math.max(1, Math.ceil(bytes / READ_UNIT))
  }
}
