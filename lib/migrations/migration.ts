import type { Item } from '../store/table.ts'

/** What became of an item: nothing was to be done; it was changed; somebody else holds it, so it is to be looked at again. */
export type Outcome = 'same' | 'changed' | 'busy'

/** An item cannot be brought to the schema. The message says which and why, without content. */
export class CannotMigrate extends Error {
  constructor(item: Item, reason: string) {
    super(`${item.pk}: ${reason}`)
    this.name = 'CannotMigrate'
  }
}

/**
 * One step from a schema of the table to the next. It is applied to every item, any number of times, by any number of processes, while
 * clients read and write and while the release before is still running; each write of it must be conditional on what it was decided on.
 */
export interface Migration {
  /** the schema that it leads to */
  schema: number
  /** for people, and for the checkpoints */
  name: string
  /** @throws CannotMigrate */
  apply(item: Item): Promise<Outcome>
}
