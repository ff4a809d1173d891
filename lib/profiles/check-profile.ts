import type { ElementDefinition } from 'fhir/r4'
import { numberOf, stringifyJson } from '../json.ts'
import { checkBinding } from './bindings.ts'
import { askedOf, fits, isSame, type Occurrence, occurrencesOf } from './element-value.ts'
import { type Look, note } from './findings.ts'
import type { ProfileElement } from './profile-tree.ts'
import { typeReferredTo, typesOfTargets } from './references.ts'
import { noteRules } from './rules.ts'
import { isUndetermined, sliceOf } from './slices.ts'

const MANY = '*'
/** So much of a fixed value or pattern is shown. */
const MOST_SHOWN = 160

const shown = (wanted: unknown): string => {
  const text = stringifyJson(wanted)
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const checkNumber = (
  look: Look,
  { min, max = MANY }: ElementDefinition,
  found: number,
  at: string,
  what = '',
): void => {
  if (min && found < min)
    note(look, at, 'required', found || min > 1 ? `${what}must be there at least ${min} times` : `${what}is required`)
  if (max === '0' && found) note(look, at, 'structure', `${what}is not allowed`)
  else if (max !== MANY && found > Number(max)) note(look, at, 'structure', `${what}must be there at most ${max} times`)
}

const checkValue = (look: Look, definition: ElementDefinition, { value, expression }: Occurrence): void => {
  const asked = askedOf(definition)
  if (asked && !(asked.exactly ? isSame : fits)(asked.wanted, value))
    note(look, expression, 'value', `must ${asked.exactly ? 'be' : 'hold'} ${shown(asked.wanted)}`)
  if (definition.maxLength !== undefined && typeof value === 'string' && value.length > definition.maxLength)
    note(look, expression, 'value', `must have at most ${definition.maxLength} characters`)
  const number = numberOf(value)
  if (number === undefined) return
  const least = definition.minValueInteger ?? definition.minValuePositiveInt ?? definition.minValueDecimal
  const most = definition.maxValueInteger ?? definition.maxValuePositiveInt ?? definition.maxValueDecimal
  if (least !== undefined && number < Number(least)) note(look, expression, 'value', `must be at least ${least}`)
  if (most !== undefined && number > Number(most)) note(look, expression, 'value', `must be at most ${most}`)
}

const checkType = (look: Look, definition: ElementDefinition, { choice, inner, expression }: Occurrence): void => {
  const types = definition.type ?? []
  if (choice !== undefined && types.length && !types.some(({ code }) => capitalised(code) === choice))
    note(look, expression, 'structure', `must be a ${types.map(({ code }) => code).join(' or ')}`)
  if (!types.some(({ code }) => code === 'Reference')) return
  const type = typeReferredTo(look.resource, inner)
  const allowed = type === undefined ? undefined : typesOfTargets(look, definition, type)
  if (allowed && !allowed.includes(type!))
    note(look, `${expression}.reference`, 'value', `must refer to ${[...new Set(allowed)].join(' or ')}`)
}

const childrenOf = ({ profile }: Look, { children, definition }: ProfileElement): readonly ProfileElement[] =>
  children.length || definition.contentReference === undefined
    ? children
    : (profile.referred(definition.contentReference)?.children ?? [])

const checkSlices = (look: Look, sliced: ProfileElement, found: readonly Occurrence[], at: string): void => {
  const { rules, ordered, discriminator } = sliced.definition.slicing ?? {}
  if (!discriminator?.length) return
  const slices = found.map((one) => sliceOf(look, sliced, one))
  const undetermined = sliced.slices.filter((slice) => isUndetermined(look, sliced, slice))
  for (const { sliceName } of undetermined)
    note(look, at, 'informational', `slice ${sliceName} is not checked: its value set is not here`, 'information')
  let latest = -1
  for (const [index, slice] of slices.entries()) {
    const one = found[index]!
    if (!slice) {
      if (rules === 'closed' && !undetermined.length)
        note(look, one.expression, 'structure', `is in none of the slices ${names(sliced)}`)
      continue
    }
    const position = sliced.slices.indexOf(slice)
    if (ordered && position < latest)
      note(look, one.expression, 'structure', `must stand in the order ${names(sliced)}`)
    latest = Math.max(latest, position)
    checkOccurrence(look, slice, one)
  }
  for (const slice of sliced.slices.filter((one) => !undetermined.includes(one)))
    checkNumber(look, slice.definition, slices.filter((one) => one === slice).length, at, `slice ${slice.sliceName} `)
}

const names = ({ slices }: ProfileElement): string => slices.map(({ sliceName }) => sliceName).join(', ')

/** Holds one occurrence, and what is below it, against what a profile says of its element. */
export const checkOccurrence = (look: Look, element: ProfileElement, at: Occurrence): void => {
  const { definition } = element
  checkType(look, definition, at)
  checkValue(look, definition, at)
  checkBinding(look, definition, at)
  noteRules(look, definition, at)
  const children = childrenOf(look, element)
  const elements = new Set(children.map(({ name }) => name))
  for (const child of children) {
    const found = occurrencesOf(at, child.name, child.isChoice, elements)
    const place = `${at.expression}.${child.name}`
    checkNumber(look, child.definition, found.length, place)
    for (const one of found) checkOccurrence(look, child, one)
    if (child.slices.length) checkSlices(look, child, found, place)
  }
}
