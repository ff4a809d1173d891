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
    expect(rest!.interaction!.map(({ code }) => code).sort()).toEqual(['batch', 'transaction'])
    expect(rest!.resource!.map(({ type }) => type)).toEqual([...declarations.keys()].sort())
    const task = rest!.resource!.find(({ type }) => type === 'Task')!
    expect(task.interaction!.map(({ code }) => code).sort()).toEqual([
      'create',
      'delete',
      'history-instance',
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
    expect(task.conditionalUpdate).toBeUndefined()
  })

  test('every search parameter that is advertised is searched for', async () => {
    const { body } = await api.get<CapabilityStatement>('/metadata')
    const values: Record<string, string> = { date: '2026', number: '1', quantity: '1', composite: 'a$b', uri: 'urn:x' }
    const task = body.rest![0]!.resource!.find(({ type }) => type === 'Task')!
    for (const { name, type } of task.searchParam!)
      expect([name, (await api.get(`/Task?${name}=${values[type] ?? 'x'}`)).status]).toEqual([name, 200])
  })
})
