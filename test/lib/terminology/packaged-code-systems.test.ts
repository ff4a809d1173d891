import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { CodeSystem } from 'fhir/r4'
import { packagedCodeSystems } from '../../../lib/terminology/packaged-code-systems.ts'

const FOLDER = join(import.meta.dirname, '../../../fhir-profiles/code-systems')

test('every code system of fhir-profiles comes with the service', () => {
  const inFolder = readdirSync(FOLDER).map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as CodeSystem)
  expect(packagedCodeSystems.map(({ url }) => url).sort()).toEqual(inFolder.map(({ url }) => url).sort())
})
