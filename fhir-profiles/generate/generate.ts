import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generate } from './output.ts'
import { readPackage } from './package.ts'

/**
 * `node fhir-profiles/generate/generate.ts [R4 core package] [US Core package]`, each a .tgz or a folder: writes
 * lib/resources/generated and prints what is left out.
 */
const packages = join(process.env.CARELOOP_DATA ?? join(import.meta.dirname, '../../../shared/data'), 'packages')
const [core = join(packages, 'hl7.fhir.r4.core-4.0.1.tgz'), usCore = join(packages, 'hl7.fhir.us.core-8.0.0.tgz')] =
  process.argv.slice(2)

const { files, remarks } = generate(readPackage(core), readPackage(usCore))
const target = join(import.meta.dirname, '../../lib/resources/generated')
for (const [name, text] of files) {
  const path = join(target, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
process.stdout.write(`${[...remarks, `wrote ${files.size} files to lib/resources/generated`].join('\n')}\n`)
