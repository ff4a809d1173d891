import { beforeAll, describe, expect, test } from '@jest/globals'
import type { OperationOutcome, Parameters, ValueSet } from 'fhir/r4'
import { testApi } from '../support/api.ts'

const SYSTEM = 'http://example.org/CodeSystem/food'
const BOX = 'http://example.org/ValueSet/box'
const SNOMED = 'http://snomed.info/sct'
const OURS = 'https://careloop.dev/fhir/ValueSet'

const api = testApi()

const codeSystem = {
  resourceType: 'CodeSystem',
  id: 'food',
  url: SYSTEM,
  version: '2',
  name: 'Food',
  status: 'active',
  content: 'complete',
  concept: [
    {
      code: 'fresh',
      display: 'Fresh food',
      concept: [
        { code: 'fruit', display: 'Fruit', definition: 'What grows on trees.' },
        { code: 'greens', display: 'Leafy greens' },
      ],
    },
    { code: 'tins', display: 'Tinned food' },
  ],
}

const valueSet = (id: string, ...include: unknown[]) => ({
  resourceType: 'ValueSet',
  ...{ id, url: `http://example.org/ValueSet/${id}`, version: '1', status: 'active', compose: { include } },
})

beforeAll(async () => {
  await api.put('/CodeSystem/food', codeSystem)
  await api.put('/ValueSet/box', valueSet('box', { system: SYSTEM }))
  const below = [{ property: 'concept', op: 'is-a', value: 'fresh' }]
  await api.put('/ValueSet/fresh', valueSet('fresh', { system: SYSTEM, filter: below }))
  await api.put('/ValueSet/both', valueSet('both', { valueSet: [BOX, 'http://example.org/ValueSet/fresh'] }))
  const exclude = { compose: { include: [{ system: SYSTEM }], exclude: [{ system: SYSTEM, filter: below }] } }
  await api.put('/ValueSet/dry', { ...valueSet('dry'), ...exclude })
  await api.put('/ValueSet/anything', valueSet('anything', { system: SNOMED }))
  const isFood = [{ property: 'concept', op: 'is-a', value: '255620007' }]
  await api.put('/ValueSet/filtered', valueSet('filtered', { system: SNOMED, filter: isFood }))
  const concept = [{ code: '1', display: 'One' }, { code: '2' }]
  await api.put('/ValueSet/listed', valueSet('listed', { system: SNOMED, concept }))
  const many = Array.from({ length: 1_001 }, (_, index) => ({ code: `c${index}` }))
  await api.put('/ValueSet/many', valueSet('many', { system: SNOMED, concept: many }))
})

const expand = (query: string) => api.get<ValueSet>(`/ValueSet/${query}`)
const codesIn = ({ expansion }: ValueSet) => (expansion?.contains ?? []).map(({ code }) => code)

describe('ValueSet/$expand', () => {
  test.each([
    [`$expand?url=${BOX}`, ['fresh', 'fruit', 'greens', 'tins']],
    [`$expand?url=${BOX}|1`, ['fresh', 'fruit', 'greens', 'tins']],
    [`$expand?url=${BOX}&valueSetVersion=1&includeDesignations=false`, ['fresh', 'fruit', 'greens', 'tins']],
    ['box/$expand', ['fresh', 'fruit', 'greens', 'tins']],
    ['fresh/$expand', ['fresh', 'fruit', 'greens']],
    ['both/$expand', ['fresh', 'fruit', 'greens']],
    ['dry/$expand', ['tins']],
    ['listed/$expand', ['1', '2']],
    ['box/$expand?filter=foo', ['fresh', 'tins']],
    ['box/$expand?filter=FRESH fo', ['fresh']],
    ['box/$expand?filter=ruit', []],
    ['box/$expand?count=2', ['fresh', 'fruit']],
    ['box/$expand?count=2&offset=3', ['tins']],
    ['box/$expand?count=0', []],
  ])('%s has %j', async (query, codes) => {
    const { status, body } = await expand(query)
    expect({ status, codes: codesIn(body) }).toEqual({ status: 200, codes })
  })

  test('says what it is an expansion of, and how many codes there are', async () => {
    const { body } = await expand('box/$expand?filter=food&count=1')
    expect(body).toEqual({
      ...{ resourceType: 'ValueSet', url: BOX, version: '1', status: 'active' },
      expansion: {
        identifier: expect.stringMatching(/^urn:uuid:/),
        timestamp: expect.any(String),
        total: 2,
        offset: 0,
        parameter: [
          { name: 'filter', valueString: 'food' },
          { name: 'count', valueInteger: 1 },
        ],
        contains: [{ system: SYSTEM, code: 'fresh', display: 'Fresh food' }],
      },
    })
    expect((await expand('box/$expand?includeDefinition=true')).body.compose).toEqual({ include: [{ system: SYSTEM }] })
  })

  test('knows the value sets that come with the service, by url and by id', async () => {
    const { body } = await expand(`$expand?url=${OURS}/task-business-status&filter=attempts`)
    expect(body.expansion!.contains).toEqual([
      {
        system: 'https://careloop.dev/fhir/CodeSystem/task-business-status',
        code: 'attempts-met',
        display: 'Attempts met',
      },
    ])
    expect((await expand('programme/$expand')).body.expansion!.total).toBeGreaterThan(5)
    const { body: statuses } = await expand('$expand?url=http://hl7.org/fhir/ValueSet/task-status')
    expect(statuses.expansion!.contains).toContainEqual({
      system: 'http://hl7.org/fhir/task-status',
      code: 'on-hold',
      display: 'On Hold',
    })
  })

  test('takes a value set in a body', async () => {
    const parameter = [
      { name: 'valueSet', resource: valueSet('mine', { system: SYSTEM, concept: [{ code: 'tins' }] }) },
      { name: 'count', valueInteger: 5 },
    ]
    const { body } = await api.post<ValueSet>('/ValueSet/$expand', { resourceType: 'Parameters', parameter })
    expect(body.expansion!.contains).toEqual([{ system: SYSTEM, code: 'tins', display: 'Tinned food' }])
  })

  test.each([
    ['$expand?url=http://example.org/none', 404, 'not-found'],
    [`$expand?url=${BOX}|9`, 404, 'not-found'],
    ['none/$expand', 404, 'not-found'],
    ['anything/$expand', 422, 'not-supported'],
    ['filtered/$expand', 422, 'not-supported'],
    ['many/$expand', 422, 'too-costly'],
    ['$expand', 400, 'invalid'],
    [`box/$expand?url=${BOX}`, 400, 'invalid'],
    ['box/$expand?count=-1', 400, 'invalid'],
    ['box/$expand?activeOnly=true', 400, 'not-supported'],
    ['box/$expand?includeDesignations=true', 400, 'not-supported'],
  ])('%s is a %d (%s)', async (query, status, code) => {
    const answer = await api.get<OperationOutcome>(`/ValueSet/${query}`)
    expect([answer.status, answer.body.issue[0]!.code]).toEqual([status, code])
  })

  test.each([
    [{ include: 5 }, 'ValueSet.compose.include'],
    [{ include: [{ system: 'x', filter: 5 }] }, 'ValueSet.compose.include[0].filter'],
    [{ include: [{ system: 'x', concept: [{}] }] }, 'ValueSet.compose.include[0].concept[0].code'],
  ])('a value set that has the form of none (%j) is a 422', async (compose, place) => {
    const resource = { resourceType: 'ValueSet', status: 'active', compose }
    const parameter = [{ name: 'valueSet', resource }]
    const sent = await api.post<OperationOutcome>('/ValueSet/$expand', { resourceType: 'Parameters', parameter })
    expect([sent.status, sent.body.issue[0]!.expression]).toEqual([422, [place]])
  })

  test('goes by pages through a value set that is too large for one answer', async () => {
    expect(codesIn((await expand('many/$expand?count=1000')).body)).toHaveLength(1_000)
    expect(codesIn((await expand('many/$expand?count=1000&offset=1000')).body)).toEqual(['c1000'])
  })
})

const verdictOf = ({ parameter = [] }: Parameters) =>
  Object.fromEntries(parameter.map(({ name, valueBoolean, valueString }) => [name, valueBoolean ?? valueString]))

describe('ValueSet/$validate-code', () => {
  test.each([
    [`$validate-code?url=${BOX}&system=${SYSTEM}&code=fruit`, true],
    [`box/$validate-code?system=${SYSTEM}&code=fruit&display=fruit`, true],
    [`box/$validate-code?system=${SYSTEM}&code=fruit&display=Greens`, false],
    [`box/$validate-code?system=${SYSTEM}&code=meat`, false],
    ['box/$validate-code?system=http://example.org/other&code=fruit', false],
    ['box/$validate-code?code=fruit', false],
    [`dry/$validate-code?system=${SYSTEM}&code=fruit`, false],
    [
      '$validate-code?url=http://hl7.org/fhir/ValueSet/goal-status&system=http://hl7.org/fhir/goal-status&code=active',
      true,
    ],
    // of a code system that is not here only others can be refused
    [`anything/$validate-code?system=${SYSTEM}&code=fruit`, false],
  ])('%s: %s', async (query, result) => {
    const { status, body } = await api.get<Parameters>(`/ValueSet/${query}`)
    expect({ status, result: verdictOf(body).result }).toEqual({ status: 200, result })
    expect('message' in verdictOf(body)).toBe(!result)
  })

  test('of the codings of a concept one is enough', async () => {
    const valid = { system: SYSTEM, code: 'tins', display: 'Tinned food' }
    const ask = (name: string, value: object) =>
      api.post<Parameters>('/ValueSet/box/$validate-code', {
        resourceType: 'Parameters',
        parameter: [{ name, ...value }],
      })
    const coding = [{ system: SNOMED, code: '1' }, valid]
    const answers = [
      await ask('codeableConcept', { valueCodeableConcept: { coding } }),
      await ask('coding', { valueCoding: valid }),
      await ask('codeableConcept', { valueCodeableConcept: { text: 'Tins' } }),
    ]
    expect(answers.map(({ body }) => verdictOf(body))).toEqual([
      { result: true, display: 'Tinned food' },
      { result: true, display: 'Tinned food' },
      { result: false, message: expect.any(String) },
    ])
  })

  test.each([
    [`anything/$validate-code?system=${SNOMED}&code=1`, 422, 'not-supported'],
    [`filtered/$validate-code?system=${SNOMED}&code=1`, 422, 'not-supported'],
    ['none/$validate-code?system=x&code=1', 404, 'not-found'],
    ['box/$validate-code', 400, 'invalid'],
    ['box/$validate-code?code=a&code=b', 400, 'invalid'],
  ])('%s is a %d (%s)', async (query, status, code) => {
    const answer = await api.get<OperationOutcome>(`/ValueSet/${query}`)
    expect([answer.status, answer.body.issue[0]!.code]).toEqual([status, code])
  })
})

describe('CodeSystem/$lookup', () => {
  const code = (value: string) => ({ name: 'code', valueCode: value })

  test('tells what a code means', async () => {
    const { body } = await api.get<Parameters>(`/CodeSystem/$lookup?system=${SYSTEM}&code=fruit`)
    expect(body.parameter).toEqual([
      { name: 'name', valueString: 'Food' },
      { name: 'version', valueString: '2' },
      { name: 'display', valueString: 'Fruit' },
      { name: 'property', part: [code('definition'), { name: 'value', valueString: 'What grows on trees.' }] },
      { name: 'property', part: [code('parent'), { name: 'value', valueCode: 'fresh' }] },
    ])
  })

  test('gives the properties that are asked for', async () => {
    const { body } = await api.get<Parameters>(`/CodeSystem/$lookup?system=${SYSTEM}&code=fresh&property=child`)
    expect(body.parameter!.slice(3).map(({ part }) => part![1]!.valueCode)).toEqual(['fruit', 'greens'])
  })

  test.each([
    [`system=${SYSTEM}&code=meat`, 404, 'not-found'],
    [`system=${SYSTEM}&code=fruit&version=1`, 404, 'not-found'],
    [`system=${SNOMED}&code=1`, 404, 'not-found'],
    ['code=fruit', 400, 'invalid'],
  ])('%s is a %d', async (query, status, issue) => {
    const answer = await api.get<OperationOutcome>(`/CodeSystem/$lookup?${query}`)
    expect([answer.status, answer.body.issue[0]!.code]).toEqual([status, issue])
  })
})

test.each([
  [`$validate-code?url=${SYSTEM}&code=fruit`, true],
  ['food/$validate-code?code=fruit', true],
  ['food/$validate-code?code=meat', false],
  ['task-business-status/$validate-code?code=overdue', true],
  [`food/$validate-code?code=fruit&display=Tins`, false],
])('CodeSystem/%s: %s', async (query, result) => {
  const { status, body } = await api.get<Parameters>(`/CodeSystem/${query}`)
  expect({ status, result: verdictOf(body).result }).toEqual({ status: 200, result })
})

test('a definition that a tenant keeps goes before the one that comes with the service', async () => {
  const own = testApi()
  const url = `${OURS}/roll-forward`
  const include = [{ system: SYSTEM, concept: [{ code: 'own' }] }]
  await own.put('/ValueSet/mine', { ...valueSet('mine'), url, compose: { include } })
  const { body } = await own.get<ValueSet>(`/ValueSet/$expand?url=${url}`)
  expect(codesIn(body)).toEqual(['own'])
})
