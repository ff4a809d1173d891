import type { ElementDefinition } from 'fhir/r4'
import { isObject, type Occurrence } from './element-value.ts'
import { type Look, note } from './findings.ts'
import { type Coded, type Membership, membershipOf } from './membership.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const codedOf = (value: unknown): Coded => {
  const { system, code } = isObject(value) ? value : {}
  return { ...(typeof system === 'string' && { system }), ...(typeof code === 'string' && { code }) }
}

/** The codes in a code, Coding, Quantity or CodeableConcept; undefined for anything else. */
const codesIn = (value: unknown): Coded[] | undefined => {
  const code = text(value)
  if (code !== undefined) return [{ code }]
  if (!isObject(value)) return undefined
  if (Array.isArray(value.coding)) return value.coding.map(codedOf)
  return 'code' in value ? [{ system: '', ...codedOf(value) }] : []
}

/** Whether any code of an occurrence is in the value set its element is bound to; undefined when there are no codes. */
export const bindingMembership = (
  { definitions }: Look,
  { binding }: ElementDefinition,
  { value }: Occurrence,
): Membership | undefined => {
  const codes = codesIn(value)
  if (!codes?.length || binding?.valueSet === undefined) return undefined
  const valueSet = definitions.valueSet(binding.valueSet)
  if (!valueSet) return 'unknown'
  const found = codes.map((coded) => membershipOf(valueSet, coded, definitions))
  return found.includes('in') ? 'in' : found.includes('unknown') ? 'unknown' : 'out'
}

const BINDABLE = ['code', 'Coding', 'CodeableConcept', 'Quantity', 'string', 'uri']

/** The codes of the specification's own value sets in a `code` are looked at with the structure. */
const isSeenTo = ({ type = [], binding }: ElementDefinition): boolean =>
  type.every(({ code }) => code === 'code') && /^http:\/\/hl7\.org\/fhir\/ValueSet\//.test(binding?.valueSet ?? '')

const withoutVersion = (canonical: string): string => canonical.split('|')[0]!

/** required, extensible: https://hl7.org/fhir/R4/terminologies.html#strength */
export const checkBinding = (look: Look, definition: ElementDefinition, at: Occurrence): void => {
  const { binding, type = [] } = definition
  const { strength, valueSet } = binding ?? {}
  if (valueSet === undefined || (strength !== 'required' && strength !== 'extensible') || isSeenTo(definition)) return
  if (!type.some(({ code }) => BINDABLE.includes(code)) || at.value === undefined) return
  const url = withoutVersion(valueSet)
  const isRequired = strength === 'required'
  switch (bindingMembership(look, definition, at)) {
    case 'in':
      break
    case 'unknown':
      note(
        look,
        at.expression,
        'informational',
        `is not checked against ${url}, whose codes cannot all be told here`,
        'information',
      )
      break
    case 'out':
      if (isRequired) note(look, at.expression, 'code-invalid', `must have a code of ${url}`)
      else
        note(look, at.expression, 'code-invalid', `has no code of ${url}: right only if none of them fits`, 'warning')
      break
    default:
      // Text alone stands for «no code fits», which a required binding does not allow.
      if (isRequired && isObject(at.value) && type.some(({ code }) => code === 'CodeableConcept'))
        note(look, at.expression, 'code-invalid', `must have a code of ${url}`)
  }
}
