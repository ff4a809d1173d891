import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { ValueSet } from 'fhir/r4'
import { packagedValueSets } from '../../../lib/search/packaged-value-sets.ts'
import { codesOf } from '../../../lib/search/value-set.ts'

const FOLDER = join(import.meta.dirname, '../../../fhir-profiles/value-sets')

test('every value set of fhir-profiles comes with the service', () => {
  const urls = readdirSync(FOLDER).map((name) => (JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as ValueSet).url)
  expect(packagedValueSets.map(({ url }) => url).sort()).toEqual(urls.sort())
})

test.each(packagedValueSets.map((valueSet) => [valueSet.name, valueSet] as const))(
  'the codes of %s can be told',
  async (_name, valueSet) => {
    const find = async (url: string) => packagedValueSets.find((one) => one.url === url)
    expect((await codesOf(valueSet, find))?.length).toBeGreaterThan(0)
  },
)
