import type { Task } from 'fhir/r4'
import type { Careloop } from '../../lib/careloop.ts'
import { transactionOf } from '../../lib/store/intent.ts'
import type { Promises } from '../simulate/promises.ts'
import { IDENTIFIERS } from './resources.ts'
import { addressOf, liveIn, type Stored } from './stored.ts'

/** Searches by one value each cost some 10 ms. */
const MOST_VALUES = 250

const valuesOf: Readonly<Record<string, (task: Task) => readonly (string | undefined)[]>> = {
  identifier: ({ identifier = [] }) => identifier.map(({ system, value }) => `${system}|${value}`),
  'group-identifier': ({ groupIdentifier: group }) => [
    group?.system === IDENTIFIERS ? `${group.system}|${group.value}` : undefined,
  ],
  owner: ({ owner }) => [owner?.reference],
  patient: ({ for: patient }) => [patient?.reference],
  encounter: ({ encounter }) => [encounter?.reference],
  status: ({ status }) => [status],
  priority: ({ priority }) => [priority],
  'business-status': ({ businessStatus }) => [businessStatus?.coding?.[0]?.code],
}

/** Looks whether lists and searches hold what the resources say. */
export const checkLists = async (careloop: Careloop, stored: Stored, promises: Promises): Promise<void> => {
  const rows = promises.check('Every resource has its row in every list')
  const { rowsOf } = careloop.store.table
  for (const versions of stored.histories.values()) {
    const last = versions.at(-1)!
    if (last.deleted) continue
    for (const row of rowsOf(last)) rows(`${row.pk} ${row.sk}`, stored.keys.has(addressOf(row)))
  }

  const over = promises.check('No transaction is left under way')
  for (const item of stored.items)
    if (item.pk.startsWith('tx#') || transactionOf(item) !== undefined) over(`${item.pk} ${item.sk}`, false)
  over('none', true)

  const found = promises.check('Every search finds exactly what matches')
  const tasks = liveIn<Task>(stored, 'Task')
  const search = async (query: string, wanted: readonly Task[]): Promise<void> => {
    const ids = (await careloop.search.all('Task', query, Number.POSITIVE_INFINITY)).map(({ id }) => id).sort()
    const expected = wanted.map(({ id }) => id!).sort()
    found(`Task?${query}: ${ids.length} of ${expected.length}`, JSON.stringify(ids) === JSON.stringify(expected))
  }
  await search('', tasks)
  await search('_sort=due-date', tasks)
  for (const [parameter, valuesIn] of Object.entries(valuesOf)) {
    const byValue = new Map<string, Task[]>()
    for (const task of tasks)
      for (const value of valuesIn(task))
        if (value !== undefined) byValue.set(value, [...(byValue.get(value) ?? []), task])
    for (const [value, wanted] of [...byValue].slice(0, MOST_VALUES))
      await search(`${parameter}=${encodeURIComponent(value)}`, wanted)
  }
}
