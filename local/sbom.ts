import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { billOfMaterials } from './sbom/bill-of-materials.ts'
import { licensesPage, unknownLicenses } from './sbom/licenses.ts'

/** `npm run sbom`: writes sbom.json (CycloneDX) and docs/licenses.md; fails where a license has not been looked at. */
const root = dirname(import.meta.dirname)
try {
  const bill = billOfMaterials(root)
  writeFileSync(join(root, 'sbom.json'), `${JSON.stringify(bill, null, 2)}\n`)
  writeFileSync(join(root, 'docs/licenses.md'), licensesPage(bill))
  console.log(`sbom.json and docs/licenses.md: ${bill.components.length} packages.`)
  const unknown = unknownLicenses(bill)
  if (unknown.length)
    throw new Error(
      `Licenses that nobody has read (local/sbom/licenses.ts):\n${unknown.map((each) => `  ${each}`).join('\n')}`,
    )
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
