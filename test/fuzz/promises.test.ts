import { expect, test } from '@jest/globals'
import { CANARY } from './grammar/values.ts'
import { brokenPromises } from './promises.ts'
import type { FuzzRequest } from './request.ts'
import type { FuzzAnswer } from './world.ts'

const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'invalid', diagnostics: 'x' }] }
const request: FuzzRequest = { route: 'r', surface: 'fhir', method: 'POST', url: '/Task', headers: {} }
const refusal: FuzzAnswer = { status: 400, headers: {}, text: 'x', body: outcome, written: [], logged: '' }

test('a refusal that is as it should be breaks none', () => {
  expect(brokenPromises(request, refusal)).toEqual([])
})

test.each<[string, Partial<FuzzAnswer>, Partial<FuzzRequest>]>([
  ['a failure', { status: 500 }, {}],
  [
    'a failure inside a batch',
    { status: 200, body: { resourceType: 'Bundle', type: 'batch-response', entry: [{ response: { status: '500' } }] } },
    {},
  ],
  ['a refusal in other words', { body: { message: 'no' } }, {}],
  ['a refusal without a text', { body: { ...outcome, issue: [{ severity: 'error', code: 'invalid' }] } }, {}],
  ['a write with a refusal', { written: ['Task/1 / current'] }, {}],
  ['a write with a read', { status: 200, written: ['Task/1 / current'] }, { method: 'GET' }],
  ['a header of two lines', { headers: { 'x-request-id': 'a\r\nb: c' } }, {}],
  ['half of a surrogate pair', { text: '\ud800' }, {}],
  ['a log that tells', { logged: CANARY }, {}],
  ['a refusal that tells', { text: CANARY }, {}],
  ['a refusal of HL7 v2 without an acknowledgement', {}, { surface: 'adt' }],
])('%s is one that is not kept', (_what, answer, sent) => {
  expect(brokenPromises({ ...request, ...sent }, { ...refusal, ...answer })).toHaveLength(1)
})
