import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Task } from 'fhir/r4'
import { rolledUp, statusOfParts } from '../../../../lib/follow-up/referrals/roll-up.ts'

type Status = Task['status']
const NOW = '2026-11-23T17:00:00.000Z'

const task = (status: Status, others: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  id: 'task',
  status,
  intent: 'order',
  ...others,
})

/** What two parts give their Task, each pair in either order; `.`: they say nothing. */
const GOLDEN = `
              requested    received     accepted     in-progress  on-hold      completed    rejected     failed       cancelled
requested     .            .            accepted     in-progress  .            in-progress  .            .            .
received      .            .            accepted     in-progress  .            in-progress  .            .            .
accepted      accepted     accepted     accepted     in-progress  accepted     in-progress  accepted     accepted     accepted
in-progress   in-progress  in-progress  in-progress  in-progress  in-progress  in-progress  in-progress  in-progress  in-progress
on-hold       .            .            accepted     in-progress  .            in-progress  .            .            .
completed     in-progress  in-progress  in-progress  in-progress  in-progress  completed    completed    completed    completed
rejected      .            .            accepted     in-progress  .            completed    failed       failed       failed
failed        .            .            accepted     in-progress  .            completed    failed       failed       failed
cancelled     .            .            accepted     in-progress  .            completed    failed       failed       .
`

test('the golden table of two parts', () => {
  const [header, ...lines] = GOLDEN.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  for (const [first, ...cells] of lines)
    cells.forEach((expected, n) => {
      const pair = [first, header![n]] as Status[]
      expect([...pair, statusOfParts(pair) ?? '.']).toEqual([...pair, expected])
    })
})

const STATUSES: readonly Status[] = [
  ...(['draft', 'requested', 'received', 'accepted', 'rejected', 'ready'] as const),
  ...(['cancelled', 'in-progress', 'on-hold', 'failed', 'completed', 'entered-in-error'] as const),
]
const status = fc.constantFrom(...STATUSES)

describe('any parts', () => {
  test('never take a Task back, and never move one that is over, a draft or on hold', () => {
    const STAGES: readonly Status[] = ['requested', 'received', 'accepted', 'in-progress', 'completed', 'failed']
    fc.assert(
      fc.property(status, fc.array(status, { maxLength: 5 }), (own, parts) => {
        const before = task(own)
        const after = rolledUp(
          before,
          parts.map((each) => task(each)),
          NOW,
        )
        if (after === before) return
        expect(['requested', 'received', 'accepted', 'ready', 'in-progress']).toContain(own)
        expect(STAGES.indexOf(after.status)).toBeGreaterThan(own === 'ready' ? 2 : STAGES.indexOf(own))
      }),
    )
  })

  test('leave a Task alone that already says what they do: a second look changes nothing', () => {
    fc.assert(
      fc.property(status, fc.array(status, { maxLength: 5 }), (own, statuses) => {
        const parts = statuses.map((each) => task(each))
        const once = rolledUp(task(own), parts, NOW)
        expect(rolledUp(once, parts, NOW)).toBe(once)
      }),
    )
  })
})

test('a completed Task has the outputs of its parts, each once, and the time of its end', () => {
  const output = [{ type: { text: 'Box' }, valueString: 'weekly' }]
  const after = rolledUp(
    task('in-progress', { output, executionPeriod: { start: '2026-11-20T16:00:00.000Z' } }),
    [task('completed', { output: [...output, { type: { text: 'Card' }, valueString: 'bus' }] }), task('rejected')],
    NOW,
  )
  expect(after.output!.map(({ type }) => type.text)).toEqual(['Box', 'Card'])
  expect(after.executionPeriod).toEqual({ start: '2026-11-20T16:00:00.000Z', end: NOW })
})
