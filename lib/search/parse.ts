import { FhirError, type Problem } from '../outcome.ts'
import type { Clause } from './clause.ts'
import { isRefusal, parseCriterion, type Refusal, type Understanding } from './criterion.ts'
import type { SearchParameter } from './parameter.ts'
import { defaultResult, type ResultParameters, resultParameters } from './result-parameters.ts'

export type QueryParameter = readonly [name: string, value: string]

export interface SortKey {
  parameter: SearchParameter
  descending: boolean
}

/** A search as understood. */
export interface ParsedSearch {
  type: string
  /** every one has to be met */
  clauses: Clause[]
  sort: SortKey[]
  result: ResultParameters
  /** what was understood, in the order given, `_cursor` excepted: the query of the self link */
  applied: [name: string, value: string][]
  /** names of what a lenient search left out */
  ignored: string[]
  /** criteria and order alone: equal for searches that give the same list */
  canonical: string
}

export interface ParseOptions extends Understanding {
  type: string
  handling: 'strict' | 'lenient'
}

/** Known to the specification and not done here. */
const UNSUPPORTED =
  /^_(?:include|revinclude|has|text|content|list|filter|query|contained|containedType|type|score|graph)(?:[.:]|$)/

const NAME = /^([^:.]+)(?::([^.]*))?(\..*)?$/

const split = (name: string): { code: string; modifier?: string; chain?: string } => {
  const [, code = name, modifier, chain] = NAME.exec(name) ?? []
  return { code, modifier, chain }
}

const refusal = (refused: string, code: Refusal['code'] = 'not-supported'): Refusal => ({ refused, code })

const parseSort = (value: string, { type, parameters }: ParseOptions): SortKey[] | Refusal => {
  const keys: SortKey[] = []
  for (const rule of value.split(',')) {
    const code = rule.replace(/^-/, '')
    const parameter = parameters.get(code)
    if (!parameter || parameter.type === 'composite') {
      const known = [...parameters.values()].filter((candidate) => candidate.type !== 'composite')
      return refusal(
        `_sort names a parameter that ${type} cannot be sorted by; known are ${known.map((one) => one.code).join(', ')}.`,
      )
    }
    keys.push({ parameter, descending: rule.startsWith('-') })
  }
  return keys
}

const parseClause = (name: string, value: string, options: ParseOptions): Clause | Refusal => {
  const { code, modifier, chain } = split(name)
  if (UNSUPPORTED.test(name)) return refusal(`The search parameter ${code} is not supported.`)
  const parameter = options.parameters.get(code)
  if (!parameter)
    return refusal(
      `The search parameter ${code} is not known for ${options.type}; known are ${[...options.parameters.keys()].join(', ')}.`,
    )
  if (chain !== undefined)
    return refusal(`${name} is a chained parameter, which is not supported; search for what it refers to first.`)
  if (!value) return refusal(`${name} has no value; leave it out or give one.`, 'invalid')
  return parseCriterion(parameter, modifier, value, options)
}

/**
 * Reads the parameters of a search. Strict: whatever is not understood is an error that names all of it, since a filter that is
 * silently left out shows other people's work. Lenient: it is left out and named in `ignored`.
 * @throws FhirError unsupportedParameter, when strict
 */
export const parseSearch = (query: readonly QueryParameter[], options: ParseOptions): ParsedSearch => {
  const parsed: ParsedSearch = {
    type: options.type,
    clauses: [],
    sort: [],
    result: defaultResult(),
    applied: [],
    ignored: [],
    canonical: '',
  }
  const problems: Problem[] = []
  const criteria: string[] = []
  const seen = new Set<string>()

  const refuse = (name: string, { refused, code }: Refusal): void => {
    parsed.ignored.push(name)
    problems.push({ text: refused, code })
  }

  for (const [name, value] of query) {
    const resultParameter = resultParameters.get(name)
    if ((resultParameter || name === '_sort') && seen.has(name)) {
      refuse(name, refusal(`${name} can be given once.`, 'invalid'))
      continue
    }
    seen.add(name)
    if (resultParameter) {
      const applied = resultParameter.apply(value, parsed.result)
      if (applied === undefined) refuse(name, refusal(`${name} takes ${resultParameter.takes}.`, 'invalid'))
      else if (name !== '_cursor') parsed.applied.push([name, applied])
      continue
    }
    const understood = name === '_sort' ? parseSort(value, options) : parseClause(name, value, options)
    if (isRefusal(understood)) {
      refuse(name, understood)
      continue
    }
    if (Array.isArray(understood)) parsed.sort = understood
    else parsed.clauses.push(understood)
    parsed.applied.push([name, value])
    criteria.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  }

  if (options.handling === 'strict' && problems.length) throw new FhirError('unsupportedParameter', problems)
  parsed.canonical = criteria.sort().join('&')
  return parsed
}
