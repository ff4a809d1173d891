import type { SearchParameter as Definition } from 'fhir/r4'
import type { ParameterType } from '../../lib/search/parameter.ts'
import { type Elements, type ReachedElement, targetTypes } from './elements.ts'
import { EXCEPTIONS } from './exceptions.ts'
import { type PathOperation, parseExpression } from './expression.ts'

/** The declarations of one type by code, and what could not be declared. */
export interface DeclaredType {
  declared: Record<string, string>
  leftOut: { code: string; reason: string }[]
}

/** The datatypes each type of parameter can search. https://hl7.org/fhir/R4/search.html#table */
const SEARCHABLE: Readonly<Record<ParameterType, readonly string[]>> = {
  token: ['CodeableConcept', 'Coding', 'Identifier', 'ContactPoint', 'code', 'boolean', 'string', 'id', 'uri'],
  reference: ['Reference', 'canonical', 'uri'],
  date: ['date', 'dateTime', 'instant', 'Period', 'Timing'],
  string: ['string', 'markdown', 'HumanName', 'Address'],
  uri: ['uri', 'url', 'canonical'],
  number: ['decimal', 'integer', 'positiveInt', 'unsignedInt'],
  quantity: ['Quantity', 'Age', 'Duration', 'Money', 'Range', 'SampledData'],
  composite: [],
}

/** An element at the end of an expression, with the filters that were met on the way. */
interface Found {
  element: ReachedElement
  filters: ReadonlyMap<number, string>
  only?: string
}

const step = (elements: Elements, found: Found, operation: PathOperation): Found[] => {
  const { element } = found
  switch (operation.kind) {
    case 'element': {
      const below = elements.below(element, operation.name)
      return below.map((child) => ({ ...found, element: child }))
    }
    case 'as':
      return element.datatype === operation.datatype ? [found] : []
    case 'where': {
      const filter = `[${operation.element}=${operation.equals}]`
      return [{ ...found, filters: new Map([...found.filters, [element.names.length - 1, filter]]) }]
    }
    case 'only':
      return [{ ...found, only: operation.type }]
  }
}

const reach = (elements: Elements, type: string, operations: readonly PathOperation[]): Found[] =>
  operations.reduce<Found[]>(
    (found, operation) => found.flatMap((one) => step(elements, one, operation)),
    [{ element: elements.root(type), filters: new Map() }],
  )

const pathText = ({ element, filters, only }: Found): string => {
  const steps = element.names.map((name, index) => name + (filters.get(index) ?? ''))
  return `${steps.join('.')}:${element.datatype}${only ? `>${only}` : ''}`
}

const targetsText = (found: readonly Found[]): string => {
  const each = found
    .filter(({ element }) => element.datatype !== 'uri')
    .map(({ element, only }) => (only ? [only] : targetTypes(element.definition)))
  const any = each.some((targets) => !targets.length)
  const targets = any ? [] : [...new Set(each.flat())]
  return targets.length ? `(${targets.join(',')})` : ''
}

/** Makes declarations of the published definitions for one type. */
export class Declarer {
  private readonly elements: Elements
  private readonly definitions: readonly Definition[]

  /** `definitions` in order of precedence: of two for one code of one type the first counts. */
  constructor(elements: Elements, definitions: readonly Definition[]) {
    this.elements = elements
    this.definitions = definitions
  }

  declare(type: string): DeclaredType {
    const declared: [string, string][] = []
    const leftOut: DeclaredType['leftOut'] = []
    for (const definition of this.definitionsOf(type)) {
      const { code } = definition
      const exception = EXCEPTIONS.find((one) => one.type === type && one.code === code)
      if (exception?.declared) declared.push([code, exception.declared])
      else if (exception) leftOut.push({ code, reason: exception.reason })
      else declared.push([code, this.declaration(type, definition)])
    }
    return { declared: Object.fromEntries(declared.sort(([a], [b]) => (a < b ? -1 : 1))), leftOut }
  }

  /** The published definitions that apply to a type, one for each code. */
  definitionsOf(type: string): Definition[] {
    const byCode = new Map<string, Definition>()
    for (const definition of this.definitions)
      if (definition.base?.includes(type as never) && !byCode.has(definition.code) && !definition.code.startsWith('_'))
        byCode.set(definition.code, definition)
    return [...byCode.values()]
  }

  private declaration(type: string, definition: Definition): string {
    const terms = parseExpression(definition.expression ?? '').filter(({ root }) => root === type)
    const found = terms.flatMap(({ operations }) => reach(this.elements, type, operations))
    if (definition.type === 'composite') {
      const components = definition.component!.map((component) => this.codeOf(component.definition))
      return `composite(${components.join(',')}) ${found.map(pathText).join(' ')}`
    }
    const parameterType = definition.type as ParameterType
    const usable = found.filter(({ element }) => SEARCHABLE[parameterType].includes(element.datatype))
    const unusable = found.filter(({ element }) => !usable.some((one) => one.element === element) && !element.isChoice)
    if (!usable.length || unusable.length)
      throw new Error(`no declaration for ${type}?${definition.code}: ${definition.type} ${definition.expression}`)
    const targets = parameterType === 'reference' ? targetsText(usable) : ''
    return `${parameterType}${targets} ${usable.map(pathText).join(' ')}`
  }

  private codeOf(url: string): string {
    const component = this.definitions.find((definition) => definition.url === url)
    if (!component) throw new Error(`no SearchParameter ${url}`)
    return component.code
  }
}

/** Exceptions that name a parameter nobody publishes: a mistake in the table. */
export const uselessExceptions = (declarer: Declarer, types: readonly string[]): string[] =>
  EXCEPTIONS.filter(
    ({ type, code }) =>
      types.includes(type) && !declarer.definitionsOf(type).some((definition) => definition.code === code),
  ).map(({ type, code }) => `${type}?${code}`)
