import type { ElementDefinition, StructureDefinition } from 'fhir/r4'
import {
  childrenOf,
  choiceName,
  datatypeCode,
  type Elements,
  elementName,
} from '../../../../fhir-profiles/generate/elements.ts'
import type { ValueSets } from '../../../../fhir-profiles/generate/value-sets.ts'
import type { createRandom } from '../../../simulate/random.ts'

type Random = ReturnType<typeof createRandom>
type Json = Record<string, unknown>

const INLINE = ['BackboneElement', 'Element']
const NEVER_MADE = ['id', 'extension', 'modifierExtension', 'contained', 'text', 'meta', 'implicitRules', 'language']
const DEEPEST = 4

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  boolean: [true, false],
  decimal: [-1, 0, 1, 1.5, 99, 150],
  integer: [-1, 0, 1, 2],
  positiveInt: [1, 2],
  unsignedInt: [0, 1, 2],
  date: ['2026-01-01', '2026-02-01'],
  dateTime: ['2026-01-01T08:00:00Z', '2026-02-01T08:00:00Z'],
  instant: ['2026-01-01T08:00:00Z', '2026-02-01T08:00:00Z'],
  time: ['08:00:00', '09:00:00'],
  code: ['a', 'b', '%', '1', 'Reference', 'string', 'Extension'],
  uri: ['http://unitsofmeasure.org', 'urn:x', 'Reference', 'canonical', 'string', 'Extension'],
  canonical: ['http://x', 'urn:x', 'x'],
  string: ['a', 'b', '*', '0', '1', 'A', 'A.b', 'x/y', 'a b', 'Extension'],
  id: ['a', 'b'],
}

/** Makes elements at random, as their definitions have them but without regard to any constraint. */
export class ElementMaker {
  private readonly elements: Elements
  private readonly valueSets: ValueSets
  private readonly random: Random

  constructor(elements: Elements, valueSets: ValueSets, random: Random) {
    this.elements = elements
    this.valueSets = valueSets
    this.random = random
  }

  make(structure: StructureDefinition, path: string, depth = 0): Json {
    const filled = this.random.pick([0.1, 0.4, 0.8])
    const made: Json = structure.kind === 'resource' && path === structure.type ? { resourceType: path } : {}
    for (const child of childrenOf(structure, path)) {
      const name = elementName(child)
      if (!NEVER_MADE.includes(name) && (child.min! > 0 || this.random.chance(filled)))
        this.add(made, structure, child, depth)
      else if (name === 'id' && structure.kind !== 'resource' && this.random.chance(0.8))
        made.id = this.random.pick(['a', 'b'])
    }
    return made
  }

  private add(made: Json, structure: StructureDefinition, child: ElementDefinition, depth: number): void {
    const type = child.type?.length ? this.random.pick(child.type) : undefined
    const name = elementName(child)
    const member = name.endsWith('[x]') ? choiceName(name, type!.code) : name
    const count = child.max === '1' ? 1 : this.random.pick([1, 1, 2, 3])
    const values = Array.from({ length: count }, () => this.value(structure, child, type && datatypeCode(type), depth))
    const there = values.filter(
      (value) => value !== undefined && !(typeof value === 'object' && !Object.keys(value!).length),
    )
    if (there.length) made[member] = child.max === '1' ? there[0] : there
  }

  private value(
    structure: StructureDefinition,
    child: ElementDefinition,
    type: string | undefined,
    depth: number,
  ): unknown {
    const codings = child.binding?.valueSet === undefined ? undefined : this.valueSets.codings(child.binding.valueSet)
    const [system, codes = []] = this.random.pick([...Object.entries(codings ?? {}), [undefined]])
    if (type === 'code' && codes.length) return this.random.pick(codes)
    if (type === 'CodeableConcept')
      return {
        coding: [
          codes.length
            ? { system, code: this.random.pick(codes) }
            : { system: 'urn:x', code: this.random.pick(['a', 'b']) },
        ],
      }
    if (type && VALUES[type]) return this.random.pick(VALUES[type])
    if (type === 'Reference') return { reference: 'Patient/1' }
    if (depth >= DEEPEST) return undefined
    if (child.contentReference) return this.make(structure, child.contentReference.slice(1), depth + 1)
    if (INLINE.includes(type!) && childrenOf(structure, child.path).length)
      return this.make(structure, child.path, depth + 1)
    const datatype = this.elements.structure(type!)
    if (datatype.kind === 'primitive-type') return 'a'
    return datatype.kind === 'resource' ? undefined : this.make(datatype, datatype.type, depth + 1)
  }
}
