import type { CodeableConcept, Observation, ObservationComponent, Quantity, Ratio } from 'fhir/r4'
import { numberOf } from '../../json.ts'
import { type Amount, UNITY } from './units.ts'

/** A value as targets compare it: a number with its unit, or something that is the same as another or not. */
export type MeasuredValue = Amount | { same: readonly string[] }

export const isAmount = (value: MeasuredValue): value is Amount => 'unit' in value

const unitOf = ({ code, unit }: Quantity): string => code ?? unit ?? UNITY

export const amountOf = (quantity: Quantity | undefined): Amount | undefined => {
  const value = numberOf(quantity?.value)
  return value === undefined ? undefined : { value, unit: unitOf(quantity!) }
}

/** A ratio is its quotient. https://hl7.org/fhir/R4/datatypes.html#Ratio */
export const quotientOf = ({ numerator, denominator }: Ratio): Amount | undefined => {
  const [above, below] = [amountOf(numerator), amountOf(denominator)]
  if (!above || !below || below.value === 0) return undefined
  const value = above.value / below.value
  if (below.unit === UNITY) return { value, unit: above.unit }
  return { value, unit: above.unit === below.unit ? UNITY : `(${above.unit})/(${below.unit})` }
}

/** `system|code` of each coding; of a concept without one, its text. */
export const codesOf = (concept: CodeableConcept | undefined): string[] => {
  const codings = (concept?.coding ?? []).filter(({ code }) => code !== undefined)
  if (codings.length) return codings.map(({ system, code }) => `${system ?? ''}|${code}`)
  return concept?.text === undefined ? [] : [`"${concept.text}"`]
}

type Values = Pick<
  Observation & ObservationComponent,
  'valueQuantity' | 'valueInteger' | 'valueRatio' | 'valueCodeableConcept' | 'valueString' | 'valueBoolean'
>

const readValue = (values: Values): MeasuredValue | undefined => {
  const { valueQuantity, valueInteger, valueRatio, valueCodeableConcept, valueString, valueBoolean } = values
  if (valueQuantity) return amountOf(valueQuantity)
  if (valueRatio) return quotientOf(valueRatio)
  if (valueInteger !== undefined) return { value: numberOf(valueInteger)!, unit: UNITY }
  if (valueCodeableConcept) return { same: codesOf(valueCodeableConcept) }
  if (valueString !== undefined) return { same: [`"${valueString}"`] }
  return valueBoolean === undefined ? undefined : { same: [String(valueBoolean)] }
}

/** What an Observation says of a measure given by `system|code`, itself or in a component; undefined when it does not say it. */
export const measuredIn = (observation: Observation, measure: readonly string[]): MeasuredValue | undefined =>
  [observation, ...(observation.component ?? [])]
    .filter(({ code }) => codesOf(code).some((code) => measure.includes(code)))
    .map(readValue)
    .find((value) => value !== undefined)
