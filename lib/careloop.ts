import type { Clock } from './clock.ts'
import type { Ids } from './ids.ts'
import { declarations } from './resources/index.ts'
import { createCursorKey } from './search/cursor-key.ts'
import { createIndexing } from './search/postings.ts'
import { createSearch, type Search } from './search/search.ts'
import type { View } from './security/access/view.ts'
import { type Audit, createAudit } from './security/audit/audit.ts'
import { inheritingLabels } from './security/consent/inherit-labels.ts'
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
  /** `token`: who has no token may do nothing. `open`: who has none is trusted with everything. */
  access: 'token' | 'open'
  /** What of it one caller may see; none: all of it. */
  view?: View
  /** Where what happens is put on record; none: nowhere. */
  audit?: Audit
}

export interface CareloopParts {
  table: Table
  clock: Clock
  ids: Ids
  tenant: TenantSettings
  /** @default token */
  access?: Careloop['access']
  /** Whether what happens is put on record. @default false */
  audited?: boolean
}

export const createCareloop = ({ table, clock, ids, tenant, access = 'token', audited }: CareloopParts): Careloop => {
  const { timeZone } = tenant
  const store = inheritingLabels(createStore({ table, clock, indexing: createIndexing({ declarations, timeZone }) }))
  return onStore({ clock, ids, tenant, access, ...(audited && { audit: createAudit({ store, ids }) }) }, store)
}

/** The same on another store. */
export const onStore = <Service extends Store>(
  { clock, ids, tenant, access, audit }: Omit<Careloop, 'store' | 'search' | 'view'>,
  store: Service,
): Careloop & { store: Service } => {
  const { timeZone } = tenant
  const search = createSearch({ store, clock, declarations, timeZone, cursorKey: createCursorKey(store.table) })
  return { store, search, clock, ids, tenant, access, ...(audit && { audit }) }
}
