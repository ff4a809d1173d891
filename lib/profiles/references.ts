import type { ElementDefinition } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import type { Json } from './element-value.ts'
import type { Look } from './findings.ts'

const CORE = 'http://hl7.org/fhir/StructureDefinition/'
const LITERAL = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[^/]+)?(?:#.*)?$/

/** The type of what a Reference refers to, as far as it says so: by its text, its `type`, or the contained resource it names. */
export const typeReferredTo = (resource: Resource, { reference, type }: Json): string | undefined => {
  if (typeof reference === 'string' && reference.startsWith('#')) {
    const contained = Array.isArray(resource.contained) ? (resource.contained as Resource[]) : []
    return contained.find(({ id }) => id === reference.slice(1))?.resourceType
  }
  const literal = typeof reference === 'string' ? LITERAL.exec(reference)?.[1] : undefined
  return literal ?? (typeof type === 'string' ? type : undefined)
}

/**
 * The types that a reference element may refer to; undefined: any, or it cannot be told because the profile of a target is not here.
 * @param sought no definition is looked up when this type is among those that need none
 */
export const typesOfTargets = (look: Look, definition: ElementDefinition, sought: string): string[] | undefined => {
  const targets = (definition.type ?? []).flatMap(({ targetProfile = [] }) => targetProfile)
  if (!targets.length || targets.includes(`${CORE}Resource`)) return undefined
  const known = targets
    .filter((target) => target.startsWith(CORE))
    .map((target) => target.slice(CORE.length).split('|')[0]!)
  if (known.includes(sought)) return known
  const others = targets
    .filter((target) => !target.startsWith(CORE))
    .map((target) => look.definitions.profile(target)?.type)
  return others.every((type) => type !== undefined) ? [...known, ...others] : undefined
}
