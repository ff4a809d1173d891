import { describe, expect, test } from '@jest/globals'
import { task } from '../../../lib/resources/task.ts'

const open = { resourceType: 'Task', status: 'ready', intent: 'plan' }
const due = (end: string, more: object = {}) => ({ ...open, restriction: { period: { end } }, ...more })

describe('the clocks of a Task', () => {
  test('strike when it is due, in UTC', () => {
    expect(task.clocks!(due('2026-11-25T23:59:59-06:00'))).toEqual(['2026-11-26T05:59:59.000Z'])
  })

  test('strike at the end of a local day when the due date has no time', () => {
    expect(task.clocks!(due('2026-11-25'), { timeZone: 'America/Chicago' })).toEqual(['2026-11-26T05:59:59.999Z'])
    expect(task.clocks!(due('2026-02'), { timeZone: 'America/New_York' })).toEqual(['2026-03-01T04:59:59.999Z'])
    expect(task.clocks!(due('2026-11-25'))).toEqual([])
  })

  test.each(['completed', 'cancelled', 'rejected', 'failed', 'entered-in-error'])(
    'are silent once it is %s',
    (status) => {
      expect(task.clocks!(due('2026-11-25T12:00:00Z', { status }))).toEqual([])
    },
  )

  test.each(['overdue', 'attempt-1'])(
    'strike although its business status is %s: the due date may have moved',
    (code) => {
      const businessStatus = { coding: [{ code }] }
      expect(task.clocks!(due('2026-11-25T12:00:00Z', { businessStatus }))).toHaveLength(1)
    },
  )

  test('are silent without a due date, or with one that is no moment', () => {
    expect(task.clocks!(open)).toEqual([])
    expect(task.clocks!({ ...open, restriction: { period: { start: '2026-11-25T12:00:00Z' } } })).toEqual([])
    expect(task.clocks!(due('2026-12-31T23:59:60Z'))).toEqual([])
  })
})

test('a Task is in the compartment of the patient it is for or about', () => {
  expect(task.compartment).toEqual(['patient', 'focus'])
})
