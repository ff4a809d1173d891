import type { CodeSystem, ValueSet } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { FhirError } from '../outcome.ts'
import { escaped } from '../search/escape.ts'
import { best } from '../search/in-value-set.ts'
import { packagedValueSets } from '../search/packaged-value-sets.ts'
import { withoutVersion } from '../search/uri.ts'
import type { TerminologySources } from './expand.ts'
import r4Core from './generated/r4-core.json' with { type: 'json' }
import { packagedCodeSystems } from './packaged-code-systems.ts'
import { type Definitions, readDefinition } from './read-definition.ts'

const PACKAGED = {
  ValueSet: [...packagedValueSets, ...(r4Core.valueSets as unknown as ValueSet[])],
  CodeSystem: [...packagedCodeSystems, ...(r4Core.codeSystems as unknown as CodeSystem[])],
} as const

const packaged = <T extends keyof Definitions>(type: T): readonly Definitions[T][] =>
  PACKAGED[type] as readonly unknown[] as readonly Definitions[T][]

const byCanonical =
  <T extends keyof Definitions>({ search }: Careloop, type: T) =>
  async (canonical: string): Promise<Definitions[T] | undefined> => {
    const url = withoutVersion(canonical)
    const version = canonical.slice(url.length + 1) || undefined
    const stored = await search.all(type, `url=${encodeURIComponent(escaped(url))}`)
    const found = best<Definitions[T]>(stored, version)
    if (found) return readDefinition(type, found)
    return packaged(type).find((one) => one.url === url && (version === undefined || one.version === version))
  }

/**
 * Finds definitions by canonical URL: those that the tenant keeps first, then those that come with the service. For one request.
 * They throw FhirError unprocessable (422) for a definition that cannot be used.
 */
export const sourcesOf = (careloop: Careloop): TerminologySources => ({
  valueSet: remembering(byCanonical(careloop, 'ValueSet')),
  codeSystem: remembering(byCanonical(careloop, 'CodeSystem')),
})

/** Each is a search of its own. */
const MOST_LOOKED_FOR = 100

/** What includes and their code systems name over and over is looked for once. @throws FhirError too-costly (422) */
const remembering = <T>(find: (canonical: string) => Promise<T>): ((canonical: string) => Promise<T>) => {
  const found = new Map<string, Promise<T>>()
  return (canonical) => {
    const known = found.get(canonical)
    if (known) return known
    if (found.size >= MOST_LOOKED_FOR) throw tooManyDefinitions()
    const searched = find(canonical)
    found.set(canonical, searched)
    return searched
  }
}

const tooManyDefinitions = (): FhirError =>
  new FhirError('unprocessable', [
    { code: 'too-costly', text: `The value set leads to more than ${MOST_LOOKED_FOR} others; name a smaller one.` },
  ])

/** The definition with this id: the tenant's, or one of our own that comes with the service. */
export const withId = async <T extends keyof Definitions>(
  { store }: Careloop,
  type: T,
  id: string,
): Promise<Definitions[T] | undefined> => {
  const version = await store.read(type, id)
  if (version) return version.deleted ? undefined : readDefinition(type, version.content)
  return packaged(type).find((one) => one.id === id)
}
