import type { Migration } from './migration.ts'
import { type ReindexParts, reindex } from './reindex.ts'

/** All migrations, in order; the last leads to SCHEMA of lib/store/schema.ts. */
export const migrations = (parts: ReindexParts): readonly Migration[] => [reindex(2, parts)]
