import type { Clock } from './clock.ts'
import type { Ids } from './ids.ts'
import { declarations } from './resources/index.ts'
import { createCursorKey } from './search/cursor-key.ts'
import { createIndexing } from './search/postings.ts'
import { createSearch, type Search } from './search/search.ts'
import { createStore, type Store } from './store/store.ts'
import type { Table } from './store/table.ts'
import type { TenantSettings } from './tenant.ts'

/** Everything a handler works with, put together once per process. */
export interface Careloop {
  store: Store
  search: Search
  clock: Clock
  ids: Ids
  tenant: TenantSettings
}

export interface CareloopParts {
  table: Table
  clock: Clock
  ids: Ids
  tenant: TenantSettings
}

export const createCareloop = ({ table, clock, ids, tenant }: CareloopParts): Careloop => {
  const { timeZone } = tenant
  const store = createStore({ table, clock, indexing: createIndexing({ declarations, timeZone }) })
  const search = createSearch({ store, clock, declarations, timeZone, cursorKey: createCursorKey(table) })
  return { store, search, clock, ids, tenant }
}
