import type { ElementDefinition, StructureDefinition } from 'fhir/r4'

/**
 * What a profile says of one element, or of one slice of it. Elements below it are its children; slices are kept apart, since what is
 * in a slice is held against the element and against the slice.
 */
export interface ProfileElement {
  definition: ElementDefinition
  /** the name in FHIRPath: `value` for `value[x]` */
  name: string
  isChoice: boolean
  /** of a slice */
  sliceName?: string
  children: ProfileElement[]
  slices: ProfileElement[]
}

/** A StructureDefinition made ready to be held against resources. */
export interface Profile {
  /** `url|version` */
  canonical: string
  /** the resource or datatype that is profiled */
  type: string
  root: ProfileElement
  /** the element that a contentReference names, by its id or path */
  referred(contentReference: string): ProfileElement | undefined
}

/** The id of the element that one belongs to: the parent of `a.b`, the sliced element of `a.b:c`. */
const ownerOf = (id: string): { owner: string; sliceName?: string } => {
  const colon = id.lastIndexOf(':')
  const dot = id.lastIndexOf('.')
  return colon > dot ? { owner: id.slice(0, colon), sliceName: id.slice(colon + 1) } : { owner: id.slice(0, dot) }
}

const elementOf = (definition: ElementDefinition, sliceName?: string): ProfileElement => {
  const last = definition.path.slice(definition.path.lastIndexOf('.') + 1)
  return {
    definition,
    name: last.replace('[x]', ''),
    isChoice: last.endsWith('[x]'),
    ...(sliceName !== undefined && { sliceName }),
    children: [],
    slices: [],
  }
}

/**
 * Reads the snapshot of a StructureDefinition. https://hl7.org/fhir/R4/profiling.html
 * @returns undefined for a definition that has no snapshot, or one whose elements have no ids
 */
export const profileOf = (definition: StructureDefinition): Profile | undefined => {
  const [first, ...others] = definition.snapshot?.element ?? []
  if (!first) return undefined
  const root = elementOf(first)
  const byId = new Map([[first.id ?? first.path, root]])
  for (const each of others) {
    const id = each.id ?? each.path
    const { owner, sliceName } = ownerOf(id)
    const element = elementOf(each, sliceName)
    const parent = byId.get(owner)
    if (!parent) return undefined
    if (sliceName === undefined) parent.children.push(element)
    else parent.slices.push(element)
    byId.set(id, element)
  }
  return {
    canonical: definition.version === undefined ? definition.url : `${definition.url}|${definition.version}`,
    type: definition.type,
    root,
    referred: (contentReference) => byId.get(contentReference.slice(contentReference.indexOf('#') + 1)),
  }
}
