import { beforeAll, describe, expect, test } from '@jest/globals'
import { make, searchOver, to } from './related-resources.ts'

let search: Awaited<ReturnType<typeof searchOver>>

beforeAll(async () => {
  search = await searchOver([
    make('Organization/o1', { name: 'North Clinic', partOf: to('Organization/o2') }),
    make('Organization/o2', { name: 'Big Health' }),
    make('Practitioner/d1', { name: [{ family: 'Ruiz' }] }),
    make('Patient/1', {
      name: [{ family: 'Adams' }],
      gender: 'female',
      identifier: [{ system: 'urn:mrn', value: '7' }],
      managingOrganization: to('Organization/o1'),
    }),
    make('Patient/2', { name: [{ family: 'Baker' }], gender: 'male' }),
    make('Group/1', { type: 'person', actual: true, member: [{ entity: to('Patient/2') }] }),
    make('Task/1', { status: 'ready', for: to('Patient/1'), owner: to('Practitioner/d1') }),
    make('Task/2', { status: 'ready', for: to('Patient/2'), owner: to('Organization/o1'), focus: to('Task/1') }),
    make('Task/3', { status: 'completed', for: to('https://other.example.org/fhir/Patient/1') }),
    make('Task/4', { status: 'ready', for: to('Group/1') }),
    make('Observation/1', { subject: to('Patient/1'), code: { coding: [{ code: 'bp' }] }, status: 'final' }),
    make('Observation/2', { subject: to('Patient/2'), code: { coding: [{ code: 'hr' }] }, status: 'final' }),
    make('Provenance/1', {
      target: [to('Observation/1')],
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ who: to('Practitioner/d1') }],
    }),
    make('PlanDefinition/1', { url: 'http://a/plan', title: 'Home again' }),
    make('CarePlan/1', { status: 'active', subject: to('Patient/1'), instantiatesCanonical: ['http://a/plan|2'] }),
  ])
})

describe('a chained parameter', () => {
  test.each([
    ['Task', 'patient.name=adams', ['Task/1']],
    ['Task', 'patient.name=nobody', []],
    ['Task', 'patient.identifier=urn:mrn|7', ['Task/1']],
    ['Task', 'subject:Patient.name=adams,baker', ['Task/1', 'Task/2']],
    ['Task', 'subject:Patient.name:exact=Baker', ['Task/2']],
    ['Task', 'subject:Group.member.name=baker', ['Task/4']],
    ['Task', 'patient.gender:not=male', ['Task/1']],
    ['Task', 'patient.identifier:missing=true', ['Task/2']],
    ['Task', 'patient.organization.name=north', ['Task/1']],
    ['Task', 'patient.organization.partof.name=big', ['Task/1']],
    ['Task', 'focus:Task.owner:Practitioner.name=ruiz', ['Task/2']],
    ['Task', 'owner.name=ruiz', ['Task/1']],
    // of the types an owner may be, those count that have the parameter
    ['Task', 'owner.name=north,ruiz', ['Task/1', 'Task/2']],
    ['Task', 'patient.name=adams&patient.gender=male', []],
    ['Task', 'patient.name=adams&status=ready', ['Task/1']],
    ['CarePlan', 'instantiates-canonical.title=home', ['CarePlan/1']],
    ['Task', 'patient._id=2', ['Task/2']],
  ])('%s?%s: %j', async (type, query, expected) => {
    expect((await search.walk(type, query)).sort()).toEqual(expected)
  })

  test.each([
    ['subject.name=adams', 'subject:Patient.name'],
    ['status.name=x', 'not a reference'],
    ['patient.nonsense=x', 'not known for Patient'],
    ['patient:Group.name=x', 'cannot be followed'],
    ['patient.organization.partof.partof.name=x', '3 references'],
    ['patient.name=', 'no value'],
  ])('%s is refused: %s', async (query, text) => {
    await expect(search.page('Task', query)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(text),
    })
  })

  test('is driven by what it finds, one list for each', async () => {
    const { explanation } = await search.page('Task', 'patient.name=adams&_explain=true')
    expect(explanation).toMatchObject({ driver: 'patient', streams: 1, rows: 1 })
  })

  test('that finds too much is refused, with advice', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => make(`Patient/p${n}`, { gender: 'male' }))
    const crowded = await searchOver(many)
    await expect(crowded.page('Task', 'patient.gender=male')).rejects.toMatchObject({
      status: 400,
      problems: [expect.objectContaining({ code: 'too-costly', text: expect.stringContaining('more specific') })],
    })
  })
})

describe('_has', () => {
  test.each([
    ['Patient', '_has:Observation:patient:code=bp', ['Patient/1']],
    ['Patient', '_has:Observation:patient:code=bp,hr', ['Patient/1', 'Patient/2']],
    ['Patient', '_has:Observation:subject:code=hr&name=adams', []],
    ['Patient', '_has:Observation:patient:code=bp&_has:Task:patient:status=ready', ['Patient/1']],
    ['Patient', '_has:Observation:patient:code=bp&_has:Observation:patient:code=hr', []],
    // another server's patient is not ours
    ['Patient', '_has:Task:patient:status=completed', []],
    ['Patient', '_has:Observation:patient:_has:Provenance:target:agent=Practitioner/d1', ['Patient/1']],
    ['Task', 'patient._has:Observation:patient:code=hr', ['Task/2']],
    ['Patient', '_has:Task:patient:owner.name=ruiz', ['Patient/1']],
    ['Patient', '_has:Group:member:_id=1', ['Patient/2']],
  ])('%s?%s: %j', async (type, query, expected) => {
    expect((await search.walk(type, query)).sort()).toEqual(expected)
  })

  test.each([
    ['_has:Observation:code:status=final', 'not a reference'],
    ['_has:Spaceship:patient:code=x', 'not a type'],
    ['_has:Observation:patient=x', '_has:Type:reference:parameter'],
    ['_has:Observation:patient:nonsense=x', 'not known for Observation'],
    ['_has:Task:encounter:status=ready', 'not a reference to a Patient'],
  ])('%s is refused: %s', async (query, text) => {
    await expect(search.page('Patient', query)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(text),
    })
  })
})
