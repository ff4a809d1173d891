import type { Clock } from '../clock.ts'
import { planReindex, type ReindexPlan } from '../store/plan-reindex.ts'
import type { Indexing } from '../store/plan-write.ts'
import { resolveIntents } from '../store/resolve-intents.ts'
import { ConditionFailed, type Item, type Table } from '../store/table.ts'
import { CannotMigrate, type Migration } from './migration.ts'

export interface ReindexParts {
  table: Table
  clock: Clock
  indexing: (type: string) => Indexing
}

const ATTEMPTS = 5

/**
 * Puts every current resource into the lists, and on the clock, that this release's rules give it: whenever a search parameter, a list or
 * an order has been added or changed. Versions stay as they are, so no client sees a change and no event follows.
 */
export const reindex = (schema: number, { table, clock, indexing }: ReindexParts): Migration => {
  const resolved = resolveIntents(table, clock)
  const planOf = (item: Item): ReindexPlan | undefined => {
    try {
      return planReindex(item, indexing(item.pk.slice(0, item.pk.indexOf('/'))))
    } catch (error) {
      throw new CannotMigrate(item, (error as Error).message)
    }
  }
  return {
    schema,
    name: `reindex-${schema}`,
    async apply(scanned) {
      if (scanned.sk !== 'current') return 'same'
      // What a transaction holds is to be seen as that transaction leaves it.
      let item: Item | undefined = scanned.tx === undefined ? scanned : await resolved.get(scanned)
      for (let attempt = 0; item && attempt < ATTEMPTS; attempt += 1) {
        const plan = planOf(item)
        if (!plan) return scanned.tx === undefined ? 'same' : 'busy'
        await table.writeMany(plan.before, [])
        try {
          await table.put(plan.commit.item, plan.commit.condition)
          return 'changed'
        } catch (error) {
          if (!(error instanceof ConditionFailed)) throw error
          item = await resolved.get(scanned)
        }
      }
      return item ? 'busy' : 'same'
    },
  }
}
