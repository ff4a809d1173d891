import { expect, test } from '@jest/globals'
import { routes } from '../../../../lib/http/routes.ts'
import { requirements } from '../../../../lib/security/access/requirements.ts'
import { roles } from '../../../../lib/security/access/roles.ts'
import { LETTERS } from '../../../../lib/security/access/scopes.ts'

test('what every route takes is declared', () => {
  const undeclared = routes.filter(({ interaction }) => !requirements[interaction])
  expect(undeclared.map(({ interaction }) => interaction)).toEqual([])
})

test('only what tells nothing of anybody takes nothing', () => {
  const free = Object.entries(requirements).flatMap(([name, requirement]) => (requirement?.needs.length ? [] : [name]))
  expect(free.sort()).toEqual(['$openapi', '$smart-configuration', 'batch', 'capabilities', 'transaction'])
})

test('roles give letters that there are', () => {
  const letters = Object.values(roles).flatMap(({ may }) => Object.values(may).join(''))
  expect([...new Set(letters.join(''))].every((letter) => LETTERS.includes(letter))).toBe(true)
})
