import { expect, test } from '@jest/globals'
import type { Component } from '../../../local/sbom/bill-of-materials.ts'
import { licensesPage, unknownLicenses } from '../../../local/sbom/licenses.ts'

const component = (license?: string, name = 'some', version = '1.0.0'): Component => ({
  'bom-ref': `${name}@${version}`,
  name,
  version,
  ...(license && { licenses: [license.includes(' ') ? { expression: license } : { license: { id: license } }] }),
})
const unknown = (...components: Component[]) => unknownLicenses({ components })

test.each(['MIT', 'WTFPL OR ISC', '(GPL-3.0-only OR Apache-2.0)'])('%s is allowed', (license) => {
  expect(unknown(component(license))).toEqual([])
})

test.each(['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'AGPL-3.0-only OR SSPL-1.0'])('%s is not', (license) => {
  expect(unknown(component('MIT', 'other'), component(license))).toEqual([`some@1.0.0: ${license}`])
})

test('what names no license is refused, unless it was read at this very version', () => {
  expect(unknown(component())).toEqual(['some@1.0.0: none that npm knows'])
  expect(unknown(component(undefined, 'fhirpath', '5.2.2'))).toEqual([])
  expect(unknown(component(undefined, 'fhirpath', '6.0.0'))).toHaveLength(1)
})

test('the page has a row for each', () => {
  expect(licensesPage({ components: [component('MIT')] })).toContain('| some | 1.0.0 | MIT |\n')
})
