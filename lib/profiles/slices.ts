import type { ElementDefinition, ElementDefinitionSlicingDiscriminator } from 'fhir/r4'
import { bindingMembership } from './bindings.ts'
import { askedOf, fits, isObject, isSame, type Occurrence, occurrencesOf } from './element-value.ts'
import type { Look } from './findings.ts'
import type { ProfileElement } from './profile-tree.ts'
import { typeReferredTo, typesOfTargets } from './references.ts'

const NONE: ReadonlySet<string> = new Set()

/** Steps of the restricted FHIRPath of discriminators. https://hl7.org/fhir/R4/profiling.html#discriminator */
const stepsOf = (path: string): string[] => (path.match(/\w+\([^)]*\)|[^.]+/g) ?? []).filter((step) => step !== '$this')

const EXTENSION_STEP = /^extension\('([^']+)'\)$/

const typeCodes = (definition: ElementDefinition): string[] => (definition.type ?? []).map(({ code }) => code)

/** The URL of the extension that a slice of extensions is for. */
const extensionUrl = ({ definition, children }: ProfileElement): string | undefined => {
  const [type] = definition.type ?? []
  const fixed = children.find(({ name }) => name === 'url')?.definition.fixedUri
  return fixed ?? (type?.code === 'Extension' ? type.profile?.[0]?.split('|')[0] : undefined)
}

const below = (at: Occurrence, step: string): Occurrence[] => {
  const [, url] = EXTENSION_STEP.exec(step) ?? []
  if (url !== undefined) return occurrencesOf(at, 'extension', false, NONE).filter(({ inner }) => inner.url === url)
  const plain = occurrencesOf(at, step, false, NONE)
  return plain.length ? plain : occurrencesOf(at, step, true, NONE)
}

const elementsBelow = (element: ProfileElement, step: string): ProfileElement[] => {
  const [, url] = EXTENSION_STEP.exec(step) ?? []
  const found = element.children.filter(({ name }) => name === (url === undefined ? step : 'extension'))
  const all = found.flatMap((each) => [each, ...each.slices])
  return url === undefined ? all : all.filter((each) => extensionUrl(each) === url)
}

/** Whether what a slice says of an element can tell occurrences apart. */
const tellsApart = (element: ProfileElement): boolean =>
  askedOf(element.definition) !== undefined ||
  element.definition.binding?.strength === 'required' ||
  element.children.some(tellsApart)

/** Whether an occurrence has the values that the element fixes, itself or below. */
const resembles = (look: Look, element: ProfileElement, at: Occurrence): boolean => {
  const asked = askedOf(element.definition)
  if (asked && !(asked.exactly ? isSame : fits)(asked.wanted, at.value)) return false
  const { binding } = element.definition
  if (!asked && binding?.strength === 'required' && bindingMembership(look, element.definition, at) !== 'in')
    return false
  return element.children.filter(tellsApart).every((child) => {
    const found = occurrencesOf(at, child.name, child.isChoice, NONE)
    return found.length ? found.some((one) => resembles(look, child, one)) : child.definition.min === 0
  })
}

const hasValue = (look: Look, element: ProfileElement, at: Occurrence, [step, ...rest]: readonly string[]): boolean => {
  if (step === undefined) return tellsApart(element) && resembles(look, element, at)
  const asked = askedOf(element.definition)
  if (asked) return fits(asked.wanted, at.value)
  if (step === 'url' && !rest.length) {
    const url = extensionUrl(element)
    if (url !== undefined) return at.inner.url === url
  }
  const found = below(at, step)
  return elementsBelow(element, step).some((child) => found.some((one) => hasValue(look, child, one, rest)))
}

const isOfType = (look: Look, element: ProfileElement, at: Occurrence, [step, ...rest]: readonly string[]): boolean => {
  if (step === undefined) {
    const codes = typeCodes(element.definition)
    if (at.choice !== undefined) return codes.some((code) => code.charAt(0).toUpperCase() + code.slice(1) === at.choice)
    const type = isObject(at.value) ? at.value.resourceType : undefined
    return type === undefined || codes.includes(String(type))
  }
  if (step === 'resolve()') {
    const type = typeReferredTo(look.resource, at.inner)
    return type !== undefined && (typesOfTargets(look, element.definition, type)?.includes(type) ?? true)
  }
  const found = below(at, step)
  return elementsBelow(element, step).some((child) => found.some((one) => isOfType(look, child, one, rest)))
}

const exists = (element: ProfileElement, at: Occurrence, [step, ...rest]: readonly string[]): boolean => {
  if (step === undefined) return true
  const wanted = elementsBelow(element, step)
  const found = below(at, step)
  if (wanted.some(({ definition }) => definition.max === '0')) return found.length === 0
  return found.length > 0 && (!rest.length || wanted.some((child) => found.some((one) => exists(child, one, rest))))
}

const meets = (
  look: Look,
  slice: ProfileElement,
  at: Occurrence,
  { type, path }: ElementDefinitionSlicingDiscriminator,
): boolean => {
  const steps = stepsOf(path)
  switch (type) {
    case 'exists':
      return exists(slice, at, steps)
    case 'type':
    // Whether what is referred to meets a profile is not looked up: its type has to do.
    case 'profile':
      return isOfType(look, slice, at, steps)
    default:
      return hasValue(look, slice, at, steps)
  }
}

/** The slice that an occurrence belongs to, by the discriminators of the sliced element. https://hl7.org/fhir/R4/profiling.html#slicing */
export const sliceOf = (look: Look, sliced: ProfileElement, at: Occurrence): ProfileElement | undefined => {
  const discriminators = sliced.definition.slicing?.discriminator ?? []
  if (!discriminators.length) return undefined
  return sliced.slices.find((slice) => discriminators.every((each) => meets(look, slice, at, each)))
}

/** The elements at the end of a discriminator's path. */
const endsOf = (element: ProfileElement, [step, ...rest]: readonly string[]): ProfileElement[] => {
  if (step === undefined) return [element]
  if (askedOf(element.definition) || (step === 'url' && extensionUrl(element) !== undefined)) return []
  return elementsBelow(element, step).flatMap((child) => endsOf(child, rest))
}

const restsOnUnknown = (look: Look, { definition, children }: ProfileElement): boolean => {
  const { strength, valueSet } = definition.binding ?? {}
  const byBinding = strength === 'required' && valueSet !== undefined && !askedOf(definition)
  return (
    (byBinding && !look.definitions.valueSet(valueSet)) ||
    children.some((child) => tellsApart(child) && restsOnUnknown(look, child))
  )
}

/** Whether a slice is told apart by a value set that is not here: then nothing can be said of what is in it, or in none. */
export const isUndetermined = (look: Look, sliced: ProfileElement, slice: ProfileElement): boolean =>
  (sliced.definition.slicing?.discriminator ?? []).some(
    ({ type, path }) =>
      (type === 'value' || type === 'pattern') &&
      endsOf(slice, stepsOf(path)).some((element) => restsOnUnknown(look, element)),
  )
