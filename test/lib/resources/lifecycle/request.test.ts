import { expect, test } from '@jest/globals'
import { carePlan } from '../../../../lib/resources/care-plan.ts'
import { serviceRequest } from '../../../../lib/resources/service-request.ts'
import { goldenText, stateMatrix } from './matrix.ts'

const subject = { reference: 'Patient/1' }

test('where a CarePlan can go from where', async () => {
  const found = await stateMatrix(carePlan, { intent: 'plan', subject })
  expect(found).toBe(goldenText('care-plan.matrix.txt', found))
})

test('where a ServiceRequest can go from where', async () => {
  const found = await stateMatrix(serviceRequest, { intent: 'order', subject })
  expect(found).toBe(goldenText('service-request.matrix.txt', found))
})
