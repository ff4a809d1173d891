import type { ElementDefinition, StructureDefinition } from 'fhir/r4'
import { invariants } from '../../lib/resources/invariants/core.ts'
import { furtherInvariants } from '../../lib/resources/invariants/further.ts'
import type { Codings } from '../../lib/resources/restrictions.ts'
import { childrenOf, choiceName, datatypeCode, type Elements, elementName, targetTypes } from './elements.ts'
import { quoted } from './text.ts'
import type { ValueSets } from './value-sets.ts'

/** One file of schemas: what it declares and what it needs from elsewhere. */
export interface SchemaFile {
  declarations: string[]
  datatypes: Set<string>
}

type Type = NonNullable<ElementDefinition['type']>[number]

/** The elements that every type of a kind has are written once, as a function that is spread. */
const BASES = ['DomainResource', 'Resource', 'BackboneElement', 'Element']

const OPEN_TYPES = 50
const INLINE = ['BackboneElement', 'Element']
/** Attributes in XML: without id and extensions of their own. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'Resource.id': 'p.resourceId',
  'Element.id': 'p.elementId',
  'Extension.url': 'p.extensionUrl',
}

/** The constraints of every element, extension and resource. */
const OF_ALL = /^(?:ele|ext|dom)-/

const camelCase = (kebab: string): string => kebab.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
const valueSetName = (canonical: string): string => camelCase(canonical.split('|')[0]!.replace(/^.*\//, ''))
export const baseFunction = (base: string): string => `${base.charAt(0).toLowerCase()}${base.slice(1)}Members`
const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** Writes the schema of any type of R4 in the words of lib/resources/schema.ts. */
export class SchemaWriter {
  private readonly elements: Elements
  private readonly valueSets: ValueSets
  /** the codes of the value sets met so far, by their name in the generated file */
  readonly enumerations = new Map<string, readonly string[]>()
  /** the same of those that CodeableConcepts are bound to */
  readonly codings = new Map<string, Codings>()
  /** the keys of the constraints met so far, and whether they are checked */
  readonly constraintsMet = new Map<string, boolean>()
  readonly remarks = new Set<string>()

  constructor(elements: Elements, valueSets: ValueSets) {
    this.elements = elements
    this.valueSets = valueSets
  }

  isPrimitive(type: string): boolean {
    return this.elements.structure(type).kind === 'primitive-type'
  }

  /** The declarations of a resource or datatype, those of its inner elements after it. */
  type(type: string): SchemaFile {
    const file: SchemaFile = { declarations: [], datatypes: new Set() }
    this.object(this.elements.structure(type), type, file)
    return file
  }

  /** The function that gives the members every type of a kind has. */
  base(base: string): SchemaFile {
    const file: SchemaFile = { declarations: [], datatypes: new Set() }
    const structure = this.elements.structure(base)
    const members = this.members(structure, base, file)
    file.declarations.push(`export const ${baseFunction(base)} = (): Shape => ({\n${members}\n})`)
    return file
  }

  private object(structure: StructureDefinition, path: string, file: SchemaFile): void {
    const place = file.declarations.push('') - 1
    const resourceType = structure.kind === 'resource' && path === structure.type
    const lines = [
      ...(resourceType ? [`  resourceType: resourceType('${path}'),`] : []),
      this.members(structure, path, file),
    ]
    const rules = this.rules(structure, path)
    const name = path.split('.').map(capitalised).join('')
    file.declarations[place] =
      `export const ${name}: Schema = object(() => ({\n${lines.filter(Boolean).join('\n')}\n})${rules})`
  }

  private rules(structure: StructureDefinition, path: string): string {
    const found = new Set<string>()
    for (const { path: at, key } of this.constraints(structure, path)) {
      const name = [`${at}/${key}`, key].find((one) => one in invariants || one in furtherInvariants)
      if (name) found.add(`${name in invariants ? 'invariants' : 'furtherInvariants'}['${name}']`)
      this.constraintsMet.set(key, Boolean(name))
    }
    return found.size ? `, [${[...found].join(', ')}]` : ''
  }

  /**
   * The errors that are defined of an element, and of those below it that have no schema of their own. What every resource or element has
   * to meet is seen to by the rules of JSON, and once for all resources.
   */
  private constraints(structure: StructureDefinition, path: string): { path: string; key: string }[] {
    const children = childrenOf(structure, path).filter(
      ({ type = [], contentReference }) => type.every(({ code }) => !INLINE.includes(code)) && !contentReference,
    )
    const own = structure.snapshot!.element.find((element) => element.path === path)!
    return [own, ...children].flatMap((element) =>
      (element.constraint ?? [])
        .filter(
          ({ key, severity }) =>
            severity === 'error' && (!OF_ALL.test(key) || `${element.path}/${key}` === 'Extension/ext-1'),
        )
        .map(({ key }) => ({ path: element.path, key })),
    )
  }

  /** The lines of a shape: what the base has is spread, the rest is written out. */
  private members(structure: StructureDefinition, path: string, file: SchemaFile): string {
    const children = childrenOf(structure, path)
    const base = BASES.find((one) => one !== path && this.extendsBase(children, one))
    const inherited = base ? childrenOf(this.elements.structure(base), base).map(elementName) : []
    const own = children.filter((child) => !inherited.includes(elementName(child)))
    return [
      ...(base ? [`  ...${baseFunction(base)}(),`] : []),
      ...own.map((child) => this.member(structure, child, file)),
    ].join('\n')
  }

  private extendsBase(children: readonly ElementDefinition[], base: string): boolean {
    const names = children.map(elementName)
    return childrenOf(this.elements.structure(base), base).every((child, index) => elementName(child) === names[index])
  }

  private member(structure: StructureDefinition, definition: ElementDefinition, file: SchemaFile): string {
    const name = elementName(definition)
    const required = definition.min! > 0
    if (definition.max !== '1' && definition.max !== '*')
      this.remarks.add(`${definition.path}: at most ${definition.max} is not checked`)
    if (name.endsWith('[x]'))
      return `  ${name.replace('[x]', '')}: ${required ? 'mustChoose' : 'choice'}(${this.choice(definition, file)}),`
    const many = definition.max !== '1'
    const word = many ? (required ? 'some' : 'many') : required ? 'must' : 'maybe'
    return `  ${name}: ${word}(${this.content(structure, definition, file)}),`
  }

  private choice(definition: ElementDefinition, file: SchemaFile): string {
    const types = definition.type ?? []
    if (types.length >= OPEN_TYPES) {
      file.datatypes.add('anyDatatype')
      return 'anyDatatype()'
    }
    return `{ ${this.choiceMembers(definition, types, file).join(', ')} }`
  }

  private choiceMembers(definition: ElementDefinition, types: readonly Type[], file: SchemaFile): string[] {
    return types.map((type) => {
      const name = choiceName('', type.code)
      const content = this.datatype(definition, type, file)
      return name === content ? name : `${name}: ${content}`
    })
  }

  /** The function that gives the datatypes of an open choice. https://hl7.org/fhir/R4/datatypes.html#open */
  openChoice(): SchemaFile {
    const file: SchemaFile = { declarations: [], datatypes: new Set() }
    const definition = childrenOf(this.elements.structure('Extension'), 'Extension').find((child) =>
      child.path.endsWith('[x]'),
    )!
    const members = this.choiceMembers(definition, definition.type!, file)
    file.declarations.push(
      `export const anyDatatype = (): Choice['types'] => ({\n${members.map((one) => `  ${one},`).join('\n')}\n})`,
    )
    return file
  }

  private content(structure: StructureDefinition, definition: ElementDefinition, file: SchemaFile): string {
    const pathName = (path: string) => path.split('.').map(capitalised).join('')
    if (definition.contentReference) return pathName(definition.contentReference.slice(1))
    const type = definition.type![0]!
    if (INLINE.includes(type.code) && childrenOf(structure, definition.path).length) {
      this.object(structure, definition.path, file)
      return pathName(definition.path)
    }
    return this.datatype(definition, type, file)
  }

  private datatype(definition: ElementDefinition, type: Type, file: SchemaFile): string {
    const attribute = ATTRIBUTES[definition.base?.path ?? definition.path]
    if (attribute) return attribute
    const datatype = datatypeCode(type)
    if (datatype === 'Resource') return 'anyResource'
    if (this.isPrimitive(datatype)) return this.primitive(definition, datatype)
    file.datatypes.add(datatype)
    const codings = this.boundCodings(definition, datatype)
    if (codings) return `coded(${datatype}, ${codings})`
    if (type.profile?.some((profile) => profile.endsWith('/SimpleQuantity'))) return `simple(${datatype})`
    const targets = datatype === 'Reference' ? targetTypes({ ...definition, type: [type] }) : []
    return targets.length ? `reference(${targets.map(quoted).join(', ')})` : datatype
  }

  /** The name of the codes that a datatype must have one of. */
  private boundCodings({ path, binding }: ElementDefinition, datatype: string): string | undefined {
    if (binding?.strength !== 'required' || !binding.valueSet || datatype === 'Reference') return undefined
    const codings = datatype === 'CodeableConcept' ? this.valueSets.codings(binding.valueSet) : undefined
    if (!codings) {
      this.remarks.add(`${path}: the codes in a ${datatype} are not checked against ${binding.valueSet}`)
      return undefined
    }
    const name = valueSetName(binding.valueSet)
    this.codings.set(name, codings)
    return `v.${name}`
  }

  private primitive(definition: ElementDefinition, datatype: string): string {
    const { strength, valueSet } = definition.binding ?? {}
    if (strength !== 'required' || !valueSet || datatype !== 'code') return `p.${datatype}`
    const codes = this.valueSets.expand(valueSet)
    if (!codes) {
      this.remarks.add(`${definition.path}: any code, as the package does not list those of ${valueSet}`)
      return 'p.code'
    }
    const name = valueSetName(valueSet)
    this.enumerations.set(name, codes)
    return `v.${name}`
  }
}
