import { expect, test } from '@jest/globals'
import { careDates } from '../../../lib/resources/care-dates.ts'
import { declarations, parametersOf } from '../../../lib/resources/index.ts'

test.each(Object.entries(careDates))('%s has the dates of care that it names', (type, codes) => {
  for (const code of codes) expect(parametersOf(type).get(code)?.type).toBe('date')
})

test('whatever can be in a record and has a parameter named date says whether it is one of care', () => {
  const silent = [...declarations.values()]
    .filter(({ type, compartment, search }) => compartment.length && 'date' in search && !(type in careDates))
    .map(({ type }) => type)
  // When a record was made, not when care took place.
  expect(silent.sort()).toEqual(['AuditEvent', 'FamilyMemberHistory'])
})
