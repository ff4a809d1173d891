import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { goalLifecycle } from '../../../../lib/resources/lifecycle/goal.ts'
import { carePlanLifecycle, serviceRequestLifecycle } from '../../../../lib/resources/lifecycle/request.ts'
import { taskLifecycle } from '../../../../lib/resources/lifecycle/task.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/api/lifecycle.md'), 'utf8')

/** The rows of the table with this head: what stands in the first column, and the words of the second. */
const tableOf = (head: string): Record<string, string[]> => {
  const [, rows = ''] = page.split(`${head}\n|---|---|\n`)
  return Object.fromEntries(
    rows
      .split('\n\n')[0]!
      .trim()
      .split('\n')
      .map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')))
      .map(([, first = '', second = '']) => [first, second === 'nothing' ? [] : second.split(', ')]),
  )
}

test.each([
  ['| Task.status | may become |', taskLifecycle.edges],
  ['| request status | may become |', carePlanLifecycle.edges],
  ['| request status | may become |', serviceRequestLifecycle.edges],
  ['| Goal.lifecycleStatus | may become |', goalLifecycle.edges],
  ['| Task.status | is set by |', taskLifecycle.actors!.may],
])('the page shows the table %s as it is', (head, table) => {
  expect(tableOf(head)).toEqual(table)
})
