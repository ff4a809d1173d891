import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { instantOf } from '../../../lib/clock.ts'
import type { Resource } from '../../../lib/fhir.ts'
import { matches } from '../../../lib/search/match.ts'
import { createIndexing } from '../../../lib/search/postings.ts'
import { createSearch, type SearchPage } from '../../../lib/search/search.ts'
import { comparePlaces, placeOf } from '../../../lib/search/sort.ts'
import { zoneOf } from '../../../lib/search/zone.ts'
import { createStore } from '../../../lib/store/store.ts'
import { resourceOf } from '../../../lib/store/version.ts'
import { CountingTable } from './counting-table.ts'
import { declarations, resource } from './sample-declarations.ts'
import { BASE_URL, NOW, parse, queryOf, TIME_ZONE } from './sample-search.ts'

const zone = zoneOf(TIME_ZONE)

const given = () => {
  let now = Date.parse(NOW)
  const clock = { now: () => instantOf(now) }
  const table = new CountingTable()
  const store = createStore({ table, clock, indexing: createIndexing({ declarations, timeZone: TIME_ZONE }) })
  const key = new Uint8Array(randomBytes(32))
  const search = createSearch({ store, clock, declarations, timeZone: TIME_ZONE, cursorKey: async () => key })

  const page = (type: string, query: string, handling?: 'strict' | 'lenient'): Promise<SearchPage> =>
    search.page({ type, parameters: queryOf(query), handling, baseUrl: BASE_URL })

  return {
    clock,
    table,
    store,
    search,
    page,
    pass: (milliseconds: number) => {
      now += milliseconds
    },
    /** Creates or updates. Time passes with every write. */
    async put(content: Resource): Promise<void> {
      now += 1_000
      const { resourceType: type, id } = content as Resource & { id: string }
      await store.write([{ type, id, resource: content, base: await store.read(type, id), method: 'PUT' }])
    },
    async remove(type: string, id: string): Promise<void> {
      now += 1_000
      await store.write([{ type, id, base: await store.read(type, id), method: 'DELETE' }])
    },
    async pages(type: string, query: string, most = 500): Promise<SearchPage[]> {
      const pages: SearchPage[] = []
      let next: string | undefined
      do {
        if (pages.length > most) throw new Error('the pages never end')
        const last = await page(type, next === undefined ? query : `${query}&_cursor=${next}`)
        pages.push(last)
        next = last.next
      } while (next !== undefined)
      return pages
    },
  }
}

const ids = (pages: readonly SearchPage[]): string[] => pages.flatMap(({ versions }) => versions.map(({ id }) => id))

const task = (id: string, content: object = {}) => resource('Task', { id, status: 'ready', ...content })
const due = (end: string) => ({ restriction: { period: { end } } })

describe('a search', () => {
  test('finds what was written before it and nothing that was deleted or no longer matches', async () => {
    const { put, remove, page } = given()
    await put(task('a', { for: { reference: 'Patient/1' } }))
    await put(task('b', { for: { reference: 'Patient/1' } }))
    await put(task('c', { for: { reference: 'Patient/1' } }))
    await put(task('b', { for: { reference: 'Patient/2' } }))
    await remove('Task', 'c')
    expect(await page('Task', 'patient=1')).toMatchObject({ versions: [{ id: 'a', v: 1 }], total: 1, next: undefined })
    expect(await page('Task', 'patient=2')).toMatchObject({ versions: [{ id: 'b', v: 2 }], total: 1 })
  })

  test('of a type that is not served is a 404', async () => {
    await expect(given().page('Account', '')).rejects.toMatchObject({ status: 404 })
  })

  test('strict refuses, lenient leaves out and says so', async () => {
    const { put, page } = given()
    await put(task('a'))
    await expect(page('Task', 'colour=red')).rejects.toMatchObject({ status: 400 })
    expect(await page('Task', 'colour=red&status=ready', 'lenient')).toMatchObject({
      versions: [{ id: 'a' }],
      ignored: ['colour'],
      applied: [['status', 'ready']],
    })
  })

  test('a reference to our own resources may be absolute', async () => {
    const { put, page } = given()
    await put(task('a', { owner: { reference: `${BASE_URL}/Practitioner/1` } }))
    await put(task('b', { owner: { reference: 'Practitioner/1' } }))
    await put(task('c', { owner: { reference: 'https://other.example.org/fhir/Practitioner/1' } }))
    expect(ids([await page('Task', 'owner=Practitioner/1')])).toEqual(['a', 'b'])
    expect(ids([await page('Task', `owner=${BASE_URL}/Practitioner/1`)])).toEqual(['a', 'b'])
    expect(ids([await page('Task', 'owner=https://other.example.org/fhir/Practitioner/1')])).toEqual(['c'])
  })

  test('a cursor of another search is refused', async () => {
    const { put, page } = given()
    for (const id of ['a', 'b']) await put(task(id, { for: { reference: 'Patient/1' } }))
    const { next } = await page('Task', 'patient=1&_count=1')
    await expect(page('Task', `patient=2&_count=1&_cursor=${next}`)).rejects.toMatchObject({ status: 400 })
    expect(await page('Task', `patient=1&_count=5&_cursor=${next}`)).toMatchObject({ versions: [{ id: 'b' }] })
  })

  test('explains itself without telling what was searched for', async () => {
    const { put, page } = given()
    await put(task('a', { for: { reference: 'Patient/4711' } }))
    const { explanation } = await page('Task', 'patient=4711&_explain=true')
    expect(explanation).toEqual({ driver: 'patient', streams: 1, gathered: false, rows: 1, otherRows: 0 })
    expect((await page('Task', 'patient=4711')).explanation).toBeUndefined()
  })
})

describe('order', () => {
  const dates = ['2026-12-03', '2026-11-30', '2026-12-01', '2026-11-30T10:00:00Z']
  test('by due date, open and closed together, those without one last; downwards first', async () => {
    const { put, page } = given()
    for (const [n, date] of dates.entries())
      await put(task(`t${n}`, { ...due(date), status: n % 2 ? 'completed' : 'ready', for: { reference: 'Patient/1' } }))
    await put(task('none', { for: { reference: 'Patient/1' } }))
    const ascending = ['t1', 't3', 't2', 't0', 'none']
    expect(ids([await page('Task', 'patient=1&_sort=due-date')])).toEqual(ascending)
    expect(ids([await page('Task', 'patient=1&_sort=-due-date')])).toEqual(ascending.toReversed())
    expect(ids([await page('Task', '_sort=due-date')])).toEqual(ascending)
  })

  test('without _sort the open ones come first', async () => {
    const { put, page } = given()
    await put(task('done', { ...due('2026-11-01'), status: 'completed', for: { reference: 'Patient/1' } }))
    await put(task('open', { ...due('2026-12-01'), for: { reference: 'Patient/1' } }))
    expect(ids([await page('Task', 'patient=1')])).toEqual(['open', 'done'])
  })

  test('by several keys', async () => {
    const { put, page } = given()
    const patient = { for: { reference: 'Patient/1' } }
    await put(task('a', { ...patient, priority: 'urgent', ...due('2026-12-02') }))
    await put(task('b', { ...patient, priority: 'asap', ...due('2026-12-01') }))
    await put(task('c', { ...patient, priority: 'urgent', ...due('2026-12-05') }))
    await put(task('d', patient))
    expect(ids([await page('Task', 'patient=1&_sort=priority,-due-date')])).toEqual(['b', 'c', 'a', 'd'])
    expect(ids([await page('Task', 'patient=1&_sort=-priority,due-date')])).toEqual(['d', 'a', 'c', 'b'])
  })

  test('downwards by the latest of several dates', async () => {
    const { put, page } = given()
    const goal = (id: string, ...dueDates: string[]) =>
      resource('Goal', { id, subject: { reference: 'Patient/1' }, target: dueDates.map((dueDate) => ({ dueDate })) })
    await put(goal('a', '2026-01-01', '2027-01-01'))
    await put(goal('b', '2026-06-01'))
    expect(ids([await page('Goal', 'patient=1&_sort=target-date')])).toEqual(['a', 'b'])
    expect(ids([await page('Goal', 'patient=1&_sort=-target-date')])).toEqual(['a', 'b'])
  })

  test('the log is newest first', async () => {
    const { put, page } = given()
    for (const id of ['a', 'b', 'c']) await put(resource('Goal', { id }))
    await put(resource('Goal', { id: 'a', category: [] }))
    expect(ids([await page('Goal', '')])).toEqual(['a', 'c', 'b'])
    expect(ids([await page('Goal', '_sort=_lastUpdated')])).toEqual(['b', 'c', 'a'])
  })
})

describe('total', () => {
  const twelve = async () => {
    const made = given()
    for (let n = 0; n < 12; n += 1)
      await made.put(task(`t${n}`, { for: { reference: 'Patient/1' }, priority: n % 2 ? 'urgent' : 'routine' }))
    return made
  }
  test.each([
    ['patient=1', 12],
    ['patient=1&_count=12', 12],
    ['patient=1&_count=11', undefined],
    ['patient=1&_count=5&_total=accurate', 12],
    ['patient=1&priority=urgent&_count=2&_total=estimate', 6],
    // gathered, so it is known
    ['patient=1&_count=5&_sort=priority', 12],
    ['_id=t1,t2,x&_count=1', 2],
  ])('%s: %s', async (query, total) => {
    expect((await (await twelve()).page('Task', query)).total).toBe(total)
  })

  test('of the first page is carried to the last', async () => {
    const { pages } = await twelve()
    expect((await pages('Task', 'patient=1&_count=5&_total=accurate')).map(({ total }) => total)).toEqual([12, 12, 12])
  })

  test.each(['_count=0', '_summary=count'])('%s gives nothing else', async (parameter) => {
    const { page } = await twelve()
    const counted = await page('Task', `patient=1&priority=urgent&${parameter}`)
    expect(counted).toMatchObject({ versions: [], total: 6 })
    expect(counted.next).toBeUndefined()
  })
})

describe('all', () => {
  test('gives every match, in order', async () => {
    const { put, search } = given()
    for (let n = 0; n < 250; n += 1)
      await put(task(`t${n}`, { for: { reference: 'Patient/1' }, priority: n % 2 ? 'urgent' : 'asap' }))
    expect(await search.all('Task', 'patient=Patient%2F1&priority=urgent')).toHaveLength(125)
    const sorted = await search.all('Task', 'patient=1&_sort=priority')
    expect(sorted).toHaveLength(250)
    await expect(search.all('Task', 'patient=1', 249)).rejects.toThrow(/more than 249 Task/)
  })

  test('a plus is a plus', async () => {
    const { put, search } = given()
    await put(task('a', { for: { reference: 'Patient/1' }, ...due('2026-11-30T10:00:00+02:00') }))
    expect(await search.all('Task', 'patient=1&due-date=2026-11-30T10:00:00+02:00')).toHaveLength(1)
  })
})

describe('bounds', () => {
  test('a page that looked at 1,000 changes is answered as it is, and goes on', async () => {
    const { put, pages } = given()
    await put(resource('Goal', { id: 'needle', category: [{ coding: [{ code: 'x' }] }] }))
    for (let n = 0; n < 1_100; n += 1) await put(resource('Goal', { id: `hay${n}` }))
    const found = await pages('Goal', 'category=x')
    expect(ids(found)).toEqual(['needle'])
    expect(found).toHaveLength(2)
    expect(found[0]).toMatchObject({ versions: [], total: undefined })
  })

  test('more than 5,000 candidates are not sorted', async () => {
    const { put, page } = given()
    for (let n = 0; n < 5_001; n += 1) await put(resource('Goal', { id: `g${n}` }))
    await expect(page('Goal', '_sort=category')).rejects.toMatchObject({
      status: 400,
      problems: [{ code: 'too-costly', text: expect.stringMatching(/5000 Goal.*patient/) }],
    })
  })
})

const STATUSES = ['requested', 'ready', 'completed', 'failed']
const DATES = [
  '2026',
  '2026-11',
  '2026-11-24',
  '2026-11-25',
  '2026-11-25T10:00:00Z',
  '2026-12-01T00:00:00-06:00',
  '2027-01-01',
]
const reference = (type: string) => fc.constantFrom('1', '2').map((id) => ({ reference: `${type}/${id}` }))
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const content = fc.record({
  status: fc.constantFrom(...STATUSES),
  priority: optional(fc.constantFrom('routine', 'urgent')),
  for: optional(fc.oneof(reference('Patient'), reference('Group'))),
  owner: optional(fc.oneof(reference('Practitioner'), reference('Patient'))),
  focus: optional(fc.oneof(reference('Patient'), reference('CarePlan'))),
  basedOn: optional(fc.array(reference('CarePlan'), { maxLength: 2 })),
  identifier: optional(
    fc.array(fc.record({ system: fc.constantFrom('urn:a', 'urn:b'), value: fc.constantFrom('1', '2') }), {
      maxLength: 2,
    }),
  ),
  instantiatesCanonical: optional(fc.constantFrom('http://a/x', 'http://a/x|1', 'http://a/y|1')),
  restriction: optional(fc.record({ period: fc.record({ end: fc.constantFrom(...DATES) }) })),
})

/** A history of one of a few resources: it is made, changed, perhaps deleted. */
const change = fc.record({
  id: fc.integer({ min: 0, max: 24 }).map((n) => `t${n}`),
  content: fc.option(content, { nil: null, freq: 6 }),
})

const prefixed = fc
  .tuple(fc.constantFrom('', 'ne', 'lt', 'gt', 'le', 'ge', 'sa', 'eb', 'ap'), fc.constantFrom(...DATES))
  .map((parts) => parts.join(''))
const several = (arbitrary: fc.Arbitrary<string>) =>
  fc.array(arbitrary, { minLength: 1, maxLength: 3 }).map((values) => values.join(','))

const criterion = fc.oneof(
  several(fc.constantFrom(...STATUSES)).map((values) => `status=${values}`),
  several(fc.constantFrom(...STATUSES)).map((values) => `status:not=${values}`),
  several(fc.constantFrom('routine', 'urgent')).map((values) => `priority=${values}`),
  several(fc.constantFrom('1', '2', 'Patient/1')).map((values) => `patient=${values}`),
  several(fc.constantFrom('Patient/1', 'Group/1', 'Group/2')).map((values) => `subject=${values}`),
  several(fc.constantFrom('1', 'Practitioner/1', 'Patient/2', `${BASE_URL}/Practitioner/2`)).map(
    (values) => `owner=${values}`,
  ),
  several(fc.constantFrom('1', 'Patient/1', 'CarePlan/2')).map((values) => `focus=${values}`),
  several(fc.constantFrom('CarePlan/1', 'CarePlan/2')).map((values) => `based-on=${values}`),
  several(fc.constantFrom('1', 'urn:a|2', 'urn:b|', '|1')).map((values) => `identifier=${values}`),
  several(fc.constantFrom('http://a/x', 'http://a/x|1', 'http://a/y')).map(
    (values) => `instantiates-canonical=${values}`,
  ),
  several(prefixed).map((values) => `due-date=${values}`),
  fc.constantFrom('due-date:missing=true', 'due-date:missing=false', 'owner:missing=true', 'patient:missing=false'),
  several(fc.integer({ min: 0, max: 24 }).map((n) => `t${n}`)).map((values) => `_id=${values}`),
  fc.constantFrom('ge', 'lt', 'eq').map((prefix) => `_lastUpdated=${prefix}2026-11-25T12:00:10Z`),
)
const SORTS = [
  'due-date',
  '-due-date',
  'due-date,-priority',
  '-priority',
  'status,due-date',
  '_id',
  '-_id',
  '_lastUpdated',
  '-_lastUpdated',
  'owner',
]
const query = fc.record({
  criteria: fc.array(criterion, { maxLength: 3 }),
  sort: optional(fc.constantFrom(...SORTS)),
  count: fc.integer({ min: 1, max: 12 }),
})

test('what stands in a list that parts open from closed and in one that does not is given once, across pages', async () => {
  const { put, pages } = given()
  const about = (id: string, end: string, status: string) =>
    task(id, {
      status,
      for: { reference: 'Patient/1' },
      focus: { reference: 'CarePlan/2' },
      restriction: { period: { end } },
    })
  await put(about('a', '2026-11-25T12:00:00Z', 'ready'))
  await put(about('b', '2026-11-24T12:00:00Z', 'completed'))
  expect(ids(await pages('Task', 'focus=Patient/1,CarePlan/2&_count=1')).toSorted()).toEqual(['a', 'b'])
})

describe('whatever is stored and whatever is asked for', () => {
  test('pages, whichever way the candidates come, hold each match once and nothing else, in the order asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 60 }),
        fc.array(query, { minLength: 4, maxLength: 8 }),
        async (changes, queries) => {
          const { put, remove, store, pages, page, search } = given()
          const known = new Set<string>()
          for (const { id, content: body } of changes) {
            if (body) await put(resource('Task', { id, ...JSON.parse(JSON.stringify(body)) }))
            else if (known.has(id)) await remove('Task', id)
            else continue
            known.add(id)
          }
          const stored = await store.readMany([...known].map((id) => ({ type: 'Task', id })))
          const resources = stored.filter(({ deleted }) => !deleted).map(resourceOf)

          for (const { criteria, sort, count } of queries) {
            const text = [...criteria, ...(sort ? [`_sort=${sort}`] : [])].join('&')
            const parsed = parse('Task', text)
            const reading = { zone, baseUrl: BASE_URL }
            const expected = resources
              .filter((candidate) => parsed.clauses.every((clause) => matches(clause, candidate, reading)))
              .map(({ id }) => id!)
              .sort()

            const found = await pages('Task', `${text}&_count=${count}`)
            expect(ids(found).toSorted()).toEqual(expected)
            for (const { versions } of found) expect(versions.length).toBeLessThanOrEqual(count)
            if (found[0]!.total !== undefined) expect(found[0]!.total).toBe(expected.length)

            const places = found.flatMap(({ versions }) =>
              versions.map((version) => placeOf(parsed.sort, resourceOf(version), '', reading)),
            )
            for (const [at, place] of places.entries())
              if (at) expect(comparePlaces(parsed.sort, places[at - 1]!, place)).toBeLessThanOrEqual(0)

            expect((await page('Task', `${text}&_count=0`)).total).toBe(expected.length)
            expect((await page('Task', `${text}&_count=1&_total=accurate`)).total).toBe(expected.length)
            const all = await search.all('Task', text.replaceAll('|', '%7C').replaceAll(`${BASE_URL}/`, ''))
            expect(all.map(({ id }) => id).toSorted()).toEqual(expected)
          }
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 100) },
    )
  })
})

describe('cost of a first page of 20, in read units', () => {
  const TASKS = 300
  const DAY = 86_400_000
  const filled = async () => {
    const made = given()
    for (let n = 0; n < TASKS; n += 1)
      await made.put(
        task(`t${String(n).padStart(4, '0')}`, {
          status: n % 3 ? 'ready' : 'completed',
          for: { reference: 'Patient/1' },
          owner: { reference: 'Practitioner/1' },
          identifier: [{ value: 'same' }],
          basedOn: [{ reference: 'CarePlan/1' }],
          instantiatesCanonical: 'http://a/x|1',
          note: [{ text: 'x'.repeat(1_500) }],
          ...due(instantOf(Date.parse(NOW) + n * DAY)),
        }),
      )
    made.table.reset()
    return made
  }

  test.each([
    ['patient=1', 22],
    ['patient=Patient/1&_sort=due-date&status=ready,requested', 22],
    ['owner=Practitioner/1&status=ready,requested,in-progress&_sort=due-date', 22],
    ['owner=Practitioner/1&_sort=due-date', 22],
    ['owner=Practitioner/1,Practitioner/2&status=ready&_sort=-due-date', 22],
    ['identifier=same', 22],
    ['based-on=CarePlan/1', 22],
    ['instantiates-canonical=http://a/x', 22],
    ['status=ready&_sort=due-date', 22],
    ['status=ready&due-date=le2026-12-31', 22],
    ['', 22],
    ['_lastUpdated=ge2026-11-25', 22],
    ['_id=t0001,t0002', 2],
  ])('%s: at most %d', async (text, most) => {
    const { page, table } = await filled()
    const { versions } = await page('Task', text)
    expect(versions).toHaveLength(text.startsWith('_id') ? 2 : 20)
    expect(table.units).toBeLessThanOrEqual(most)
  })

  test('the second page costs as much as the first, wherever it is in the list', async () => {
    const { page, table } = await filled()
    const text = 'owner=Practitioner/1&status=ready&_sort=due-date'
    const { next } = await page('Task', text)
    table.reset()
    await page('Task', `${text}&_cursor=${next}`)
    expect(table.units).toBeLessThanOrEqual(22)
  })

  test('when few candidates match, they are read in growing chunks', async () => {
    const { put, page, table } = await filled()
    await put(task('rare', { for: { reference: 'Patient/1' }, priority: 'stat', ...due('2036-01-01') }))
    table.reset()
    expect((await page('Task', 'patient=1&priority=stat')).versions).toHaveLength(1)
    expect(table.queries).toBeLessThanOrEqual(8)
  })
})
