import type { Encounter, Task } from 'fhir/r4'
import { createCareloop } from '../../lib/careloop.ts'
import { randomIds } from '../../lib/ids.ts'
import { resourceOf } from '../../lib/store/version.ts'
import { checkWorld } from '../simulate/check.ts'
import type { Promises } from '../simulate/promises.ts'
import type { Stay } from '../simulate/stays.ts'
import { checkAudit } from './check-audit.ts'
import { checkLists } from './check-lists.ts'
import { checkWrites, writtenIn } from './check-writes.ts'
import { cleanRun, tasksByStay } from './clean-run.ts'
import type { Journal } from './journal.ts'
import { liveIn, type Stored } from './stored.ts'
import type { World } from './world.ts'

/** The stays as they are stored: what a hospital said last and was never answered may have been heard or not. */
const heardOf = (stored: Stored, told: Iterable<Stay>): Stay[] => {
  const status = new Map(liveIn<Encounter>(stored, 'Encounter').map((encounter) => [encounter.id!, encounter.status]))
  return [...told].flatMap((stay) => {
    const heard = status.get(stay.id)
    if (heard === undefined) return []
    const { discharged, disposition, ...rest } = stay
    return [heard === 'finished' ? stay : { ...rest, status: heard }]
  })
}

/** Looks at all that is stored when everything has come to rest. */
export const lookAt = async (
  { settings: tenant, table, now }: World,
  journal: Journal,
  told: Iterable<Stay>,
  stored: Stored,
  promises: Promises,
  start: string,
): Promise<void> => {
  const there = promises.check('What is acknowledged is found at once, in the middle of it all')
  for (let n = journal.astonished.length; n < journal.looked; n += 1) there('found', true)
  for (const text of journal.astonished) there(text, false)
  checkWrites(journal, stored, promises)
  checkAudit(journal, stored, promises)
  const careloop = createCareloop({ table, clock: { now: () => now }, ids: randomIds, tenant, access: 'open' })
  await checkLists(careloop, stored, promises)

  const stays = heardOf(stored, told)
  const tasks = liveIn<Task>(stored, 'Task')
  const over = stays.filter(({ status }) => status === 'finished')
  const wanted = await cleanRun(tenant, over, start, now)
  const made = tasksByStay(tasks)
  const work = promises.check('Every discharge has the Tasks that it has where nothing fails')
  for (const { id } of over) work(`Encounter/${id}: ${made.get(id)}`, `${made.get(id)}` === `${wanted.get(id)}`)
  const all = async <Type>(type: string, query = '', limit?: number): Promise<Type[]> =>
    (await careloop.search.all(type, query, limit)).map((version) => resourceOf(version) as Type)
  await checkWorld({
    tenant: { now, careloop, all },
    stays: Map.groupBy(stays, ({ patientId }) => patientId),
    dead: new Set(),
    written: writtenIn(stored),
    tasks,
    promises,
  })
}
