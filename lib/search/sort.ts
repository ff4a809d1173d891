import { dateRangeOf } from './date.ts'
import { elementsAt } from './elements.ts'
import type { Reading } from './match.ts'
import { numberValue } from './number.ts'
import type { ElementPath, SearchParameter } from './parameter.ts'
import type { SortKey } from './parse.ts'
import { quantityValue } from './quantity.ts'
import { rankOf } from './rank.ts'
import { pointsTo, referenceOf } from './reference.ts'
import { folded, stringsOf } from './string.ts'
import { tokensOf } from './token.ts'

/** What a resource is sorted by for one key; null: it has no value. */
export type SortValue = string | number | null

/** Where a resource stands in a sorted list. */
export interface Place {
  values: SortValue[]
  id: string
}

/** The instants a JSON number can hold and a Date can be: an open end is one of these. */
const FURTHEST = 8_640_000_000_000_000

const finite = (value: number): number => Math.min(Math.max(value, -FURTHEST), FURTHEST)

const valuesOf = (
  element: unknown,
  { datatype, steps, only }: ElementPath,
  { type }: SearchParameter,
  { zone, baseUrl }: Reading,
): (string | number | undefined)[] => {
  switch (type) {
    case 'date': {
      const range = dateRangeOf(element, datatype, zone)
      return [range && finite(range.low)]
    }
    case 'number': {
      const value = numberValue(element, datatype)
      return [value && finite(value.from)]
    }
    case 'quantity': {
      const value = quantityValue(element, datatype)
      return [value && finite(value.from)]
    }
    case 'token':
      return tokensOf(element, datatype).map(({ code, text }) => code ?? text)
    case 'string':
      return stringsOf(element, datatype, steps.at(-1)?.element).map(folded)
    case 'uri':
      return typeof element === 'string' ? [element] : []
    case 'reference': {
      const value = referenceOf(element, datatype, baseUrl)
      return [value && (!only || pointsTo(only, value)) ? (value.url ?? `${value.type}/${value.id}`) : undefined]
    }
    case 'composite':
      return []
  }
}

/** Of several values the one that comes first in the order asked for: https://hl7.org/fhir/R4/search.html#_sort */
const sortValue = ({ parameter, descending }: SortKey, resource: unknown, reading: Reading): SortValue => {
  if (parameter.ranks) return rankOf(parameter, resource)
  let first: SortValue = null
  for (const path of parameter.paths)
    for (const element of elementsAt(resource, path.steps))
      for (const value of valuesOf(element, path, parameter, reading))
        if (value !== undefined && (first === null || (descending ? value > first : value < first))) first = value
  return first
}

export const placeOf = (sort: readonly SortKey[], resource: unknown, id: string, reading: Reading): Place => ({
  values: sort.map((key) => sortValue(key, resource, reading)),
  id,
})

/** No value comes behind every value, so last when ascending and first when descending. */
const compareValues = (one: SortValue, other: SortValue): number => {
  if (one === other) return 0
  if (one === null) return 1
  if (other === null) return -1
  return one < other ? -1 : 1
}

/** Ties are in order of id. */
export const comparePlaces = (sort: readonly SortKey[], one: Place, other: Place): number => {
  for (const [at, { descending }] of sort.entries()) {
    const order = compareValues(one.values[at] ?? null, other.values[at] ?? null)
    if (order) return descending ? -order : order
  }
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}
