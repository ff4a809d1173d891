import { type Refusal, refusal } from './criterion.ts'
import type { NamedOptions } from './named-criterion.ts'

/** What is to come with the matches: what they refer to, or, reversed, what refers to them. */
export interface Include {
  readonly reverse: boolean
  /** also of what was included */
  readonly iterate: boolean
  /** the type that refers; undefined: any */
  readonly source?: string
  /** its reference; undefined: any */
  readonly code?: string
  /** the type referred to; undefined: any */
  readonly target?: string
}

const NAME = /^_(rev)?include(?::(.*))?$/

export const isInclude = (name: string): boolean => NAME.test(name)

const ANY = '*'

/** Reads `_include=Task:focus`, `_include:iterate=Task:part-of:Task`, `_include=*`. https://hl7.org/fhir/R4/search.html#include */
export const parseInclude = (name: string, value: string, { served }: NamedOptions): Include | Refusal => {
  const [, reversed, modifier] = NAME.exec(name) ?? []
  if (modifier !== undefined && modifier !== 'iterate')
    return refusal(`The modifier of ${name} is not supported; there is :iterate.`)
  const flags = { reverse: reversed !== undefined, iterate: modifier === 'iterate' }
  if (value === ANY) return flags
  const [source, code, target, ...more] = value.split(':')
  if (!source || !code || target === '' || more.length)
    return refusal(`${name} takes Type:reference or Type:reference:Type, as in ${name}=Task:focus.`, 'invalid')
  const parameters = served(source)
  if (!parameters) return refusal(`${name} names ${source}, which is not a type served here.`)
  if (target !== undefined && !served(target))
    return refusal(`${name} names ${target}, which is not a type served here.`)
  if (code === ANY) return { ...flags, source, ...(target !== undefined && { target }) }
  if (parameters.get(code)?.type !== 'reference') {
    const references = [...parameters.values()].filter(({ type }) => type === 'reference').map((one) => one.code)
    return refusal(`${name}: ${code} is no reference of ${source}; references are ${references.join(', ') || 'none'}.`)
  }
  return { ...flags, source, code, ...(target !== undefined && { target }) }
}
