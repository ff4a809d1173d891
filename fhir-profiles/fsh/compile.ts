import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installPackages } from '../../local/install.mjs'

/** `npm run fsh`: installs SUSHI when it is not there, compiles fhir-profiles/fsh and writes the JSON that is committed. */
installPackages(import.meta.dirname)
const { compileFsh } = await import('./compile-fsh.ts')

const data = process.env.CARELOOP_DATA ?? join(import.meta.dirname, '../../../shared/data')
const packages = ['hl7.fhir.r4.core-4.0.1.tgz', 'hl7.fhir.us.core-8.0.0.tgz'].map((name) =>
  join(data, 'packages', name),
)

const { compiled, messages } = compileFsh(packages.every(existsSync) ? packages : [])
for (const [name, text] of compiled) {
  const path = join(import.meta.dirname, '..', name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
process.stdout.write(`${messages && `${messages}\n`}wrote ${compiled.size} files to fhir-profiles\n`)
