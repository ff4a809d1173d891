import { difference, valueIn } from './units.ts'

/** The least change of a measure that means something to the patient. */
type LeastChange = { amount: number; unit: string } | { part: number }

const LOINC = 'http://loinc.org'
const BLOOD_PRESSURE: LeastChange = { amount: 5, unit: 'mm[Hg]' }
const BODY_WEIGHT: LeastChange = { part: 0.02 }
const HBA1C: LeastChange = { amount: 0.3, unit: '%' }

/** Policy defaults by LOINC code, not a regulation. What is not among them changes with any change of its value. */
const LEAST_CHANGES: Readonly<Record<string, LeastChange>> = {
  [`${LOINC}|44261-6`]: { amount: 5, unit: '{score}' },
  [`${LOINC}|70274-6`]: { amount: 4, unit: '{score}' },
  [`${LOINC}|29463-7`]: BODY_WEIGHT,
  [`${LOINC}|3141-9`]: BODY_WEIGHT,
  [`${LOINC}|4548-4`]: HBA1C,
  [`${LOINC}|17856-6`]: HBA1C,
  [`${LOINC}|8480-6`]: BLOOD_PRESSURE,
  [`${LOINC}|8462-4`]: BLOOD_PRESSURE,
}

/** Whether the change from one value to another, both in `unit`, matters for a measure with one of these `system|code`. */
export const isSignificant = (codes: readonly string[], from: number, to: number, unit: string): boolean => {
  if (difference(to, from) === 0) return false
  const least = codes.map((code) => LEAST_CHANGES[code]).find((found) => found !== undefined)
  if (!least) return true
  if ('part' in least) return difference(Math.abs(to - from), Math.abs(from) * least.part) >= 0
  const [before, after] = [from, to].map((value) => valueIn({ value, unit }, least.unit))
  if (before === undefined || after === undefined) return true
  return difference(Math.abs(after - before), least.amount) >= 0
}
