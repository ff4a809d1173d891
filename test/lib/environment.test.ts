import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { careloopFromEnvironment } from '../../lib/environment.ts'
import { defaultSettings } from '../../lib/tenant.ts'

const before = { ...process.env }

beforeEach(() => {
  Object.assign(process.env, { TABLE_NAME: 'none', TENANT: JSON.stringify(defaultSettings), AWS_REGION: 'us-east-1' })
})

afterEach(() => {
  process.env = { ...before }
})

test.each([
  [undefined, 'token'],
  ['', 'token'],
  ['OPEN', 'token'],
  ['token', 'token'],
  ['open', 'open'],
])('ACCESS=%s: %s', (value, access) => {
  if (value === undefined) delete process.env.ACCESS
  else process.env.ACCESS = value
  expect(careloopFromEnvironment().access).toBe(access)
})
