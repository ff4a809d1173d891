import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Room } from '../../../local/load/room.ts'

test('no more is under way than there is room for, save one that is larger by itself, and all gets its turn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 })), fc.scheduler(), async (sizes, scheduler) => {
      const room = new Room(10)
      const inside = new Set<number>()
      const order: number[] = []
      const all = Promise.all(
        sizes.map((entries, n) =>
          room.within(entries, async () => {
            inside.add(n)
            order.push(n)
            const sum = [...inside].reduce((total, one) => total + sizes[one]!, 0)
            expect(sum <= 10 || inside.size - [...inside].filter((one) => sizes[one] === 0).length === 1).toBe(true)
            await scheduler.schedule(Promise.resolve())
            inside.delete(n)
          }),
        ),
      )
      await scheduler.waitFor(all)
      expect(order).toEqual([...sizes.keys()])
    }),
  )
})

test('what fails leaves its room to others', async () => {
  const room = new Room(1)
  await expect(room.within(1, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost')
  expect(await room.within(1, async () => 'done')).toBe('done')
})
