import type { Attribute, AttributeMap, Item } from './table.ts'

/**
 * The size DynamoDB counts for an item, in bytes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => (value === undefined ? sum : sum + Buffer.byteLength(name) + valueBytes(value)),
    0,
  )

const COLLECTION_BYTES = 3
const ELEMENT_BYTES = 1

const valueBytes = (value: Attribute): number => {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return numberBytes(value)
  if (typeof value === 'boolean') return 1
  if (value instanceof Uint8Array) return value.length
  return Object.entries(value).reduce(
    (sum, [key, element]) =>
      element === undefined ? sum : sum + Buffer.byteLength(key) + valueBytes(element) + ELEMENT_BYTES,
    COLLECTION_BYTES,
  )
}

/** One byte for each two digits, counted from the decimal point, without pairs of zeros at either end; one more; another for a sign. */
const numberBytes = (value: number): number => {
  const [whole = '', fraction = ''] = String(Math.abs(value)).split('.')
  const even = (text: string) => text.length + (text.length % 2)
  const digits = whole.padStart(even(whole), '0') + fraction.padEnd(even(fraction), '0')
  return digits.replace(/^(00)+|(00)+$/g, '').length / 2 + 1 + (value < 0 ? 1 : 0)
}

/** Whether two items hold the same attributes, what is undefined left aside. */
export const sameItem = (one: Item, other: Item): boolean => sameAttributes(one, other)

const sameAttributes = (one: AttributeMap, other: AttributeMap): boolean => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => sameValue(one[name], other[name]))
}

const sameValue = (one: Attribute | undefined, other: Attribute | undefined): boolean => {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0
  if (typeof one !== 'object' || typeof other !== 'object') return one === other
  return !(one instanceof Uint8Array) && !(other instanceof Uint8Array) && sameAttributes(one, other)
}
