import { beforeAll, describe, expect, test } from '@jest/globals'
import { make, namesIn, searchOver, to } from './related-resources.ts'

let search: Awaited<ReturnType<typeof searchOver>>

beforeAll(async () => {
  search = await searchOver([
    make('Organization/o1', { name: 'North Clinic', partOf: to('Organization/o2') }),
    make('Organization/o2', { name: 'Big Health' }),
    make('Patient/1', { managingOrganization: to('Organization/o1') }),
    make('CarePlan/1', { status: 'active', subject: to('Patient/1'), instantiatesCanonical: ['http://a/plan|2'] }),
    make('PlanDefinition/1', { url: 'http://a/plan', version: '1' }),
    make('PlanDefinition/2', { url: 'http://a/plan', version: '2' }),
    make('Task/1', { status: 'ready', for: to('Patient/1'), focus: to('CarePlan/1'), basedOn: [to('CarePlan/1')] }),
    make('Task/2', { status: 'ready', for: to('Patient/1'), focus: to('Task/1'), partOf: [to('Task/1')] }),
    make('Task/3', { status: 'ready', for: to('Patient/gone'), partOf: [to('Task/2/_history/1')] }),
    make('Provenance/1', { target: [to('Task/1')], recorded: '2026-01-01T00:00:00Z', agent: [] }),
    make('Provenance/2', { target: [to('Provenance/1')], recorded: '2026-01-01T00:00:00Z', agent: [] }),
  ])
})

const included = async (query: string, type = 'Task') => namesIn((await search.page(type, query)).included).sort()

describe('included with the matches', () => {
  test.each([
    ['_id=1&_include=Task:focus', ['CarePlan/1']],
    ['_id=1&_include=Task:patient', ['Patient/1']],
    ['_id=1&_include=Task:subject:Group', []],
    ['_id=1&_include=Task:focus&_include=Task:based-on', ['CarePlan/1']],
    ['_id=1&_include=*', ['CarePlan/1', 'Patient/1']],
    ['_id=1&_include=Task:*', ['CarePlan/1', 'Patient/1']],
    ['_id=1&_include=Task:*:Patient', ['Patient/1']],
    ['_id=1&_revinclude=*', ['Provenance/1', 'Task/2']],
    ['_id=1&_revinclude:iterate=*', ['Provenance/1', 'Provenance/2', 'Task/2', 'Task/3']],
    // a match is not included as well; what is not there is left out; a version leads to the resource
    ['_id=1,2&_include=Task:focus', ['CarePlan/1']],
    ['_id=3&_include=Task:patient', []],
    ['_id=3&_include=Task:part-of', ['Task/2']],
    // further and further
    ['_id=3&_include:iterate=Task:part-of', ['Task/1', 'Task/2']],
    ['_id=1&_include=Task:patient&_include=Patient:organization', ['Patient/1']],
    ['_id=1&_include=Task:patient&_include:iterate=Patient:organization', ['Organization/o1', 'Patient/1']],
    [
      '_id=1&_include=Task:patient&_include:iterate=Patient:organization&_include:iterate=Organization:partof',
      ['Organization/o1', 'Organization/o2', 'Patient/1'],
    ],
    // what refers to the matches
    ['_id=1&_revinclude=Provenance:target', ['Provenance/1']],
    ['_id=1&_revinclude=Provenance:target:Task', ['Provenance/1']],
    ['_id=1&_revinclude=Provenance:target:Goal', []],
    ['_id=1&_revinclude=Task:part-of', ['Task/2']],
    ['_id=1&_revinclude=Provenance:*', ['Provenance/1']],
    ['_id=1&_revinclude:iterate=Provenance:target', ['Provenance/1', 'Provenance/2']],
    ['_id=nobody&_include=*&_revinclude=Provenance:target', []],
  ])('Task?%s: %j', async (query, expected) => {
    expect(await included(query)).toEqual(expected)
  })

  test('by canonical, the version it says', async () => {
    expect(await included('_id=1&_include=CarePlan:instantiates-canonical', 'CarePlan')).toEqual(['PlanDefinition/2'])
  })

  test('does not count', async () => {
    const { total, versions } = await search.page(
      'Task',
      '_include=Task:patient&_revinclude=Provenance:target&_count=50',
    )
    expect(total).toBe(3)
    expect(namesIn(versions).every((name) => name.startsWith('Task/'))).toBe(true)
  })

  test.each([
    ['_include=Task:status', 'no reference of Task'],
    ['_include=Task', 'Type:reference'],
    ['_include=Spaceship:patient', 'not a type'],
    ['_include:recurse=Task:part-of', ':iterate'],
    ['_revinclude=Provenance', 'Type:reference'],
    ['_include=Task:focus&_summary=text', 'cannot be combined'],
  ])('%s is refused: %s', async (query, text) => {
    await expect(search.page('Task', query)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(text),
    })
  })

  test('no more than a thousand', async () => {
    const crowd = Array.from({ length: 1_001 }, (_, n) => make(`Task/t${n}`, { status: 'ready', for: to('Patient/1') }))
    const crowded = await searchOver([make('Patient/1'), ...crowd])
    await expect(crowded.page('Patient', '_revinclude=Task:patient')).rejects.toMatchObject({ status: 400 })
  })
})
