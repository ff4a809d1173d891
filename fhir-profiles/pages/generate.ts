import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readExamples, readSources } from './artifact.ts'
import { pagesOf } from './pages.ts'

/** `npm run pages`: writes docs/profiles from the JSON of fhir-profiles, and takes away the pages of what is no more. */
const target = join(import.meta.dirname, '../../docs/profiles')

const pages = pagesOf(readSources(), readExamples())
mkdirSync(target, { recursive: true })
for (const name of readdirSync(target)) if (!pages.has(name)) rmSync(join(target, name))
for (const [name, text] of pages) writeFileSync(join(target, name), text)
process.stdout.write(`wrote ${pages.size} pages to docs/profiles\n`)
