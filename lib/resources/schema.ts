import * as z from 'zod/mini'
import { isObject } from '../json.ts'
import type { Invariant } from './invariants/rule.ts'
import { type Fault, isPrimitive, report, type Schema } from './primitive.ts'
import type { Refusal, Restricted } from './restrictions.ts'

/**
 * The words that the generated schemas are written in: how often an element may be there and what it may be. The rules of FHIR's
 * JSON format are applied to all of them alike. https://hl7.org/fhir/R4/json.html
 */
export interface Member {
  required: boolean
  many: boolean
  schema: Schema
  refusal?: Refusal
}

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** `value[x]`: one of several datatypes, by the end of its name in JSON. */
export interface Choice {
  required: boolean
  types: Readonly<Record<string, Content>>
}

export type Content = Schema | Restricted
export type Shape = Readonly<Record<string, Member | Choice>>

const member = (content: Content, required: boolean, many: boolean): Member =>
  'refusal' in content ? { ...content, required, many } : { schema: content, required, many }

/** 0..1 */
export const maybe = (content: Content): Member => member(content, false, false)
/** 1..1 */
export const must = (content: Content): Member => member(content, true, false)
/** 0..* */
export const many = (content: Content): Member => member(content, false, true)
/** 1..* */
export const some = (content: Content): Member => member(content, true, true)
export const choice = (types: Choice['types']): Choice => ({ required: false, types })
export const mustChoose = (types: Choice['types']): Choice => ({ required: true, types })

/** A wrapper made once for each schema: many elements are of few datatypes. */
const once = (make: (schema: Schema) => Schema): ((schema: Schema) => Schema) => {
  const made = new WeakMap<Schema, Schema>()
  return (schema) => {
    const known = made.get(schema) ?? make(schema)
    made.set(schema, known)
    return known
  }
}
const optional = once((schema) => z.optional(schema))
const list = once((schema) => optional(z.array(schema).check(z.minLength(1))))
const sparseList = once((schema) => list(z.nullable(schema)))

/** What is checked of an element as a whole, once its members have been looked at. */
interface Rules {
  required: string[]
  choices: { base: string; names: string[]; required: boolean }[]
  sparse: string[]
  refusals: [name: string, refusal: Refusal][]
  invariants: readonly Invariant[]
  /** an id alone is enough: what stands beside a primitive may give it no more than that */
  isSibling: boolean
}

/** The names that choices have in JSON, with the name they have in FHIRPath. */
const choiceNames = new Map<string, string>()

/** `value` for `valueQuantity`, `status` for `_status`: the name of a member in FHIRPath. */
export const elementName = (name: string): string => {
  const plain = name.startsWith('_') ? name.slice(1) : name
  return choiceNames.get(plain) ?? plain
}

type Members = Record<string, Schema>

const addMember = (members: Members, rules: Rules, name: string, one: Member, sibling: Schema): void => {
  const { schema, required, many: repeats, refusal } = one
  const plain = isPrimitive(schema)
  members[name] = repeats ? (plain ? sparseList(schema) : list(schema)) : optional(schema)
  if (plain) members[`_${name}`] = repeats ? sparseList(sibling) : optional(sibling)
  if (plain && repeats) rules.sparse.push(name)
  if (required) rules.required.push(name)
  if (refusal) rules.refusals.push([name, refusal])
}

const addChoice = (
  members: Members,
  rules: Rules,
  base: string,
  { types, required }: Choice,
  sibling: Schema,
): void => {
  const names = Object.keys(types).map((type) => base + type)
  for (const [type, content] of Object.entries(types)) {
    choiceNames.set(base + type, base)
    addMember(members, rules, base + type, maybe(content), sibling)
  }
  rules.choices.push({ base, names, required })
}

const REQUIRED: Fault = { code: 'required', text: 'is required' }
const EMPTY: Fault = { code: 'structure', text: 'must not be empty' }
const LONGER: Fault = { code: 'structure', text: 'must have a value or null for each of its extensions' }
const NULL: Fault = { code: 'structure', text: 'must not be null unless it has an extension' }

const isThere = (value: Json, name: string): boolean => value[name] !== undefined || value[`_${name}`] !== undefined

const checkRefusal = (payload: z.core.ParsePayload, refusal: Refusal, value: unknown, path: PropertyKey[]): void => {
  const refused = isObject(value) ? refusal(value) : undefined
  if (refused) report(payload, refused.fault, refused.at ? [...path, refused.at] : path)
}

const checkElement = (payload: z.core.ParsePayload, rules: Rules): void => {
  const value = payload.value as Json
  for (const name of rules.required) if (!isThere(value, name)) report(payload, REQUIRED, [name])
  for (const { base, names, required } of rules.choices) {
    const there = names.filter((name) => isThere(value, name))
    if (required && !there.length) report(payload, REQUIRED, [base])
    if (there.length > 1)
      report(payload, { code: 'structure', text: `must be one of ${there.join(', ')}, not several` }, [base])
  }
  for (const name of rules.sparse) {
    const values = value[name]
    const siblings = value[`_${name}`] as readonly unknown[] | undefined
    if (Array.isArray(values))
      values.forEach((one, index) => {
        if (one === null && !siblings?.[index]) report(payload, NULL, [name, index])
      })
    if (Array.isArray(values) && Array.isArray(siblings) && siblings.length > values.length)
      report(payload, LONGER, [name])
  }
  for (const [name, refusal] of rules.refusals) {
    const found = value[name]
    if (found === undefined) continue
    if (!Array.isArray(found)) checkRefusal(payload, refusal, found, [name])
    else for (const [index, one] of found.entries()) checkRefusal(payload, refusal, one, [name, index])
  }
  for (const { key, holds, text } of rules.invariants)
    if (!holds(value)) report(payload, { code: 'invariant', text: `${text} (${key})` })
  for (const name in value) if (name !== 'id' || rules.isSibling) return
  report(payload, EMPTY)
}

const build = (shape: Shape, invariants: readonly Invariant[], sibling: Schema): Schema => {
  const members: Members = {}
  const isSibling = Object.keys(shape).every((name) => name === 'id' || name === 'extension')
  const rules: Rules = { required: [], choices: [], sparse: [], refusals: [], invariants, isSibling }
  for (const [name, one] of Object.entries(shape))
    if ('types' in one) addChoice(members, rules, name, one, sibling)
    else addMember(members, rules, name, one, sibling)
  const whole = z.check((payload) => checkElement(payload, rules))
  // A fault in one member is no reason to be silent about the others.
  whole._zod.def.when = ({ value }) => isObject(value)
  return z.strictObject(members).check(whole)
}

/** Makes schemas of objects; `sibling` is what stands beside a primitive for its id and extensions. Each is built when first used. */
export const objectsWith =
  (sibling: () => Schema) =>
  (shape: () => Shape, invariants: readonly Invariant[] = []): Schema =>
    z.lazy(() => build(shape(), invariants, sibling()))

/** A resource within a resource: of any type, and looked into no further. */
export const anyResource: Schema = z.looseObject({ resourceType: z.string() })

/** The `resourceType` of a resource. */
export const resourceType = (type: string): Member => ({ required: true, many: false, schema: z.literal(type) })
