import type { StructureDefinition } from 'fhir/r4'

/** Every resource shows these, so the tables leave them out. */
const OF_EVERY_RESOURCE = [
  'id',
  'meta',
  'implicitRules',
  'language',
  'text',
  'contained',
  'extension',
  'modifierExtension',
]

/** The top-level elements of a type that a summary shows; with `!` those that no part of a resource goes without. */
export const shownElements = (definition: StructureDefinition): string =>
  (definition.snapshot?.element ?? [])
    .flatMap(({ path, min, isSummary, isModifier }) => {
      const [, name, below] = path.split('.')
      if (!name || below || OF_EVERY_RESOURCE.includes(name)) return []
      const isKept = Boolean(min) || isModifier
      return isKept ? [`${name}!`] : isSummary ? [name] : []
    })
    .join(' ')
