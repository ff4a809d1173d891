import { beforeAll, describe, expect, test } from '@jest/globals'
import { make, namesIn, searchOver, to } from './related-resources.ts'

let search: Awaited<ReturnType<typeof searchOver>>

beforeAll(async () => {
  const ofPatient = Array.from({ length: 5 }, (_, n) => [
    make(`Task/t${n}`, {
      status: n % 2 ? 'ready' : 'completed',
      for: to(`Patient/${n % 2}`),
      authoredOn: `2026-01-0${n + 1}`,
    }),
    make(`Goal/g${n}`, { lifecycleStatus: 'active', subject: to(`Patient/${n % 2}`) }),
  ])
  search = await searchOver([
    make('Patient/0', { name: [{ family: 'Adams' }], identifier: [{ value: 'same' }] }),
    make('Patient/1', { link: [{ other: to('Patient/0'), type: 'seealso' }] }),
    ...ofPatient.flat(),
    make('Task/elsewhere', { status: 'ready', owner: to('Patient/0'), identifier: [{ value: 'same' }] }),
    make('Task/other', { status: 'ready', for: to('https://other.example.org/fhir/Patient/0') }),
    make('Organization/o', { name: 'Big Health' }),
  ])
})

describe('a search of several types', () => {
  test('all of them, newest first, in pages', async () => {
    const all = await search.walk(undefined, '_count=3')
    expect(all).toHaveLength(15)
    expect(new Set(all).size).toBe(15)
    expect(all.slice(0, 3)).toEqual(['Organization/o', 'Task/other', 'Task/elsewhere'])
  })

  test.each([
    ['_type=Goal', ['Goal/g0', 'Goal/g1', 'Goal/g2', 'Goal/g3', 'Goal/g4']],
    ['_type=Task,Goal&patient=1', ['Goal/g1', 'Goal/g3', 'Task/t1', 'Task/t3']],
    ['_type=Task&_type=Goal&patient=Patient/1', ['Goal/g1', 'Goal/g3', 'Task/t1', 'Task/t3']],
    ['_id=t1,g1', ['Goal/g1', 'Task/t1']],
    ['_type=Task,Patient&identifier=same', ['Patient/0', 'Task/elsewhere']],
    // each by the plan that suits it, walked as one
    ['_type=Task,Goal&patient.name=adams', ['Goal/g0', 'Goal/g2', 'Goal/g4', 'Task/t0', 'Task/t2', 'Task/t4']],
  ])('?%s: %j', async (query, expected) => {
    for (const count of [1, 2, 20])
      expect((await search.walk(undefined, `${query}&_count=${count}`)).sort()).toEqual(expected)
  })

  test('sorted over the types', async () => {
    const oldestFirst = await search.walk(undefined, '_type=Task,Goal&_sort=_lastUpdated&_count=4')
    expect(oldestFirst.slice(0, 4)).toEqual(['Task/t0', 'Goal/g0', 'Task/t1', 'Goal/g1'])
    const byId = await search.walk(undefined, '_type=Task,Goal&patient=1&_sort=-_id&_count=3')
    expect(byId).toEqual(['Task/t3', 'Task/t1', 'Goal/g3', 'Goal/g1'])
  })

  test('what some of the types do not know is refused, or left out of all', async () => {
    await expect(search.page(undefined, '_type=Task,Goal&status=ready')).rejects.toMatchObject({ status: 400 })
    const { ignored, applied } = await search.page(undefined, '_type=Task,Goal&status=ready', { handling: 'lenient' })
    expect(ignored).toEqual(['status'])
    expect(applied).toEqual([['_type', 'Task,Goal']])
    await expect(search.page(undefined, '_type=Spaceship')).rejects.toMatchObject({ status: 400 })
    await expect(search.page('Task', '_type=Goal')).rejects.toMatchObject({ status: 400 })
  })

  test('counts and includes as any search does', async () => {
    const { total } = await search.page(undefined, '_type=Task,Goal&_summary=count')
    expect(total).toBe(12)
    const { included } = await search.page(undefined, '_type=Task,Goal&_id=t1,g1&_include=*')
    expect(namesIn(included)).toEqual(['Patient/1'])
  })
})

describe('a search in the compartment of a patient', () => {
  test.each([
    ['Task', '', ['Task/t0', 'Task/t2', 'Task/t4']],
    ['Task', 'status=ready', []],
    ['Task', 'authored-on=ge2026-01-03&_sort=-authored-on', ['Task/t2', 'Task/t4']],
    ['Patient', '', ['Patient/1']],
    [undefined, '', ['Goal/g0', 'Goal/g2', 'Goal/g4', 'Patient/1', 'Task/t0', 'Task/t2', 'Task/t4']],
    [undefined, '_type=Goal', ['Goal/g0', 'Goal/g2', 'Goal/g4']],
  ])('Patient/0/%s?%s: %j', async (type, query, expected) => {
    for (const count of [2, 20])
      expect((await search.walk(type, `${query}&_count=${count}`, { patient: '0' })).sort()).toEqual(expected)
  })

  test('is driven by the compartment', async () => {
    const { explanation } = await search.page('Task', '_explain=true', { patient: '0' })
    expect(explanation).toMatchObject({ driver: 'compartment', streams: 1, rows: 3 })
  })

  test('a type that never is in one is not there', async () => {
    await expect(search.page('Organization', '', { patient: '0' })).rejects.toMatchObject({ status: 404 })
  })

  test('a cursor is for its own compartment', async () => {
    const { next } = await search.page('Task', '_count=1', { patient: '0' })
    await expect(search.page('Task', `_count=1&_cursor=${next}`, { patient: '1' })).rejects.toMatchObject({
      status: 400,
    })
  })
})
