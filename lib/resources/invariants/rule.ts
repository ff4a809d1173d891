import { isObject, numberOf } from '../../json.ts'
import type { Json } from '../schema.ts'

/** What an element as a whole has to meet, whatever else is wrong with it. */
export interface Rule {
  /** Is asked of what may have any form: members of other kinds than theirs are told elsewhere, and must not make it fail. */
  holds(value: Json): boolean
  /** goes on from the element's name */
  text: string
}

/** A rule of the constraints of a definition. */
export interface Invariant extends Rule {
  /** what it is published with, e.g. `per-1` */
  key: string
}

/** Rules by their published key, after type and slash where a key has more than one meaning. */
export const keyed = <Name extends string>(rules: Readonly<Record<Name, Rule>>): Readonly<Record<Name, Invariant>> =>
  Object.fromEntries(
    Object.entries<Rule>(rules).map(([name, rule]) => [name, { ...rule, key: name.slice(name.indexOf('/') + 1) }]),
  ) as Record<Name, Invariant>

/** Whether an element is there, with a value or extensions alone: `value[x]` in any of its datatypes. */
export const has = (value: Json, name: string): boolean => {
  if (!name.endsWith('[x]')) return value[name] !== undefined || value[`_${name}`] !== undefined
  const base = name.slice(0, -'[x]'.length)
  for (const member in value) {
    const start = member.startsWith('_') ? 1 : 0
    const next = member[start + base.length] ?? ''
    if (member.startsWith(base, start) && next >= 'A' && next <= 'Z') return true
  }
  return false
}

/** The objects in a list. */
export const items = (value: Json, name: string): Json[] => {
  const list = value[name]
  return Array.isArray(list) ? list.filter(isObject) : []
}

export const inner = (value: Json, name: string): Json => {
  const found = value[name]
  return isObject(found) ? found : {}
}

/** Whether no two of the values that are there are the same. */
export const isDistinct = (values: readonly unknown[]): boolean => {
  const there = values.filter((value) => value !== undefined)
  return new Set(there).size === there.length
}

/** Whether a CodeableConcept has one of these codes of a system. */
export const hasCoding = (concept: Json, system: string, codes: readonly string[]): boolean =>
  items(concept, 'coding').some((coding) => coding.system === system && codes.includes(coding.code as string))

/** True unless both are known to the same kind of precision and `later` lies before `earlier`. */
export const inOrder = (earlier: unknown, later: unknown): boolean => {
  if (typeof earlier !== 'string' || typeof later !== 'string') return true
  const [earlierHasTime, laterHasTime] = [earlier.includes('T'), later.includes('T')]
  if (earlierHasTime !== laterHasTime) return true
  if (earlierHasTime) return !(Date.parse(earlier) > Date.parse(later))
  const digits = Math.min(earlier.length, later.length)
  return earlier.slice(0, digits) <= later.slice(0, digits)
}

/** Whether a number is there and more than, or less than, another. */
export const isMore = (value: unknown, than: number): boolean => (numberOf(value) ?? than) > than
export const isLess = (value: unknown, than: number): boolean => (numberOf(value) ?? than) < than

const listed = (names: readonly string[]): string => names.join(' or ')
const plain = (name: string): string => name.replace('[x]', '')

/** `name` only together with `other`. */
export const needs = (name: string, other: string): Rule => ({
  holds: (value) => !has(value, name) || has(value, other),
  text: `must have ${plain(other)} when it has ${plain(name)}`,
})

export const atLeastOne = (...names: string[]): Rule => ({
  holds: (value) => names.some((name) => has(value, name)),
  text: `must have ${listed(names.map(plain))}`,
})

export const notBoth = (one: string, other: string): Rule => ({
  holds: (value) => !has(value, one) || !has(value, other),
  text: `must not have both ${plain(one)} and ${plain(other)}`,
})

export const either = (one: string, other: string): Rule => ({
  holds: (value) => has(value, one) !== has(value, other),
  text: `must have either ${plain(one)} or ${plain(other)}, not both`,
})

/** `name` only where the code of `member` is one of these. */
export const onlyWhere = (name: string, member: string, ...codes: string[]): Rule => ({
  holds: (value) => !has(value, name) || codes.includes(value[member] as string),
  text: `must not have ${plain(name)} unless ${member} is ${listed(codes)}`,
})

/** `name` wherever the code of `member` is one of these. */
export const neededWhere = (name: string, member: string, ...codes: string[]): Rule => ({
  holds: (value) => has(value, name) || !codes.includes(value[member] as string),
  text: `must have ${plain(name)} when ${member} is ${listed(codes)}`,
})

/** No `name` where the code of `member` is one of these. */
export const notWhere = (name: string, member: string, ...codes: string[]): Rule => ({
  holds: (value) => !has(value, name) || !codes.includes(value[member] as string),
  text: `must not have ${plain(name)} when ${member} is ${listed(codes)}`,
})
