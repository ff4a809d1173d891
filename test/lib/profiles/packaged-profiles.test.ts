import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { StructureDefinition } from 'fhir/r4'
import { packagedProfile } from '../../../lib/profiles/packaged-profiles.ts'

const folder = join(import.meta.dirname, '../../../fhir-profiles/structure-definitions')

test('every definition of the project is found by its url', async () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) {
    const { url } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as StructureDefinition
    expect((await packagedProfile(url))?.url).toBe(url)
  }
})

test.each([
  'https://careloop.dev/fhir/StructureDefinition/nowhere',
  'https://careloop.dev/fhir/StructureDefinition/../code-systems/day-part',
  'http://example.org/fhir/StructureDefinition/assigned',
])('%s is not one of them', async (url) => {
  expect(await packagedProfile(url)).toBeUndefined()
})
