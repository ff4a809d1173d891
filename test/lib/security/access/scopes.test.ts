import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Grant, LETTERS, parseScopes } from '../../../../lib/security/access/scopes.ts'

const grant = (context: Grant['context'], type: string, letters: string, query: Grant['query'] = []): Grant => ({
  context,
  type,
  letters,
  query,
})

describe('what a scope grants', () => {
  test.each<[string, Grant]>([
    ['patient/Task.read', grant('patient', 'Task', 'rs')],
    ['user/*.write', grant('user', '*', 'cud')],
    ['system/*.*', grant('system', '*', 'cruds')],
    ['system/Observation.rs', grant('system', 'Observation', 'rs')],
    ['patient/*.cruds', grant('patient', '*', 'cruds')],
    ['user/Task.u', grant('user', 'Task', 'u')],
    [
      'patient/Observation.rs?category=http://example.org/c|laboratory&status=final,amended',
      grant('patient', 'Observation', 'rs', [
        ['category', 'http://example.org/c|laboratory'],
        ['status', 'final,amended'],
      ]),
    ],
    ['system/Task.s?identifier=urn%3Aa%7C1%2B1', grant('system', 'Task', 's', [['identifier', 'urn:a|1+1']])],
  ])('%s', (scope, expected) => {
    expect(parseScopes([scope])).toEqual([expected])
  })

  test.each([
    '',
    'openid',
    'launch/patient',
    'patient/Task',
    'patient/Task.',
    'patient/Task.sr',
    'patient/Task.rr',
    'patient/Task.reads',
    'patient/task.read',
    'Patient/Task.read',
    'everybody/Task.read',
    'system/Task.read?status=requested',
    'system/Task.rs?',
    'system/Task.rs?status',
    'system/Task.rs?status=',
    'system/Task.rs?=requested',
    'system/Task.rs?status=a&',
    'system/Task.rs?status=%E0%A4%A',
    'system/Task.constructor',
  ])('nothing: %s', (scope) => {
    expect(parseScopes([scope])).toEqual([])
  })

  test('any letters in their order, and in no other', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 5 }), (letters) => {
        const text = letters.join('')
        const isOrdered = [...LETTERS].filter((letter) => text.includes(letter)).join('') === text
        expect(parseScopes([`system/*.${text}`])).toEqual(isOrdered ? [grant('system', '*', text)] : [])
      }),
    )
  })
})
