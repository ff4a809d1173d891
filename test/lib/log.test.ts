import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { loggable, writeLog } from '../../lib/log.ts'

describe('what may be logged', () => {
  test('of a request', () => {
    const line = {
      requestId: '0b3c0f4e-7d0c-4c0e-9d69-0d6a3f2a1c55',
      interaction: '$apply-and-save',
      type: 'PlanDefinition',
      id: 'transition-home.v2',
      version: 3,
      status: 500,
      milliseconds: 12,
      errors: ['ProvisionedThroughputExceededException', 'TypeError'],
    }
    expect(loggable(line)).toEqual(line)
  })

  test('of an event, a tick, a token', () => {
    const lines = [
      { event: 'task-closed', reference: 'Task/t1', version: 1, outcome: 'closed,no-change', action: 'call-2' },
      { event: 'tick', outcome: 'woken', count: 2, behindSeconds: 1_800 },
      { interaction: 'authorize', status: 401, refusal: 'not-yet-valid' },
      { event: 'referral-page', method: 'POST', status: 303 },
      { event: 'wake', outcome: 'failed', error: 'string' },
    ]
    expect(lines.map(loggable)).toEqual(lines)
  })

  test('what is undefined is no field', () => {
    expect(loggable({ event: 'wake', reference: undefined })).toEqual({ event: 'wake' })
  })
})

describe('what may not', () => {
  test.each([
    ['a body', { body: { family: 'Quackenbush' } }],
    ['a field of no list', { message: 'timeout' }],
    ['a field of every object', { constructor: 'code' }],
    ['text for a code', { outcome: 'Zebulon was told' }],
    ['the message of an error for its class', { error: 'Zebulon Quackenbush has no phone' }],
    ['one such among classes', { errors: ['TypeError', 'no phone: 555-0100'] }],
    ['an object for a text', { reference: { display: 'Zebulon' } }],
    ['an identifier in a key of the table', { reference: 'Task?identifier=urn:mrn|8675309' }],
    ['a URL for a reference', { reference: 'https://x.test/Task/1' }],
    ['a query for an id', { id: 'a?name=Zebulon' }],
    ['digits for a number', { count: '8675309' }],
    ['a path for a method', { method: '/referral/secret' }],
  ])('%s', (_, fields) => {
    expect(loggable({ status: 200, ...fields })).toEqual({ status: 200, dropped: 1 })
  })

  test('anything with a space, a quote or another script, in whatever field', () => {
    const foreign = fc.stringMatching(/^[^\n]*[ '"ñ-ￏ@=?|][^\n]*$/)
    const field = fc.constantFrom(
      'requestId',
      'interaction',
      'type',
      'id',
      'reference',
      'outcome',
      'error',
      'errors',
      'note',
    )
    fc.assert(
      fc.property(field, foreign, (name, text) => {
        expect(loggable({ [name]: text })).toEqual({ dropped: 1 })
        expect(loggable({ [name]: [text] })).toEqual({ dropped: 1 })
      }),
    )
  })
})

test('a line is one line of JSON', () => {
  // Not the console that the test run records: this line would be found there.
  const { console: recorded } = globalThis
  const log = jest.fn()
  globalThis.console = { log } as unknown as Console
  writeLog({ event: 'tick', count: 1, patient: 'Zebulon' })
  globalThis.console = recorded
  expect(log.mock.calls).toEqual([['{"event":"tick","count":1,"dropped":1}']])
})

test('on Lambda a line is alone on its line: what its console adds, metric filters cannot read', () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  process.env.AWS_LAMBDA_RUNTIME_API = '127.0.0.1:9001'
  try {
    writeLog({ event: 'tick', behindSeconds: 61 })
    expect(write.mock.calls).toEqual([['{"event":"tick","behindSeconds":61}\n']])
  } finally {
    delete process.env.AWS_LAMBDA_RUNTIME_API
    write.mockRestore()
  }
})
