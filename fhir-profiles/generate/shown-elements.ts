import type { StructureDefinition } from 'fhir/r4'
import { HEADER, quoted } from './text.ts'
import { SERVED_TYPES } from './types.ts'

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
const shownElements = (definition: StructureDefinition): string =>
  (definition.snapshot?.element ?? [])
    .flatMap(({ path, min, isSummary, isModifier }) => {
      const [, name, below] = path.split('.')
      if (!name || below || OF_EVERY_RESOURCE.includes(name)) return []
      const isKept = Boolean(min) || isModifier
      return isKept ? [`${name}!`] : isSummary ? [name] : []
    })
    .join(' ')

export const shownElementsFile = (definitionOf: (type: string) => StructureDefinition): string =>
  [
    HEADER,
    '',
    '/**',
    ' * What `_summary=true` shows of each type: its elements that are marked as part of a summary, parted by spaces. With `!`: mandatory,',
    ' * or changing the meaning of others, so that it belongs to any part of a resource. https://hl7.org/fhir/R4/search.html#summary',
    ' */',
    'export const shownElements: Readonly<Record<string, string>> = {',
    ...SERVED_TYPES.toSorted().map((type) => `  ${type}: ${quoted(shownElements(definitionOf(type)))},`),
    '}',
    '',
  ].join('\n')
