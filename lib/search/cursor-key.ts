import { randomBytes } from 'node:crypto'
import { ConditionFailed, type Table } from '../store/table.ts'

const KEY = { pk: '!settings', sk: 'cursor-key' }
const BYTES = 32

/**
 * The key that cursors are encrypted with: made once per tenant and kept in the tenant's own table, under the tenant's own KMS key.
 * That costs nothing while idle and is restored with the data; read once per process, on the first cursor.
 */
export const createCursorKey = (table: Table): (() => Promise<Uint8Array>) => {
  let known: Promise<Uint8Array> | undefined
  const load = async (): Promise<Uint8Array> => {
    const item = await table.get(KEY)
    if (item) return item.key as Uint8Array
    const key = new Uint8Array(randomBytes(BYTES))
    try {
      await table.put({ ...KEY, key }, 'absent')
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
