import { createTenantKey } from '../security/tenant-key.ts'
import type { Table } from '../store/table.ts'

/** The key that cursors are encrypted with, read on the first cursor. */
export const createCursorKey = (table: Table): (() => Promise<Uint8Array>) => createTenantKey(table, 'cursor')
