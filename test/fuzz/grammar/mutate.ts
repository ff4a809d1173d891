import fc from 'fast-check'
import { stringifyJson } from '../../../lib/json.ts'
import { anyElement } from './elements.ts'
import { anyJson, strangeName } from './values.ts'

type Container = Record<string | number, unknown>

/** A change of a JSON value: what it does where, by numbers that choose among the places there are. */
export interface Mutation {
  kind: Kind
  place: number
  value: unknown
}

interface Place {
  parent: Container
  key: string | number
}

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null && !JSON.isRawJSON(value)

const placesIn = (value: unknown, found: Place[] = []): Place[] => {
  if (!isContainer(value)) return found
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  for (const key of keys) {
    found.push({ parent: value, key })
    placesIn(value[key], found)
  }
  return found
}

/** An own member also where the name is `__proto__`. */
const setMember = (parent: Container, key: string | number, value: unknown): void => {
  // A list has no members by name.
  if (Array.isArray(parent) && typeof key === 'string') parent.push(value)
  else Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true })
}

const NAMES = ['__proto__', 'constructor', 'toString', 'length', 'resourceType', 'id', 'extension', 'contained', 'meta']

const nested = (value: unknown, depth: number): unknown => {
  let made = value
  for (let level = 0; level < depth; level++) made = level % 2 ? [made] : { x: made }
  return made
}

const retyped = (value: unknown): unknown => {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value[0] ?? 'text'
  if (isContainer(value)) return Object.values(value)[0] ?? 42
  return stringifyJson(value) ?? ''
}

interface Change extends Place {
  root: Container
  present: unknown
  /** a number to choose by */
  at: number
  value: unknown
  name: string
}

/** What takes the place of a value. */
const REPLACED = {
  replace: ({ value }: Change) => copyOf(value),
  retype: ({ present }: Change) => retyped(present),
  null: () => null,
  wrap: ({ present }: Change) => [present],
  unwrap: ({ present }: Change) => (Array.isArray(present) ? present[0] : { value: present }),
  repeat: ({ present }: Change) => (Array.isArray(present) ? [...present, ...present, ...present] : [present, present]),
  nest: ({ present, at }: Change) => nested(present, at % 80),
  huge: ({ present, at }: Change) =>
    typeof present === 'string' ? present.slice(0, 1_000).repeat(1 + (at % 600)) : 'x'.repeat(at),
  swap: ({ root, at }: Change) => {
    const places = placesIn(root)
    const other = places[(at * 7 + 3) % places.length]!
    return copyOf(other.parent[other.key])
  },
}

/** What becomes of the members around it. */
const REARRANGED = {
  drop({ parent, key }: Change) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1)
    else delete parent[key]
  },
  rename({ parent, key, present, name }: Change) {
    setMember(parent, Array.isArray(parent) ? parent.length : name, present)
    if (!Array.isArray(parent)) delete parent[key]
  },
  member({ root, present, name, value }: Change) {
    setMember(isContainer(present) && !Array.isArray(present) ? present : root, name, copyOf(value))
  },
  sibling({ root, parent, key, value }: Change) {
    setMember(Array.isArray(parent) ? root : parent, `_${key}`, copyOf(value))
  },
}

type Replacing = keyof typeof REPLACED
type Rearranging = keyof typeof REARRANGED
type Kind = Replacing | Rearranging

const isReplacing = (kind: Kind): kind is Replacing => Object.hasOwn(REPLACED, kind)

const KINDS = [...Object.keys(REPLACED), ...Object.keys(REARRANGED)] as Kind[]

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...KINDS),
  place: fc.nat(9_999),
  value: fc.oneof(anyJson, anyElement),
})

const apply = (root: Container, { kind, place: at, value }: Mutation): void => {
  const places = placesIn(root)
  const chosen = places[at % Math.max(places.length, 1)]
  if (!chosen) return
  const { parent, key } = chosen
  const change: Change = { root, parent, key, present: parent[key], at, value, name: NAMES[at % NAMES.length]! }
  if (isReplacing(kind)) setMember(parent, key, REPLACED[kind](change))
  else REARRANGED[kind](change)
}

/** Keeps raw numbers, which structuredClone does not know. */
const copyOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isContainer(value)) return value
  const copy: Container = {}
  for (const [name, member] of Object.entries(value)) setMember(copy, name, copyOf(member))
  return copy
}

/** The value after the mutations, one after the other; it is left as it is itself. */
export const mutated = (value: unknown, mutations: readonly Mutation[]): unknown => {
  const root = { value: copyOf(value) }
  for (const one of mutations) if (isContainer(root.value)) apply(root.value, one)
  return root.value
}

/** Changes of JSON as text, most of which make something else of it. */
export const textMutation: fc.Arbitrary<(json: string) => string> = fc
  .record({
    kind: fc.constantFrom('cut', 'insert', 'delete', 'twice', 'bom', 'surrogate', 'number', 'deep', 'comma', 'escape'),
    at: fc.nat(9_999),
    what: strangeName,
  })
  .map(({ kind, at, what }) => (json: string) => {
    const place = at % (json.length + 1)
    const [before, after] = [json.slice(0, place), json.slice(place)]
    switch (kind) {
      case 'cut':
        return before
      case 'insert':
        return before + what + after
      case 'delete':
        return before + after.slice(1 + (at % 5))
      case 'twice':
        return json + json
      case 'bom':
        return `\ufeff${json}`
      case 'surrogate':
        return json.replace(/"([a-z]\w*)"/i, '"\\ud800$1"')
      case 'number':
        return json.replace(/:"[^"]*"/, `:${['1e999', '01', '.5', '-', '1.', '0x10', 'NaN', 'Infinity'][at % 8]}`)
      case 'deep':
        return json.replace(/:"[^"]*"/, `:${'['.repeat(at)}${']'.repeat(at)}`)
      case 'comma':
        return json.replace('}', ',}')
      default:
        return json.replace(/"([a-z]\w*)"/i, '"\\u0000$1\\uffff"')
    }
  })
