import { describe, expect, test } from '@jest/globals'
import { retryConflicts } from '../../../lib/interactions/retry-conflicts.ts'
import { ClaimTaken, VersionConflict } from '../../../lib/store/store.ts'

describe('retrying after a conflict', () => {
  test.each([new VersionConflict([0]), new VersionConflict([]), new ClaimTaken(0)])(
    '%s: decides anew',
    async (conflict) => {
      let attempts = 0
      const result = await retryConflicts(async () => {
        attempts += 1
        if (attempts < 3) throw conflict
        return 'done'
      })
      expect([result, attempts]).toEqual(['done', 3])
    },
  )

  test('ends with 409', async () => {
    const attempt = async () => {
      throw new VersionConflict([0])
    }
    await expect(retryConflicts(attempt)).rejects.toMatchObject({ status: 409 })
  })

  test('does nothing about other errors', async () => {
    let attempts = 0
    const attempt = async () => {
      attempts += 1
      throw new TypeError()
    }
    await expect(retryConflicts(attempt)).rejects.toThrow(TypeError)
    expect(attempts).toBe(1)
  })
})
