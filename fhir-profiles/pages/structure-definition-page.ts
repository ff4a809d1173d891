import type { CodeableConcept, ElementDefinition, StructureDefinition } from 'fhir/r4'
import { cell, code, section, table } from './markdown.ts'

const nameOf = (canonical: string): string => canonical.split('/').at(-1)!

/** FHIRPath's own types have names of their own. */
const datatypeOf = (code: string): string => nameOf(code).replace('System.String', 'string')

/** A value that is laid down, in full or in part: `fixedUri`, `patternCodeableConcept` */
const laidDown = (element: ElementDefinition): string | undefined => {
  const [, value] = Object.entries(element).find(([name]) => /^(fixed|pattern)[A-Z]/.test(name)) ?? []
  if (typeof value !== 'object') return value
  const { coding = [] } = value as CodeableConcept
  return coding.map(({ system, code: own }) => `${system}#${own}`).join(', ')
}

const typeText = (element: ElementDefinition): string => {
  const { type = [], contentReference } = element
  const fixed = laidDown(element)
  const types = type.map(({ code: datatype, profile = [], targetProfile = [] }) => {
    const targets = [...profile, ...targetProfile].map(nameOf)
    return targets.length ? `${datatypeOf(datatype)}(${targets.join(' | ')})` : datatypeOf(datatype)
  })
  return [types.join(', ') || (contentReference ? `see ${contentReference.slice(1)}` : ''), fixed && `= ${fixed}`]
    .filter(Boolean)
    .join(' ')
}

const flagsOf = ({ mustSupport, isModifier, isSummary }: ElementDefinition): string =>
  [mustSupport && 'S', isModifier && '?!', isSummary && 'Σ'].filter(Boolean).join(' ')

/** Depth by the id; what an element is called below its parent. */
const treeName = ({ id = '' }: ElementDefinition): string => {
  const steps = id.split('.')
  return `${'&nbsp;&nbsp;'.repeat(Math.max(0, steps.length - 2))}${steps.length > 1 ? steps.at(-1) : id}`
}

const bindingText = ({ binding }: ElementDefinition, link: (url: string) => string): string =>
  binding?.valueSet ? `${link(binding.valueSet)} (${binding.strength})` : ''

/** The elements that the definition, or what it is derived from, says something of; those that make sense of them, too. */
const shownElements = ({ snapshot, differential, type }: StructureDefinition): ElementDefinition[] => {
  const own = new Set((differential?.element ?? []).map(({ id }) => id))
  const isOfInterest = ({ id = '', mustSupport, min, path }: ElementDefinition) =>
    own.has(id) || mustSupport || (min && path.split('.').length === 2)
  const shown = (snapshot?.element ?? []).filter(isOfInterest).map(({ id = '' }) => id)
  const parents = new Set(
    shown.flatMap((id) => id.split('.').map((_, index, steps) => steps.slice(0, index + 1).join('.'))),
  )
  const isHidden = ({ id = '', max }: ElementDefinition): boolean =>
    type === 'Extension' && (max === '0' || /\.(id|extension\.url)$/.test(id))
  return (snapshot?.element ?? []).filter((element) => parents.has(element.id!) && !isHidden(element))
}

/** The elements, rules and place of a profile or an extension. */
export const structureDefinitionPage = (definition: StructureDefinition, link: (url: string) => string): string[] => {
  const { baseDefinition, context = [], snapshot, differential, type } = definition
  const elements = shownElements(definition).map((element) => [
    treeName(element),
    flagsOf(element),
    `${element.min ?? 0}..${element.max ?? ''}`,
    typeText(element),
    bindingText(element, link),
    element.short,
  ])
  const own = (differential?.element ?? []).flatMap(({ id, constraint = [] }) =>
    constraint.map((rule) => ({ id, ...rule })),
  )
  const rules = own.map(({ key, id, severity, human, expression }) => [key, id, severity, human, code(expression)])
  const places = context.map(({ expression }) => `- ${link(expression)}`)
  const mustSupport = (snapshot?.element ?? []).some((element) => element.mustSupport)
  return [
    `Type: ${type}. Derived from ${link(baseDefinition ?? '')}.`,
    '',
    ...section('Where it stands', places.length ? [...places, ''] : []),
    ...section('Elements', [
      ...(mustSupport
        ? ['S: must be supported; ?!: changes the meaning of what it stands in; Σ: part of a summary.', '']
        : []),
      ...table(['element', 'flags', 'cardinality', 'type', 'codes', 'what it is'], elements),
    ]),
    ...section('Rules', table(['key', 'on', 'severity', 'rule', 'FHIRPath'], rules)),
  ]
}

/** A link to the page of what is ours; others by their name. */
export const linker =
  (pages: ReadonlyMap<string, string>) =>
  (url: string): string => {
    const [bare = ''] = url.split('|')
    const page = pages.get(bare)
    return page
      ? `[${cell(nameOf(bare))}](${page})`
      : bare.startsWith('http')
        ? `[${cell(nameOf(bare))}](${bare})`
        : bare
  }
