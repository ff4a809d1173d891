import { expect, test } from '@jest/globals'
import { goal } from '../../../../lib/resources/goal.ts'
import { goldenText, stateMatrix } from './matrix.ts'

test('where a Goal can go from where', async () => {
  const found = await stateMatrix(goal, { description: { text: 'walk' }, subject: { reference: 'Patient/1' } })
  expect(found).toBe(goldenText('goal.matrix.txt', found))
})
