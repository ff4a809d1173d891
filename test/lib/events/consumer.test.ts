import { beforeEach, expect, jest, test } from '@jest/globals'
import type { Context, EventBridgeEvent } from 'aws-lambda'
import type { Careloop } from '../../../lib/careloop.ts'
import { ConsumerFailed, consumer } from '../../../lib/events/consumer.ts'
import type { EventDetail } from '../../../lib/events/contract.ts'

const log = jest.spyOn(console, 'log').mockImplementation(() => undefined)
beforeEach(() => {
  log.mockClear()
})

const careloop = {} as Careloop
const event = {
  'detail-type': 'task-overdue',
  detail: { reference: 'Task/t1', version: 3, patient: 'Patient/p1', at: 'x', due: 'y', tenant: 'acme' },
} as EventBridgeEvent<'task-overdue', EventDetail<'task-overdue'>>

test('logs the outcome with the reference and nothing else of the event', async () => {
  await consumer<'task-overdue'>(careloop, async () => 'escalated')(event, {} as Context, () => undefined)
  expect(log.mock.calls).toEqual([
    [JSON.stringify({ event: 'task-overdue', reference: 'Task/t1', version: 3, outcome: 'escalated' })],
  ])
})

test('what is thrown is thrown on, so that the event comes again, but without its message', async () => {
  const failing = consumer<'task-overdue'>(careloop, async () => {
    throw new TypeError('Amelia Brandt is no number')
  })
  const result = failing(event, {} as Context, () => undefined) as Promise<void>
  await expect(result).rejects.toThrow(new ConsumerFailed('task-overdue', 'TypeError'))
  expect(log.mock.calls.join()).toContain('"outcome":"failed","error":"TypeError"')
  expect(log.mock.calls.join()).not.toContain('Amelia')
})
