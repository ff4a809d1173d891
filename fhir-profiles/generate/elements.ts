import type { ElementDefinition, StructureDefinition } from 'fhir/r4'

/** An element as a path can reach it: one entry for each datatype of a choice. */
export interface ReachedElement {
  /** the names in JSON, e.g. `['activity', 'detail', 'scheduledPeriod']` */
  names: readonly string[]
  datatype: string
  definition: ElementDefinition
  /** where its children are defined */
  structure: StructureDefinition
  /** path of the definition whose children these are: of the content reference, if the element is one */
  childrenAt: string
  isChoice: boolean
}

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** The name a choice element has in JSON for one of its datatypes. https://hl7.org/fhir/R4/formats.html#choice */
export const choiceName = (element: string, datatype: string): string =>
  element.replace('[x]', '') + capitalised(datatype)

const FHIRPATH_STRING = 'http://hl7.org/fhirpath/System.String'

/** R4 publishes ids and the `url` of extensions as FHIRPath strings; the FHIR type is in an extension. */
export const datatypeCode = (type: NonNullable<ElementDefinition['type']>[number]): string =>
  type.code.startsWith('http://hl7.org/fhirpath/')
    ? (type.extension?.find((extension) => extension.url.endsWith('structuredefinition-fhir-type'))?.valueUrl ??
      (type.code === FHIRPATH_STRING ? 'string' : type.code))
    : type.code

/** The elements right below `path` in a structure, in the order of the definition. */
export const childrenOf = (structure: StructureDefinition, path: string): ElementDefinition[] =>
  structure.snapshot!.element.filter(
    (element) => element.path.startsWith(`${path}.`) && !element.path.slice(path.length + 1).includes('.'),
  )

export const elementName = (definition: ElementDefinition): string =>
  definition.path.slice(definition.path.lastIndexOf('.') + 1)

const INLINE = ['BackboneElement', 'Element']

/** Knows where every element of every type is defined. */
export class Elements {
  private readonly structures: ReadonlyMap<string, StructureDefinition>

  constructor(structures: readonly StructureDefinition[]) {
    const base = structures.filter((structure) => structure.derivation !== 'constraint')
    this.structures = new Map(base.map((structure) => [structure.type, structure]))
  }

  structure(type: string): StructureDefinition {
    const found = this.structures.get(type)
    if (!found) throw new Error(`the package has no StructureDefinition of ${type}`)
    return found
  }

  /** The resource or datatype itself. */
  root(type: string): ReachedElement {
    const structure = this.structure(type)
    const definition = structure.snapshot!.element[0]!
    return { names: [], datatype: type, definition, structure, childrenAt: type, isChoice: false }
  }

  /** The element `name` below `parent` (`value` for `value[x]`): empty when there is none. */
  below(parent: ReachedElement, name: string): ReachedElement[] {
    const inline = INLINE.includes(parent.datatype) || parent.names.length === 0
    const structure = inline ? parent.structure : this.structure(parent.datatype)
    const path = inline ? parent.childrenAt : parent.datatype
    const definition = childrenOf(structure, path).find((child) => elementName(child).replace('[x]', '') === name)
    if (!definition) return []
    if (definition.contentReference) {
      const childrenAt = definition.contentReference.slice(1)
      return [
        {
          names: [...parent.names, name],
          datatype: 'BackboneElement',
          definition,
          structure,
          childrenAt,
          isChoice: false,
        },
      ]
    }
    const isChoice = definition.path.endsWith('[x]')
    return (definition.type ?? []).map((type) => ({
      names: [...parent.names, isChoice ? choiceName(name, type.code) : name],
      datatype: datatypeCode(type),
      definition: { ...definition, type: [type] },
      structure,
      childrenAt: definition.path,
      isChoice,
    }))
  }
}

/** The types a reference or canonical element may point to; empty: any. */
export const targetTypes = (definition: ElementDefinition): string[] => {
  const profiles = (definition.type ?? []).flatMap((type) => type.targetProfile ?? [])
  const types = profiles.map((profile) => profile.slice(profile.lastIndexOf('/') + 1))
  return types.includes('Resource') ? [] : types
}
