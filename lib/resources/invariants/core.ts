import { numberOf } from '../../json.ts'
import type { Json } from '../schema.ts'
import { atLeastOne, either, has, inner, inOrder, isLess, isMore, keyed, needs, notBoth, type Rule } from './rule.ts'

const UCUM = 'http://unitsofmeasure.org'

/** A Quantity of one dimension. */
const quantityOf = (isRight: (value: Json) => boolean, text: string): Rule => ({
  holds: (value) =>
    (has(value, 'code') || !has(value, 'value')) &&
    (value.system === undefined || value.system === UCUM) &&
    isRight(value),
  text: `must have a code when it has a value, and no system but UCUM${text}`,
})

/** Decimals that came with a point are whole for nobody, `1.0` included. */
const isWhole = (value: unknown): boolean => value === undefined || Number.isInteger(value)

/** Of what is measured in different units nothing is said. */
const isRange = (low: Json, high: Json): boolean => {
  const highest = numberOf(high.value)
  const isAlike = low.code === high.code && low.system === high.system && low.unit === high.unit
  return !isAlike || highest === undefined || !isMore(low.value, highest)
}

/** The times of day that an offset cannot be counted from: meals as such, not before or after them. */
const MEALS = ['C', 'CM', 'CD', 'CV']

/** The constraints of the core types, and of the datatypes that they are made of. */
export const invariants = keyed({
  'age-1': quantityOf(({ value }) => value === undefined || isMore(value, 0), ', and be above zero'),
  'att-1': needs('data', 'contentType'),
  'cnt-3': quantityOf(
    ({ code, value }) => (code === undefined || code === '1') && isWhole(value),
    ', and be a whole number with the code 1',
  ),
  'cpl-3': notBoth('detail', 'reference'),
  'cpt-2': needs('value', 'system'),
  'dis-1': quantityOf(() => true, ''),
  'drq-1': either('path', 'searchParam'),
  'drq-2': either('path', 'searchParam'),
  'drt-1': {
    holds: (value) => !has(value, 'code') || (value.system === UCUM && has(value, 'value')),
    text: 'must have a value and the system of UCUM when it has a code',
  },
  'exp-1': atLeastOne('expression', 'reference'),
  'ext-1': either('extension', 'value[x]'),
  'gol-1': needs('detail[x]', 'measure'),
  'per-1': {
    holds: ({ start, end }) => inOrder(start, end),
    text: 'must not end before it starts',
  },
  'prr-1': needs('orderDetail', 'code'),
  'qty-3': needs('code', 'system'),
  'rat-1': {
    holds: (value) =>
      has(value, 'numerator') ? has(value, 'denominator') : !has(value, 'denominator') && has(value, 'extension'),
    text: 'must have both numerator and denominator, or extensions alone',
  },
  'rng-2': {
    holds: (value) => isRange(inner(value, 'low'), inner(value, 'high')),
    text: 'must not have a low above its high',
  },
  'tim-1': needs('duration', 'durationUnit'),
  'tim-2': needs('period', 'periodUnit'),
  'tim-4': { holds: ({ duration }) => !isLess(duration, 0), text: 'must not have a negative duration' },
  'tim-5': { holds: ({ period }) => !isLess(period, 0), text: 'must not have a negative period' },
  'tim-6': needs('periodMax', 'period'),
  'tim-7': needs('durationMax', 'duration'),
  'tim-8': needs('countMax', 'count'),
  'tim-9': {
    holds: (value) =>
      !has(value, 'offset') ||
      (has(value, 'when') && !(Array.isArray(value.when) && value.when.some((one) => MEALS.includes(one)))),
    text: `must have when when it has offset, and not ${MEALS.join(', ')}`,
  },
  'tim-10': notBoth('timeOfDay', 'when'),
  'trd-1': notBoth('data', 'timing[x]'),
  'trd-2': needs('condition', 'data'),
  'trd-3': {
    holds: (value) => {
      const { type } = value
      if (type === 'named-event') return has(value, 'name')
      if (type === 'periodic') return has(value, 'timing[x]')
      return typeof type !== 'string' || !type.startsWith('data-') || has(value, 'data')
    },
    text: 'must have name for a named event, timing for a periodic one, data for one of data',
  },
  'Task/inv-1': {
    holds: ({ authoredOn, lastModified }) => inOrder(authoredOn, lastModified),
    text: 'must not have a lastModified before authoredOn',
  },
})
