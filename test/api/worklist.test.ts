import { beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Bundle, CapabilityStatement, OperationOutcome, Task } from 'fhir/r4'
import definition from '../../fhir-profiles/operation-definitions/task-worklist.json' with { type: 'json' }
import { parametersOf } from '../../lib/resources/index.ts'
import { openTaskStatuses } from '../../lib/resources/task.ts'
import { TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { exampleTask } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const URGENCY = ['stat', 'asap', 'urgent', 'routine']
const NORA = 'Practitioner/nora'
const WORKLIST = `/Task?_query=worklist&worker=${NORA}`

interface Work {
  priority?: string
  due?: string
  owner?: string
  status?: string
}

const work = ({ priority, due, owner = NORA, status = 'requested' }: Work) =>
  exampleTask({
    status,
    owner: { reference: owner },
    ...(priority && { priority }),
    ...(due && { restriction: { period: { end: due } } }),
  })

const put = async (id: string, what: Work = {}) => {
  expect((await api.put(`/Task/${id}`, { ...work(what), id })).status).toBeLessThan(300)
}
const ids = (bundle: Bundle) =>
  (bundle.entry ?? []).flatMap(({ resource, search }) => (search?.mode === 'match' ? [resource!.id!] : []))
const nextOf = ({ link }: Bundle) => link?.find(({ relation }) => relation === 'next')?.url.slice(TEST_BASE.length)

/** All pages, one after another. */
const pages = async (url: string): Promise<string[]> => {
  const seen: string[] = []
  for (let next: string | undefined = url; next; ) {
    const { body }: { body: Bundle } = await api.get<Bundle>(next)
    seen.push(...ids(body))
    next = nextOf(body)
  }
  return seen
}

describe('whose', () => {
  const role = (id: string, elements: object = {}) =>
    api.put(`/PractitionerRole/${id}`, {
      resourceType: 'PractitionerRole',
      id,
      practitioner: { reference: NORA },
      ...elements,
    })
  const team = (id: string, member: string, elements: object = {}) =>
    api.put(`/CareTeam/${id}`, {
      resourceType: 'CareTeam',
      id,
      participant: [{ member: { reference: member } }],
      ...elements,
    })

  test('their own, that of their roles, of their teams and of the teams of their roles', async () => {
    await role('nurse')
    await role('retired', { active: false })
    await team('home', NORA, { status: 'active' })
    await team('nurses', 'PractitionerRole/nurse')
    await team('old', NORA, { status: 'inactive' })
    await team('others', 'Practitioner/omar')
    await put('own')
    await put('of-role', { owner: 'PractitionerRole/nurse' })
    await put('of-team', { owner: 'CareTeam/home' })
    await put('of-team-of-role', { owner: 'CareTeam/nurses' })
    await put('of-former-role', { owner: 'PractitionerRole/retired' })
    await put('of-former-team', { owner: 'CareTeam/old' })
    await put('of-others', { owner: 'CareTeam/others' })
    expect((await pages(WORKLIST)).sort()).toEqual(['of-role', 'of-team', 'of-team-of-role', 'own'])
  })

  test('work that is done is not on it, whoever closed it', async () => {
    await put('open', { priority: 'urgent' })
    await put('done', { priority: 'urgent' })
    for (const status of ['accepted', 'in-progress']) await put('done', { priority: 'urgent', status })
    await put('done', { priority: 'urgent', status: 'completed' })
    expect(await pages(WORKLIST)).toEqual(['open'])
  })
})

describe('in which order', () => {
  test('the most urgent first, then by due date; without a priority is routine, without a date last', async () => {
    await put('routine-late', { priority: 'routine', due: '2026-03-09' })
    await put('none-soon', { due: '2026-03-01' })
    await put('urgent-late', { priority: 'urgent', due: '2026-09-01' })
    await put('urgent-soon', { priority: 'urgent', due: '2026-02-01' })
    await put('urgent-undated', { priority: 'urgent' })
    await put('stat', { priority: 'stat', due: '2026-12-01' })
    await put('asap', { priority: 'asap', due: '2026-11-01' })
    await put('undated')
    const expected = [
      'stat',
      'asap',
      'urgent-soon',
      'urgent-late',
      'urgent-undated',
      'none-soon',
      'routine-late',
      'undated',
    ]
    expect(await pages(WORKLIST)).toEqual(expected)
    expect(await pages(`${WORKLIST}&_count=1`)).toEqual(expected)
    expect(await pages(`${WORKLIST}&due-date=le2026-03-05&_count=1`)).toEqual(['urgent-soon', 'none-soon'])
  })

  test('follows a change of priority', async () => {
    await put('a', { priority: 'urgent', due: '2026-03-02' })
    await put('b', { due: '2026-03-01' })
    await put('a', { priority: 'routine', due: '2026-03-02' })
    await put('b', { priority: 'asap', due: '2026-03-01' })
    expect(await pages(`${WORKLIST}&_count=1`)).toEqual(['b', 'a'])
    await put('a', { priority: 'stat', due: '2026-03-02' })
    expect(await pages(`${WORKLIST}&_count=1`)).toEqual(['a', 'b'])
  })

  test('whatever there is, in pages of whatever size; a plain search that sorts it gives the same', async () => {
    const works = fc.array(
      fc.record(
        {
          priority: fc.constantFrom(...URGENCY),
          due: fc.constantFrom('2026-03-01', '2026-03-02', '2026-04', '2026-03-01T10:00:00-06:00'),
          owner: fc.constantFrom(NORA, 'CareTeam/home', 'Practitioner/omar'),
          status: fc.constantFrom('requested', 'on-hold', 'completed'),
        },
        { requiredKeys: ['owner', 'status'] },
      ),
      { maxLength: 25 },
    )
    await fc.assert(
      fc.asyncProperty(works, fc.integer({ min: 1, max: 9 }), async (all, count) => {
        api = testApi()
        await api.put('/CareTeam/home', {
          resourceType: 'CareTeam',
          id: 'home',
          participant: [{ member: { reference: NORA } }],
        })
        for (const [n, one] of all.entries()) await put(`t${n}`, one)
        const mine = all.flatMap(({ owner, status }, n) =>
          owner !== 'Practitioner/omar' && status !== 'completed' ? [`t${n}`] : [],
        )
        const shown = await pages(`${WORKLIST}&_count=${count}`)
        expect([...shown].sort()).toEqual([...mine].sort())
        // No list is in this order for a search without an owner: it is gathered and sorted.
        const sorted = await pages(`/Task?status=${openTaskStatuses}&_sort=-priority,due-date&_count=200`)
        expect(shown).toEqual(sorted.filter((id) => mine.includes(id)))
        // The order of the lists as they were.
        const byDate = await pages(`/Task?owner=${NORA},CareTeam/home&_count=${count}`)
        expect(new Set(byDate).size).toBe(byDate.length)
        expect(byDate).toHaveLength(all.filter(({ owner }) => owner !== 'Practitioner/omar').length)
      }),
      { numRuns: 60 },
    )
  })

  test('a client may ask for another', async () => {
    await put('a', { priority: 'stat', due: '2026-03-02' })
    await put('b', { due: '2026-03-01' })
    expect(await pages(`${WORKLIST}&_sort=due-date`)).toEqual(['b', 'a'])
    expect(await pages('/Task?_sort=priority,due-date')).toEqual(['b', 'a'])
  })
})

describe('as a search like any other', () => {
  test('it is combined with criteria and includes, counted, and says how it was done', async () => {
    await api.put('/Patient/1', { resourceType: 'Patient', id: '1' })
    await api.put('/Task/a', { ...work({ priority: 'urgent' }), id: 'a', for: { reference: 'Patient/1' } })
    await put('b')
    const { body } = await api.get<Bundle<Task>>(`${WORKLIST}&patient=Patient/1&_include=Task:patient&_total=accurate`)
    expect({ total: body.total, types: body.entry?.map(({ resource }) => resource!.resourceType) }).toEqual({
      total: 1,
      types: ['Task', 'Patient'],
    })
    expect(body.link?.[0]?.url).toContain('_query=worklist&worker=Practitioner%2Fnora')
    const explained = await api.get<Bundle>(`${WORKLIST}&_explain=true&_count=1`)
    const outcome = explained.body.entry?.at(-1)?.resource as OperationOutcome
    expect(outcome.issue[0]!.diagnostics).toContain('by owner from 1 list(s), in the order of the lists')
    expect((await api.get<Bundle>(`${WORKLIST}&_summary=count`)).body.total).toBe(2)
  })

  test.each([
    ['/Task?_query=worklist', 'without a worker'],
    ['/Task?_query=worklist&worker=', 'of nobody'],
    ['/Task?_query=worklist&worker=a b', 'of no reference'],
    [`${WORKLIST}&worker=Practitioner/omar`, 'of two workers'],
    [`${WORKLIST}&_query=worklist`, 'asked for twice'],
    ['/Task?_query=toString&worker=Practitioner/nora', 'that is not there'],
    ['/Goal?_query=worklist&worker=Practitioner/nora', 'of another type'],
    ['/Task?worker=Practitioner/nora', 'that is not asked for'],
  ])('%s, %s, is refused', async (url) => {
    expect((await api.get(url)).status).toBe(400)
  })

  test('what a lenient search leaves out is never the worker', async () => {
    await put('a')
    await put('others', { owner: 'Practitioner/omar' })
    const { body } = await api.get<Bundle>(`${WORKLIST}&colour=red`, { Prefer: 'handling=lenient' })
    expect(ids(body)).toEqual(['a'])
    for (const query of ['_query=worklist', '_query=worklist&worker=a b', '_query=mine'])
      expect((await api.get(`/Task?${query}`, { Prefer: 'handling=lenient' })).status).toBe(400)
  })
})

test('its OperationDefinition is what the CapabilityStatement names, and says what worker can be', async () => {
  const { body } = await api.get<CapabilityStatement>('/metadata')
  const task = body.rest![0]!.resource!.find(({ type }) => type === 'Task')!
  expect(task.operation).toContainEqual({ name: definition.code, definition: definition.url })
  const types = definition.parameter[0]!.targetProfile!.map((profile) => profile.split('/').at(-1))
  expect(types).toEqual(parametersOf('Task').get('owner')!.targets)
})
