import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../../lib/fhir.ts'
import { missingPools, poolOwner } from '../../../lib/pathways/owner.ts'
import { SimulatedTenant } from '../../flows/simulated-tenant.ts'

const NOW = '2026-11-20T12:00:00.000Z'
const { pool } = poolOwner({ id: 'supervisors', name: 'Supervisors' })

const missingIn = async (tenant: SimulatedTenant, wanted: Resource | undefined = pool): Promise<string[]> =>
  (await missingPools(tenant.careloop.store, [wanted], NOW)).map(({ resourceType }) => resourceType)

describe('a pool that work goes to', () => {
  test('is made with a record of its own', async () => {
    expect(await missingIn(new SimulatedTenant(NOW))).toEqual(['CareTeam', 'Provenance'])
  })

  test('that the tenant has made is neither made nor said to have been', async () => {
    const tenant = new SimulatedTenant(NOW)
    await tenant.put({ resourceType: 'CareTeam', id: 'supervisors', name: 'The night shift' })
    expect(await missingIn(tenant)).toEqual([])
  })

  test('that was deleted stays deleted', async () => {
    const tenant = new SimulatedTenant(NOW)
    await tenant.put({ resourceType: 'CareTeam', id: 'supervisors' })
    await tenant.delete('CareTeam/supervisors')
    expect(await missingIn(tenant)).toEqual([])
  })
})

test('work that goes to a person needs no pool', async () => {
  expect(await missingPools(new SimulatedTenant(NOW).careloop.store, [undefined], NOW)).toEqual([])
})
