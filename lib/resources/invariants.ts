import { numberOf } from '../json.ts'

/** A rule about an element as a whole, from the constraints of its definition. */
export interface Invariant {
  /** the key it is published with, e.g. `per-1` */
  key: string
  holds(value: Readonly<Record<string, unknown>>): boolean
  /** goes on from the element's name */
  text: string
}

const there = (value: unknown): boolean => value !== undefined

/** `name` only together with `other`. */
const needs = (key: string, name: string, other: string): Invariant => ({
  key,
  holds: (value) => !there(value[name]) || there(value[other]) || there(value[`_${other}`]),
  text: `must have ${other} when it has ${name}`,
})

/** True unless both are known to the same kind of precision and `later` lies before `earlier`. */
const inOrder = (earlier: unknown, later: unknown): boolean => {
  if (typeof earlier !== 'string' || typeof later !== 'string') return true
  const [earlierHasTime, laterHasTime] = [earlier.includes('T'), later.includes('T')]
  if (earlierHasTime !== laterHasTime) return true
  if (earlierHasTime) return !(Date.parse(earlier) > Date.parse(later))
  const digits = Math.min(earlier.length, later.length)
  return earlier.slice(0, digits) <= later.slice(0, digits)
}

const notNegative = (value: unknown): boolean => {
  const read = numberOf(value)
  return read === undefined || read >= 0
}

const hasValue = (value: Readonly<Record<string, unknown>>): boolean => {
  for (const name in value) if (name.startsWith('value') || name.startsWith('_value')) return true
  return false
}

/** The constraints that are checked, by their published key, after the type where a key has more than one meaning. */
export const invariants = {
  'att-1': needs('att-1', 'data', 'contentType'),
  'cpl-3': {
    key: 'cpl-3',
    holds: ({ detail, reference }) => !there(detail) || !there(reference),
    text: 'must have either detail or reference, not both',
  },
  'cpt-2': needs('cpt-2', 'value', 'system'),
  'ext-1': {
    key: 'ext-1',
    holds: (value) => there(value.extension) !== hasValue(value),
    text: 'must have either extensions or a value',
  },
  'gol-1': {
    key: 'gol-1',
    holds: (value) => there(value.measure) || !Object.keys(value).some((name) => name.startsWith('detail')),
    text: 'must have measure when it has a detail',
  },
  'per-1': {
    key: 'per-1',
    holds: ({ start, end }) => inOrder(start, end),
    text: 'must not end before it starts',
  },
  'prr-1': needs('prr-1', 'orderDetail', 'code'),
  'qty-3': needs('qty-3', 'code', 'system'),
  'tim-1': needs('tim-1', 'duration', 'durationUnit'),
  'tim-2': needs('tim-2', 'period', 'periodUnit'),
  'tim-4': { key: 'tim-4', holds: ({ duration }) => notNegative(duration), text: 'must not have a negative duration' },
  'tim-5': { key: 'tim-5', holds: ({ period }) => notNegative(period), text: 'must not have a negative period' },
  'tim-6': needs('tim-6', 'periodMax', 'period'),
  'tim-7': needs('tim-7', 'durationMax', 'duration'),
  'tim-8': needs('tim-8', 'countMax', 'count'),
  'Task/inv-1': {
    key: 'inv-1',
    holds: ({ authoredOn, lastModified }) => inOrder(authoredOn, lastModified),
    text: 'must not have a lastModified before authoredOn',
  },
} as const satisfies Record<string, Invariant>
