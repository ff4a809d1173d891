import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from '@jest/globals'
import { type BillOfMaterials, billOfMaterials } from '../../../local/sbom/bill-of-materials.ts'
import { licensesPage, unknownLicenses } from '../../../local/sbom/licenses.ts'

interface Lockfile {
  packages: Record<string, { version: string; dev?: boolean }>
}

let bill: BillOfMaterials
beforeAll(() => {
  bill = billOfMaterials(process.cwd())
})

test('lists every package of the lockfile that is not for development alone', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile
  const expected = Object.entries(packages)
    .filter(([path, { dev }]) => path && !dev)
    .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`)
  expect(bill.components.map((each) => each['bom-ref']).sort()).toEqual([...new Set(expected)].sort())
})

test('names nothing that it does not list', () => {
  const listed = new Set(bill.components.map((each) => each['bom-ref']))
  const named = bill.dependencies.flatMap(({ dependsOn = [] }) => dependsOn)
  expect(named.filter((each) => !listed.has(each))).toEqual([])
})

test('is the same whenever and wherever it is made', () => {
  expect(JSON.stringify(bill)).not.toMatch(/timestamp|serialNumber|"tools"/)
  expect(bill.metadata.component.name).toBe('careloop')
})

test('has no license that nobody has read, and docs/licenses.md has them all: npm run sbom', () => {
  expect(unknownLicenses(bill)).toEqual([])
  expect(readFileSync('docs/licenses.md', 'utf8')).toBe(licensesPage(bill))
})
