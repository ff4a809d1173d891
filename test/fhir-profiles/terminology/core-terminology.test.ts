import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readPackage } from '../../../fhir-profiles/generate/package.ts'
import { coreTerminology, terminologyText } from '../../../fhir-profiles/terminology/core-terminology.ts'
import { corePackage, hasPackages } from '../published.ts'

const FILE = join(import.meta.dirname, '../../../lib/terminology/generated/r4-core.json')
const text = readFileSync(FILE, 'utf8')

test('no list of SNOMED CT, LOINC or CPT codes is in what comes with the service', () => {
  expect(text).not.toMatch(/snomed\.info|loinc\.org|ama-assn|hl7\.org\/fhir\/sid/)
})

test('the terminology of R4 has the value sets of the core types', () => {
  const urls = (JSON.parse(text) as { valueSets: { url: string }[] }).valueSets.map(({ url }) => url)
  for (const name of ['task-status', 'request-status', 'goal-status', 'goal-achievement', 'task-intent'])
    expect(urls).toContain(`http://hl7.org/fhir/ValueSet/${name}`)
})

const withPackages = hasPackages ? describe : describe.skip
withPackages('with the published packages', () => {
  test('the terminology of R4 is what its package says', () => {
    expect(text === terminologyText(coreTerminology(readPackage(corePackage)))).toBe(true)
  })
})
