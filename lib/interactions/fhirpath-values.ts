import r4 from 'fhirpath/fhir-context/r4'
import { type FhirError, fail } from '../outcome.ts'

/** A part of Parameters: a value under `value[x]`, or parts that make up an element. */
export type Part = { name?: unknown; part?: unknown; [value: string]: unknown }

/** A JSON object that holds elements. */
export type Container = Record<string, unknown>

const repeats = (path: string): boolean => path in (r4.path2Repeating as unknown as object)
const choices = r4.choiceTypePaths as unknown as Readonly<Record<string, readonly string[]>>
const elsewhere = r4.pathsDefinedElsewhere as unknown as Readonly<Record<string, string>>
const types = r4.path2Type as unknown as Readonly<Record<string, string | { code?: string }>>

const ELEMENT = /^[A-Za-z][A-Za-z0-9]*$/

/** The patch does not fit the resource. */
export const unfit = (text: string): FhirError => fail('unprocessable', `${text} Nothing was changed.`)

/** The path under which the definitions know the children of an element: its datatype, or its own path for a backbone element. */
const childBase = (path: string): string => {
  const defined = elsewhere[path] ?? path
  const type = types[defined]
  const code = typeof type === 'string' ? type : type?.code
  return !code || code === 'BackboneElement' || code === 'Element' ? defined : code
}

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** The member of an object that holds an element: `value` with a string in it is `valueString`. */
const memberOf = (path: string, name: string, part: Part): string => {
  const options = choices[`${path}.${name}`]
  if (!options) return name
  const given = Object.keys(part)
    .find((key) => key.startsWith('value'))
    ?.slice('value'.length)
  if (!given || !options.some((option) => capitalised(option) === given))
    throw unfit(`The value of ${name} must be one of the datatypes that this element can have.`)
  return name + given
}

/** The value that a part gives; one with parts is an element of its own. */
export const givenBy = (part: Part, path: string): unknown => {
  const key = Object.keys(part).find((name) => name.startsWith('value') || name === 'resource')
  if (key) return part[key]
  if (!Array.isArray(part.part) || !part.part.length) throw unfit('The part value must have a value[x] or parts.')
  const base = childBase(path)
  const element: Container = {}
  for (const child of part.part as Part[]) {
    if (typeof child?.name !== 'string') throw unfit('Each part of a value needs the name of an element.')
    put(element, base, child.name, child)
  }
  return element
}

/** Sets an element, or appends to it when it repeats. */
export const put = (container: Container, base: string, name: string, part: Part): void => {
  if (!ELEMENT.test(name)) throw unfit('The part name must be the name of an element.')
  const path = `${base}.${name}`
  const member = memberOf(base, name, part)
  const value = givenBy(part, path)
  const present = container[member]
  if (repeats(path)) container[member] = Array.isArray(present) ? [...present, value] : [value]
  else if (present === undefined) container[member] = value
  else throw unfit(`The element ${name} is there already; use replace.`)
}

const isChoice = (name: string, member: string): boolean =>
  member.startsWith(name) && /^[A-Z]/.test(member.slice(name.length))

/** The member that a new value belongs under, where `present` holds the old one: the datatype of a choice may change. */
export const memberFor = (base: string, present: string, part: Part): string => {
  const choice = Object.keys(choices).find(
    (path) => path.startsWith(`${base}.`) && isChoice(path.slice(base.length + 1), present),
  )
  return choice ? memberOf(base, choice.slice(base.length + 1), part) : present
}
