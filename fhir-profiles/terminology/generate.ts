import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPackage } from '../generate/package.ts'
import { coreTerminology, terminologyText } from './core-terminology.ts'

/** `node fhir-profiles/terminology/generate.ts [R4 core package]`, a .tgz or a folder: writes lib/terminology/generated. */
const data = process.env.CARELOOP_DATA ?? join(import.meta.dirname, '../../../shared/data')
const [core = join(data, 'packages/hl7.fhir.r4.core-4.0.1.tgz')] = process.argv.slice(2)

const terminology = coreTerminology(readPackage(core))
writeFileSync(join(import.meta.dirname, '../../lib/terminology/generated/r4-core.json'), terminologyText(terminology))
process.stdout.write(`${terminology.valueSets.length} value sets, ${terminology.codeSystems.length} code systems\n`)
