import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Component {
  'bom-ref': string
  name: string
  version: string
  licenses?: readonly ({ license: { id?: string; name?: string } } | { expression: string })[]
  properties?: readonly { name: string; value: string }[]
}

/** CycloneDX: https://cyclonedx.org/docs/1.5/json/ */
export interface BillOfMaterials {
  serialNumber?: string
  metadata: { timestamp?: string; tools?: unknown; component: { name: string; version: string } }
  components: readonly Component[]
  dependencies: readonly { ref: string; dependsOn?: readonly string[] }[]
}

const LARGEST_ANSWER = 64 * 1024 * 1024

// Not `--omit dev`, which leaves out what a package for development depends on as well (npm 11.19).
const ARGUMENTS = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx']

const fromLockfile = (root: string): BillOfMaterials => {
  const shell = process.platform === 'win32'
  const npm = spawnSync('npm', ARGUMENTS, { cwd: root, encoding: 'utf8', maxBuffer: LARGEST_ANSWER, shell })
  if (npm.status !== 0) throw new Error(`npm ${ARGUMENTS.join(' ')} failed; npm 10.2 or later has it.\n${npm.stderr}`)
  return JSON.parse(npm.stdout) as BillOfMaterials
}

const isForDevelopment = ({ properties = [] }: Component): boolean =>
  properties.some(({ name }) => name === 'cdx:npm:package:development')

/**
 * The packages that functions are bundled from, with versions, hashes and licenses, as the lockfile has them. The same lockfile gives the
 * same bill: time, serial number and tools are left out.
 * @throws Error when npm cannot say
 */
export const billOfMaterials = (root: string): BillOfMaterials => {
  const { serialNumber, metadata, components, dependencies, ...bill } = fromLockfile(root)
  const { timestamp, tools, ...lasting } = metadata
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string }
  const left = new Set(components.filter(isForDevelopment).map((each) => each['bom-ref']))
  return {
    ...bill,
    // npm takes the name of the folder.
    metadata: { ...lasting, component: { ...metadata.component, name } },
    components: components.filter((each) => !left.has(each['bom-ref'])),
    dependencies: dependencies
      .filter(({ ref }) => !left.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => !left.has(each)) })),
  }
}
