import type { BillOfMaterials, Component } from './bill-of-materials.ts'

/** Licenses under which anybody may use, change and pass on, for saying where it comes from. https://spdx.org/licenses */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'WTFPL',
])

/** Packages that point to a license of their own: what it says, read at this version. */
const READ: Readonly<Record<string, string>> = {
  '@lhncbc/ucum-lhc@7.1.10':
    'NLM, in the terms of BSD-3-Clause; the UCUM table in it under the license of [UCUM](https://ucum.org/license), what is of LOINC under that of [LOINC](https://loinc.org/terms-of-use)',
  'fhirpath@5.2.2': 'NLM and Health Samurai, in the terms of BSD-3-Clause',
}

const keyOf = ({ name, version }: Component): string => `${name}@${version}`

/** `MIT`, or `WTFPL OR ISC`; empty where a package names no license of the list of SPDX. */
const licenseOf = ({ licenses = [] }: Component): string =>
  licenses
    .map((each) => ('expression' in each ? each.expression : (each.license.id ?? each.license.name ?? '')))
    .join(' AND ')

const isAllowed = (component: Component): boolean =>
  // Of alternatives one is enough.
  keyOf(component) in READ ||
  licenseOf(component)
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((each) => ALLOWED.has(each))

/** The packages whose license is neither allowed nor was read, each as `name@version: license`. */
export const unknownLicenses = ({ components }: Pick<BillOfMaterials, 'components'>): string[] =>
  components
    .filter((each) => !isAllowed(each))
    .map((each) => `${keyOf(each)}: ${licenseOf(each) || 'none that npm knows'}`)

/** Packages and their licenses, in Markdown. */
export const licensesPage = ({ components }: Pick<BillOfMaterials, 'components'>): string =>
  `# Licenses

What the functions are bundled from, and under which license. \`npm run sbom\` writes this page; do not edit it. Careloop itself: [Apache-2.0](../LICENSE).

| package | version | license |
|---|---|---|
${components.map((each) => `| ${each.name} | ${each.version} | ${READ[keyOf(each)] ?? licenseOf(each)} |`).join('\n')}

The definitions of FHIR R4 that \`lib/resources/generated\` is made from are HL7's, in the public domain ([CC0](https://hl7.org/fhir/R4/license.html)).
`
