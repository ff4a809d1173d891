import { isRefusal, parseCriterion, type Refusal, refusal, type Understanding } from './criterion.ts'
import type { Criterion, Target } from './dependent.ts'
import { isInValueSet, parseInValueSet } from './in-value-set.ts'
import type { SearchParameter } from './parameter.ts'
import type { SearchParameters } from './search-parameters.ts'

/** What it takes to understand a parameter of a search of `type`. */
export interface NamedOptions extends Understanding {
  type: string
  /** the parameters of any type that is served; undefined of another */
  served: (type: string) => SearchParameters | undefined
}

/** How many references a chain may go along, forwards or backwards. */
const LONGEST_CHAIN = 3

/** Known to the specification and not done here. */
const UNSUPPORTED = /^_(?:text|content|list|filter|query|contained|containedType|type|score|graph)(?:[.:]|$)/

const HAS = /^_has:([^:.]+):([^:.]+):(.+)$/
const NAME = /^([^:.]+)(?::([^.]*))?(?:\.(.+))?$/

const parseHas = (name: string, value: string, options: NamedOptions, depth: number): Criterion | Refusal => {
  const [, type, code, rest] = HAS.exec(name) ?? []
  if (!type || !code || !rest) return refusal(`${name} is not of the form _has:Type:reference:parameter.`, 'invalid')
  const parameters = options.served(type)
  if (!parameters) return refusal(`${name} names ${type}, which is not a type served here.`)
  const parameter = parameters.get(code)
  const isLeadingHere =
    parameter?.type === 'reference' &&
    parameter.paths.some(({ datatype, only }) => datatype === 'Reference' && (!only || only === options.type)) &&
    (!parameter.targets.length || parameter.targets.includes(options.type))
  if (!isLeadingHere) return refusal(`${name}: ${code} of ${type} is not a reference to a ${options.type}.`)
  const criterion = parseNamed(rest, value, { ...options, type, parameters }, depth + 1)
  return isRefusal(criterion)
    ? criterion
    : { kind: 'has', type: options.type, referrer: { type, criterion }, parameter }
}

/** The served types that a chain may go on with. */
const typesBehind = (parameter: SearchParameter, only: string | undefined, options: NamedOptions): string[] => {
  const types = only === undefined ? parameter.targets : [only]
  return types.filter((type) => options.served(type) && (!parameter.targets.length || parameter.targets.includes(type)))
}

const parseChain = (
  { name, only, rest, value }: { name: string; only: string | undefined; rest: string; value: string },
  parameter: SearchParameter,
  options: NamedOptions,
  depth: number,
): Criterion | Refusal => {
  if (parameter.type !== 'reference')
    return refusal(`${name}: ${parameter.code} is not a reference, so nothing can follow it.`)
  const types = typesBehind(parameter, only, options)
  if (!types.length) {
    const targets = parameter.targets.filter((type) => options.served(type))
    return refusal(
      only === undefined && !targets.length
        ? `${parameter.code} may refer to any type; say which, as in ${parameter.code}:Patient.${rest}.`
        : `${name} cannot be followed; ${parameter.code} leads to ${targets.join(', ') || 'types that are served'}.`,
    )
  }
  const targets: Target[] = []
  const refusals: Refusal[] = []
  for (const type of types) {
    const criterion = parseNamed(rest, value, { ...options, type, parameters: options.served(type)! }, depth + 1)
    if (isRefusal(criterion)) refusals.push(criterion)
    else targets.push({ type, criterion })
  }
  // Of the types it may lead to, those count that have the parameter.
  return targets.length ? { kind: 'chain', parameter, targets } : refusals[0]!
}

/**
 * The criterion that `name=value` stands for in a search of a type: a clause, a chain or a `_has`.
 * @param depth references gone along already
 */
export const parseNamed = (name: string, value: string, options: NamedOptions, depth = 0): Criterion | Refusal => {
  const [, code = name, modifier, rest] = NAME.exec(name) ?? []
  const isHas = code === '_has'
  if ((isHas || rest !== undefined) && depth >= LONGEST_CHAIN)
    return refusal(`A chain may go along ${LONGEST_CHAIN} references; search in several steps.`, 'too-costly')
  if (!value) return refusal(`${name} has no value; leave it out or give one.`, 'invalid')
  if (isHas) return parseHas(name, value, options, depth)
  if (UNSUPPORTED.test(name)) return refusal(`The search parameter ${code} is not supported.`)
  const parameter = options.parameters.get(code)
  if (!parameter)
    return refusal(
      `The search parameter ${code} is not known for ${options.type}; known are ${[...options.parameters.keys()].join(', ')}.`,
    )
  if (rest !== undefined) return parseChain({ name, only: modifier, rest, value }, parameter, options, depth)
  if (isInValueSet(modifier)) return parseInValueSet(parameter, modifier, value)
  return parseCriterion(parameter, modifier, value, options)
}
