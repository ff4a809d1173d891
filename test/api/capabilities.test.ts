import { describe, expect, test } from '@jest/globals'
import type { CapabilityStatement } from 'fhir/r4'
import { declarations } from '../../lib/resources/index.ts'
import { testApi } from '../support/api.ts'

const api = testApi()

describe('capabilities', () => {
  test('say what is done with each type', async () => {
    const { status, body } = await api.get<CapabilityStatement>('/metadata')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      fhirVersion: '4.0.1',
      kind: 'instance',
      implementation: { url: 'https://api.test/fhir' },
    })
    const [rest] = body.rest!
    expect(rest!.interaction!.map(({ code }) => code).sort()).toEqual([
      'batch',
      'history-system',
      'search-system',
      'transaction',
    ])
    expect(rest!.resource!.map(({ type }) => type)).toEqual([...[...declarations.keys()].sort(), 'SearchParameter'])
    const task = rest!.resource!.find(({ type }) => type === 'Task')!
    expect(task.interaction!.map(({ code }) => code).sort()).toEqual([
      'create',
      'delete',
      'history-instance',
      'history-type',
      'patch',
      'read',
      'search-type',
      'update',
      'vread',
    ])
    expect(task).toMatchObject({
      versioning: 'versioned-update',
      readHistory: true,
      updateCreate: true,
      conditionalCreate: true,
      conditionalRead: 'full-support',
    })
    expect(task.searchParam).toEqual(
      expect.arrayContaining([
        { name: 'owner', type: 'reference' },
        { name: '_id', type: 'token' },
      ]),
    )
    expect(rest!.compartment).toEqual(['http://hl7.org/fhir/CompartmentDefinition/patient'])
    expect(task.searchInclude).toContain('Task:focus')
    expect(task.searchRevInclude).toContain('Task:part-of')
    expect(task).toMatchObject({ conditionalUpdate: true, conditionalDelete: 'multiple' })
    expect(body.patchFormat).toEqual(['application/json-patch+json', 'application/fhir+json'])
  })

  test('every search parameter that is advertised is searched for', async () => {
    const { body } = await api.get<CapabilityStatement>('/metadata')
    const values: Record<string, string> = { date: '2026', number: '1', quantity: '1', composite: 'a$b', uri: 'urn:x' }
    const task = body.rest![0]!.resource!.find(({ type }) => type === 'Task')!
    for (const { name, type } of task.searchParam!)
      expect([name, (await api.get(`/Task?${name}=${values[type] ?? 'x'}`)).status]).toEqual([name, 200])
  })

  test('name the search parameters of all types, and a search of the system takes them', async () => {
    const { body } = await api.get<CapabilityStatement>('/metadata')
    const names = body.rest![0]!.searchParam!.map(({ name }) => name)
    expect(names.sort()).toEqual(['_id', '_lastUpdated', '_profile', '_security', '_source', '_tag'])
    for (const name of names)
      expect([name, (await api.get(`/?${name}=${name === '_lastUpdated' ? '2026' : 'x'}`)).status]).toEqual([name, 200])
  })

  test('name the operations of each type', async () => {
    const { body } = await api.get<CapabilityStatement>('/metadata')
    const operationsOf = (type: string) =>
      body
        .rest![0]!.resource!.find((resource) => resource.type === type)!
        .operation!.map(({ name }) => name)
        .sort()
    expect(operationsOf('Goal')).toEqual(['meta', 'meta-add', 'meta-delete', 'progress', 'validate'])
    expect(operationsOf('Task')).toEqual([
      'assign',
      'claim',
      'explain',
      'meta',
      'meta-add',
      'meta-delete',
      'referral-link',
      'validate',
      'worklist',
    ])
    expect(operationsOf('Patient')).toEqual([
      'disclosures',
      'everything',
      'meta',
      'meta-add',
      'meta-delete',
      'validate',
    ])
  })

  test('say what the tenant has settled', async () => {
    const strict = testApi({ tenant: { updateCreate: false, referentialIntegrity: 'enforce' } })
    const { body } = await strict.get<CapabilityStatement>('/metadata')
    expect(body.rest![0]!.resource![0]).toMatchObject({
      updateCreate: false,
      referencePolicy: ['literal', 'logical', 'enforced'],
    })
  })
})
