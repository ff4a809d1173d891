import type { ElementDefinition, StructureDefinition } from 'fhir/r4'
import { type PackageFiles, resourcesOf } from '../../fhir-profiles/generate/package.ts'
import { ValueSets } from '../../fhir-profiles/generate/value-sets.ts'
import type { Resource } from '../../lib/fhir.ts'

type Json = Record<string, unknown>

/** One way to make a valid resource invalid. */
export interface Mutation {
  kind:
    | 'dropped required'
    | 'wrong type'
    | 'bad code'
    | 'no code of a required binding'
    | 'extra member'
    | 'bad cardinality'
    | 'wrong reference target'
  /** where, e.g. `Task.restriction.period` */
  path: string
  apply(): void
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** Of an element as it stands in a resource. */
interface Place {
  parent: Json
  member: string
  definition: ElementDefinition
  type: string
  path: string
}

const PRIMITIVES_AS_STRING = ['http://hl7.org/fhirpath/System.String']

/** Of no value set: text alone, a code of another system, a code of none. */
const NOT_CODED: readonly Json[] = [
  { text: 'active' },
  { coding: [{ system: 'urn:no-such-system', code: 'active' }] },
  { coding: [{ code: 'no-such-code' }] },
]

/** A value of another kind or form than the type has. */
const otherThan = (type: string): unknown[] => {
  switch (type) {
    case 'boolean':
      return ['true', 1, {}]
    case 'integer':
    case 'positiveInt':
    case 'unsignedInt':
      return ['1', 1.5, true]
    case 'decimal':
      return ['1.0', true, {}]
    case 'date':
    case 'dateTime':
    case 'instant':
      return ['2026-13-01', '2026-02-30', 'today', '01/02/2026', 20260101]
    case 'time':
      return ['25:00:00', 'noon', 12]
    case 'base64Binary':
      return ['not base64!', 42]
    case 'code':
      return [42, ' spaces around ', {}]
    case 'uri':
    case 'url':
    case 'canonical':
      return ['with a space', 42]
    case 'string':
    case 'markdown':
    case 'xhtml':
      return [42, '', { text: 'x' }]
    case 'id':
      return ['not_an_id', 42]
    default:
      // What is no primitive is an object.
      return ['text', 42, {}]
  }
}

/**
 * Finds, by the published definitions and by nothing of the product's, what would make a resource invalid. Contained resources are left
 * alone.
 */
export class Mutator {
  private readonly elements = new Map<string, Map<string, ElementDefinition>>()
  private readonly isPrimitive = new Set<string>()
  private readonly valueSets: ValueSets

  constructor(core: PackageFiles) {
    this.valueSets = new ValueSets(core)
    for (const { type, kind, derivation, snapshot } of resourcesOf<StructureDefinition>(core, 'StructureDefinition')) {
      if (derivation === 'constraint') continue
      if (kind === 'primitive-type') this.isPrimitive.add(type)
      this.elements.set(type, new Map(snapshot!.element.map((element) => [element.path, element])))
    }
  }

  /** All there are for this resource; each changes it in place when applied. */
  mutationsOf(resource: Resource): Mutation[] {
    const places = this.placesIn(resource, resource.resourceType, resource.resourceType, resource.resourceType)
    const whole: Mutation = this.extraMember(resource, resource.resourceType)
    return [whole, ...places.flatMap((place) => this.mutationsAt(place))]
  }

  private extraMember(parent: Json, path: string): Mutation {
    return { kind: 'extra member', path, apply: () => Object.assign(parent, { noSuchElement: 'x' }) }
  }

  private mutationsAt({ parent, member, definition, type, path }: Place): Mutation[] {
    const value = parent[member]
    const first = Array.isArray(value) ? value[0] : value
    const put = (other: unknown): void => {
      if (Array.isArray(value)) value[0] = other
      else parent[member] = other
    }
    const found: Mutation[] = otherThan(type).map((other) => ({ kind: 'wrong type', path, apply: () => put(other) }))
    const isAlone = parent[`_${member}`] === undefined
    if (definition.min! > 0 && isAlone)
      found.push({ kind: 'dropped required', path, apply: () => void delete parent[member] })
    if (Array.isArray(value))
      found.push({ kind: 'bad cardinality', path, apply: () => void Object.assign(parent, { [member]: first }) })
    else
      found.push({
        kind: 'bad cardinality',
        path,
        apply: () => void Object.assign(parent, { [member]: [value, value] }),
      })
    const { strength, valueSet } = definition.binding ?? {}
    if (type === 'code' && strength === 'required' && valueSet && this.valueSets.expand(valueSet))
      found.push({ kind: 'bad code', path, apply: () => put('no-such-code') })
    if (type === 'CodeableConcept' && strength === 'required')
      for (const other of NOT_CODED)
        found.push({ kind: 'no code of a required binding', path, apply: () => put(other) })
    if (isObject(first) && type !== 'Resource') found.push(this.extraMember(first, path))
    const targets = (definition.type ?? []).flatMap(({ targetProfile = [] }) => targetProfile)
    const isOpen = targets.some((target) => target.endsWith('/Resource'))
    if (type === 'Reference' && isObject(first) && targets.length && !isOpen && typeof first.reference === 'string')
      found.push({
        kind: 'wrong reference target',
        path,
        apply: () => Object.assign(first, { reference: 'TestScript/1' }),
      })
    return found
  }

  private placesIn(parent: Json, type: string, at: string, path: string): Place[] {
    return Object.keys(parent).flatMap((member) => {
      if (member === 'resourceType' || member.startsWith('_') || path === `${type}.id`) return []
      const found = this.definitionOf(type, at, member)
      if (!found || found.type === 'Resource' || (path === at && member === 'id')) return []
      const own: Place = { parent, member, path: `${path}.${member}`, ...found }
      const value = parent[member]
      const below = (Array.isArray(value) ? value : [value]).filter(isObject)
      return [own, ...below.flatMap((one) => this.placesIn(one, found.inType, found.inAt, own.path))]
    })
  }

  private definitionOf(type: string, at: string, member: string) {
    const elements = this.elements.get(type)!
    const plain = elements.get(`${at}.${member}`)
    const [definition, datatype] = plain ? [plain, plain.type?.[0]?.code] : this.choiceOf(elements, at, member)
    if (!definition) return undefined
    if (definition.contentReference)
      return { definition, type: 'BackboneElement', inType: type, inAt: definition.contentReference.slice(1) }
    const code = PRIMITIVES_AS_STRING.includes(datatype ?? '') ? 'string' : datatype!
    const isInline = code === 'BackboneElement' || code === 'Element'
    return isInline
      ? { definition, type: code, inType: type, inAt: definition.path }
      : { definition, type: code, inType: code, inAt: code }
  }

  private choiceOf(
    elements: Map<string, ElementDefinition>,
    at: string,
    member: string,
  ): readonly [ElementDefinition | undefined, string | undefined] {
    for (const [path, definition] of elements) {
      if (!path.startsWith(`${at}.`) || !path.endsWith('[x]')) continue
      const name = path.slice(at.length + 1, -'[x]'.length)
      const type = definition.type?.find(({ code }) => name + capitalised(code) === member)
      if (type) return [{ ...definition, type: [type] }, type.code]
    }
    return [undefined, undefined]
  }
}
