import { expect, test } from '@jest/globals'
import { TenantTemplate } from './tenant-template.ts'

test('no function of a stack serves whoever comes', () => {
  const { template } = new TenantTemplate()
  const functions = Object.values(template.findResources('AWS::Lambda::Function'))
  expect(functions.length).toBeGreaterThan(5)
  const variables = functions.flatMap(({ Properties }) => Object.keys(Properties.Environment?.Variables ?? {}))
  expect(variables).not.toContain('ACCESS')
})
