import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { instantOf } from '../../../lib/clock.ts'
import { createIndexing } from '../../../lib/search/postings.ts'
import { createSearch, type Search } from '../../../lib/search/search.ts'
import { createStore } from '../../../lib/store/store.ts'
import { createTestTable } from '../../support/tables.ts'
import { declarations, resource } from './sample-declarations.ts'
import { NOW, queryOf, TIME_ZONE } from './sample-search.ts'

const TASKS = 60
const DAY = 86_400_000

let search: Search
let units = 0

beforeAll(async () => {
  const { table } = await createTestTable({
    onCapacity: (_operation, { read }) => {
      units += read
    },
  })
  const clock = { now: () => NOW }
  const store = createStore({ table, clock, indexing: createIndexing({ declarations, timeZone: TIME_ZONE }) })
  const key = new Uint8Array(randomBytes(32))
  search = createSearch({ store, clock, declarations, timeZone: TIME_ZONE, cursorKey: async () => key })
  const tasks = Array.from({ length: TASKS }, (_, n) =>
    resource('Task', {
      id: `t${n}`,
      status: n % 4 ? 'ready' : 'completed',
      for: { reference: 'Patient/1' },
      owner: { reference: 'Practitioner/1' },
      identifier: [{ system: 'urn:a', value: 'same' }],
      note: [{ text: 'x'.repeat(1_500) }],
      restriction: { period: { end: instantOf(Date.parse(NOW) + n * DAY) } },
    }),
  )
  const writes = tasks.map((content) => ({ type: 'Task', id: content.id!, resource: content, method: 'PUT' as const }))
  for (let n = 0; n < TASKS; n += 20) await store.write(writes.slice(n, n + 20))
})

describe('read units that DynamoDB reports for a first page of 20', () => {
  test.each([
    'patient=1',
    'owner=Practitioner/1&status=ready,requested,in-progress&_sort=due-date',
    'owner=Practitioner/1,Practitioner/2&status=ready&_sort=-due-date',
    'identifier=urn:a|same',
    'status=ready&_sort=due-date',
    '_sort=due-date',
    'due-date=ge2026-01-01',
    '',
  ])('%s: at most 22', async (query) => {
    units = 0
    const { versions } = await search.page({ type: 'Task', parameters: queryOf(query) })
    expect(versions).toHaveLength(20)
    expect(units).toBeGreaterThanOrEqual(20)
    expect(units).toBeLessThanOrEqual(22)
  })
})
