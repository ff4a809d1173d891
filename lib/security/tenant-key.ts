import { randomBytes } from 'node:crypto'
import { ConditionFailed, type Table } from '../store/table.ts'

const BYTES = 32

/**
 * A key of 256 bits for one purpose: made once per tenant and kept in the tenant's own table, under the tenant's own KMS key. That costs
 * nothing while idle and is restored with the data; read once per process, when it is first needed.
 */
export const createTenantKey = (table: Table, purpose: string): (() => Promise<Uint8Array>) => {
  const place = { pk: '!settings', sk: `${purpose}-key` }
  let known: Promise<Uint8Array> | undefined
  const load = async (): Promise<Uint8Array> => {
    const item = await table.get(place)
    if (item) return item.key as Uint8Array
    const key = new Uint8Array(randomBytes(BYTES))
    try {
      await table.put({ ...place, key }, 'absent')
      return key
    } catch (error) {
      if (error instanceof ConditionFailed) return load()
      throw error
    }
  }
  return () => {
    known ??= load().catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
}
