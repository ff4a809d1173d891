import { expect, test } from '@jest/globals'
import { task } from '../../../../lib/resources/task.ts'
import { testApi } from '../../../support/api.ts'
import { callingAs } from '../../../support/caller.ts'
import { exampleTask } from '../../../support/example-resources.ts'
import { goldenText, matrixText } from './matrix.ts'

const STATES = Object.keys(task.lifecycle!.edges)
const ACTORS = ['requester', 'owner', 'other', '(system)']

/** All that guards ask for is there, so that the table and the actors alone decide. */
const taskIn = (id: string, status: string, owner: string) =>
  exampleTask({
    id,
    status,
    statusReason: { text: 'for the test' },
    requester: { reference: 'Practitioner/requester' },
    owner: { reference: owner },
  })

const matrixOf = async (owner: string, states: readonly string[]): Promise<string> => {
  const api = testApi()
  const team = [{ member: { reference: 'Practitioner/owner' } }]
  await api.put('/CareTeam/pool', { resourceType: 'CareTeam', id: 'pool', participant: team })
  const rows: string[][] = []
  for (const from of states)
    for (const actor of ACTORS) {
      const send = callingAs(api, actor === '(system)' ? undefined : `Practitioner/${actor}`)
      const row: string[] = []
      for (const to of STATES) {
        const id = `${from}.${actor.replace(/\W/g, '')}.${to}`
        await api.put(`/Task/${id}`, taskIn(id, from, owner))
        const { status } = await send('PUT', `/Task/${id}`, taskIn(id, to, owner))
        row.push(String(status))
      }
      rows.push([from, actor, ...row])
    }
  return matrixText(STATES, rows, ['from', 'by'])
}

test('who can move a Task from where to where', async () => {
  const found = await matrixOf('Practitioner/owner', STATES)
  expect(found).toBe(goldenText('task.matrix.txt', found))
})

test('where a Task that was asked of a pool can go: its members need not accept it', async () => {
  const found = await matrixOf('CareTeam/pool', ['requested'])
  expect(found).toBe(goldenText('task-of-a-pool.matrix.txt', found))
})
