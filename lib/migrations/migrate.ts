import { boundedly, type Sleep, sleep } from '../store/backoff.ts'
import { raiseSchema, readSchema } from '../store/schema.ts'
import type { Table } from '../store/table.ts'
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { CannotMigrate, type Migration } from './migration.ts'
import type { Scan } from './scan.ts'

export interface MigrateParts {
  table: Table
  scan: Scan
  /** in order of their schemas */
  migrations: readonly Migration[]
  /** how many parts of the table are walked at the same time @default 4 */
  segments?: number
  /** between a pass that changed something and the one that looks whether it stayed so @default 60 s, see {@link migrate} */
  pauseMs?: number
  sleep?: Sleep
  /** also what the table says it has had, as after a change of the tenant's time zone @default false */
  again?: boolean
  /** told of each page, and of each item that cannot be migrated */
  onProgress?: (progress: { migration: string; segment: number } & Checkpoint) => void
  onUnfit?: (reason: string) => void
}

export interface Migrated {
  migration: string
  passes: number
  /** items looked at and changed by this run, of all passes */
  looked: number
  changed: number
}

const SEGMENTS = 4
const PAUSE_MS = 60_000
const ITEMS_AT_ONCE = 8
const MOST_PASSES = 10

/** Items that no migration could bring to the schema: the table stays at the schema before. */
export class Unfit extends Error {
  constructor(count: number, migration: string) {
    super(`${count} items could not be migrated by ${migration}: see above. Mend them, then run it again.`)
    this.name = 'Unfit'
  }
}

/**
 * Brings a table to the schema of this release while it is in use. Killed at any moment and started again it goes on where it was; run
 * again when all is done it changes nothing; two at a time do no harm.
 *
 * A migration walks the table until a whole pass has found nothing to do. One pass is not enough: a writer of the same resource may have read
 * it before, and put it back after it was changed, as it was in the release before. No writer takes longer than a request, 29 seconds, or a
 * transaction that is left behind, 30; so a pass begins no sooner than a minute after one that changed something.
 * @throws FhirError for a table of a later release, Unfit
 */
export const migrate = async (parts: MigrateParts): Promise<Migrated[]> => {
  const { table, migrations } = parts
  const known = await readSchema(table)
  const report: Migrated[] = []
  for (const migration of migrations) {
    if (migration.schema <= known.complete && !parts.again) continue
    await raiseSchema(table, { newest: migration.schema })
    report.push(await toTheEnd(parts, migration))
    await raiseSchema(table, { complete: migration.schema })
  }
  return report
}

const toTheEnd = async (parts: MigrateParts, migration: Migration): Promise<Migrated> => {
  const { segments = SEGMENTS, pauseMs = PAUSE_MS, table } = parts
  const all = Array.from({ length: segments }, (_, segment) => segment)
  const stored = await Promise.all(all.map((segment) => readCheckpoint(table, migration.name, segments, segment)))
  const report: Migrated = { migration: migration.name, passes: 0, looked: 0, changed: 0 }
  let pass = Math.min(...stored.map((checkpoint) => checkpoint?.pass ?? 1))
  let begun = new Map(stored.flatMap((checkpoint, n) => (checkpoint?.pass === pass ? [[n, checkpoint] as const] : [])))
  for (; report.passes < MOST_PASSES; pass += 1) {
    // What a process that was killed has changed since its last checkpoint is counted nowhere.
    const isWhole = begun.size === 0
    const walked = await Promise.all(all.map((segment) => walk(parts, migration, pass, segment, begun.get(segment))))
    begun = new Map()
    report.passes += 1
    for (const { looked, changed, unfit } of walked) {
      report.looked += looked
      report.changed += changed
      if (unfit) throw new Unfit(unfit, migration.name)
    }
    if (isWhole && walked.every(({ changed, busy }) => !changed && !busy)) return report
    await (parts.sleep ?? sleep)(pauseMs)
  }
  throw new Error(
    `${migration.name} found something to do in each of ${MOST_PASSES} passes: is an older release still running?`,
  )
}

interface Walked {
  looked: number
  changed: number
  busy: number
  unfit: number
}

/** One segment in one pass, from its checkpoint on. */
const walk = async (
  { table, scan, segments = SEGMENTS, onProgress, onUnfit }: MigrateParts,
  migration: Migration,
  pass: number,
  segment: number,
  begun: Checkpoint | undefined,
): Promise<Walked> => {
  const walked: Walked = { looked: 0, changed: 0, busy: 0, unfit: 0 }
  const { name } = migration
  let { after, done } = begun ?? { done: false }
  while (!done) {
    const page = await scan(segment, segments, after)
    const outcomes = await boundedly(page.items, ITEMS_AT_ONCE, (item) =>
      migration.apply(item).catch((error: unknown) => {
        if (!(error instanceof CannotMigrate)) throw error
        onUnfit?.(error.message)
        return 'unfit' as const
      }),
    )
    walked.looked += outcomes.length
    for (const outcome of outcomes) if (outcome !== 'same') walked[outcome] += 1
    after = page.after
    done = after === undefined
    const checkpoint = { pass, done, looked: walked.looked, changed: walked.changed, ...(after && { after }) }
    await writeCheckpoint(table, name, segments, segment, checkpoint)
    onProgress?.({ migration: name, segment, ...checkpoint })
  }
  return walked
}
