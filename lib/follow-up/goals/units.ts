import ucum from '@lhncbc/ucum-lhc'

/** A number with its unit: a UCUM code, or what stands in its place. */
export interface Amount {
  value: number
  unit: string
}

/** The unit of what is only counted. */
export const UNITY = '1'

/**
 * The value of an amount in another unit; undefined when the one cannot be converted into the other, as kilograms into millimetres, or mass
 * into moles. The same code is the same unit even where UCUM does not know it.
 */
export const valueIn = ({ value, unit }: Amount, wanted: string): number | undefined => {
  if (unit === wanted) return value
  const { status, toVal } = ucum.UcumLhcUtils.getInstance().convertUnitTo(unit, value, wanted)
  return status === 'succeeded' && toVal !== null && Number.isFinite(toVal) ? toVal : undefined
}

/** What conversion between units may do to the last digits of a number. */
const ROUNDING = 1e-9

/** How far `a` is above `b`: 0 when they differ by no more than conversion makes of equal values. */
export const difference = (a: number, b: number): number =>
  Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b)) ? 0 : a - b
