import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Resource } from '../../lib/fhir.ts'
import { parseJson } from '../../lib/json.ts'

const folder = join(import.meta.dirname, '../../fhir-profiles/examples')

/** The project's own example of this name, e.g. `task-follow-up-call`; a fresh object each time. */
export const example = (name: string): Resource =>
  parseJson(readFileSync(join(folder, `${name}.json`), 'utf8')) as Resource

/** The names of all examples, of the Bundles too. */
export const exampleNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''))

/** The transactions of a story in the order they are sent, by file name. */
export const storySteps = (name: string): readonly (readonly [step: string, transaction: Resource])[] =>
  readdirSync(join(folder, name))
    .sort()
    .map((file) => [file.replace('.json', ''), example(`${name}/${file.replace('.json', '')}`)] as const)
