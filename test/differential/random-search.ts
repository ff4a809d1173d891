import fc from 'fast-check'
import type { Resource } from '../../lib/fhir.ts'
import { meets, type Reference, referenceOf, spanOfValue, textsOf, tokensOf } from './naive-match.ts'
import type { Value } from './official-values.ts'
import type { Known, World } from './world.ts'

/** Numbers that choose a criterion; what they choose depends on the world. Smaller ones choose what is plainer. */
export interface Choice {
  form: number
  parameter: number
  resource: number
  value: number
  detail: number
  /** values joined by commas */
  also: number
}

const number = fc.nat({ max: 9_999 })
const choice: fc.Arbitrary<Choice> = fc.record({
  form: fc.nat({ max: 19 }),
  parameter: number,
  resource: number,
  value: number,
  detail: number,
  also: fc.nat({ max: 5 }),
})

export interface RandomSearch {
  type: number
  criteria: Choice[]
  sort: number
  count: number
}

export const randomSearch: fc.Arbitrary<RandomSearch> = fc.record({
  type: number,
  criteria: fc.array(choice, { minLength: 1, maxLength: 3 }),
  sort: fc.nat({ max: 60 }),
  count: fc.constantFrom(200, 1, 3, 20),
})

/** A criterion as a parameter of a URL, and whether a resource meets it by the naive reading. */
export interface Criterion {
  name: string
  value: string
  isMet(resource: Resource): boolean
}

const pick = <Item>(items: readonly Item[], n: number): Item | undefined => items[n % items.length]

const escaped = (text: string): string => text.replace(/[\\,$|]/g, '\\$&')

const PREFIXES = ['', 'eq', 'ne', 'lt', 'gt', 'le', 'ge', 'sa', 'eb']

const dateText = ({ element }: Value): string | undefined => {
  if (typeof element === 'string') return element
  const { start, end, event } = element as { start?: string; end?: string; event?: string[] }
  return start ?? end ?? event?.[0]
}

/** A day, month or year of the date, or all of it. */
const cutDate = (text: string, n: number): string => {
  const lengths = [10, text.length, 7, 4, 16, 19].filter((length) => length <= text.length)
  const cut = text.slice(0, pick(lengths, n))
  return cut.length === 16 && !/T\d\d:\d\d$/.test(cut) ? text.slice(0, 10) : cut
}

const tokenText = (value: Value, modifier: string | undefined, n: number): string | undefined => {
  const token = pick(tokensOf(value), n)
  if (!token) return undefined
  const { system, code, text, typed } = token
  if (modifier === 'text') return text && escaped(text.slice(0, 4 + (n % 20)).trim())
  if (modifier === 'of-type') {
    const kind = typed?.find((one) => one.system && one.code)
    return kind && code ? `${escaped(kind.system!)}|${escaped(kind.code!)}|${escaped(code)}` : undefined
  }
  if (!code) return undefined
  const forms = [
    escaped(code),
    ...(system ? [`${escaped(system)}|${escaped(code)}`, `${escaped(system)}|`] : []),
    ...(value.datatype === 'code' ? [] : [`|${escaped(code)}`]),
    escaped(code.toUpperCase()),
    'none-has-this',
  ]
  return pick(forms, n)
}

const referenceText = (value: Value, modifier: string | undefined, n: number): string | undefined => {
  if (modifier === 'identifier') {
    const { identifier } = value.element as { identifier?: object }
    return identifier && tokenText({ datatype: 'Identifier', element: identifier }, undefined, n)
  }
  const { type, id, url } = referenceOf(value)
  if (modifier) return type === modifier ? pick([id!, `${type}/${id}`], n) : undefined
  if (url) return /^[a-z]+:\S*$/i.test(url) ? escaped(url) : undefined
  return id && pick([`${type}/${id}`, id], n)
}

const quantityText = ({ element }: Value, n: number): string | undefined => {
  const { value, low, code, system, unit } = (typeof element === 'number' ? { value: element } : element) as Record<
    string,
    never
  >
  const amount = Number(value ?? (low as { value?: number } | undefined)?.value)
  if (!Number.isFinite(amount) || /e/.test(String(amount))) return undefined
  const digits = pick([String(amount), amount.toFixed(0), amount.toFixed(1), String(amount * 2)], n >> 2)!
  const units = [
    '',
    ...(code ? [`|${escaped(system ?? '')}|${escaped(code)}`] : []),
    ...(unit ? [`||${escaped(unit)}`] : []),
  ]
  return `${pick(PREFIXES, n)}${digits}${typeof element === 'number' ? '' : pick(units, n >> 1)}`
}

/** A text that finds this value, or nearly. */
const textFor = (kind: string, value: Value, modifier: string | undefined, n: number): string | undefined => {
  switch (kind) {
    case 'date': {
      const text = dateText(value)
      return text && `${pick(PREFIXES, n)}${cutDate(text, n >> 3)}`
    }
    case 'string': {
      const text = pick(textsOf(value), n)
      if (!text || !/[\p{L}\p{N}]/u.test(text)) return undefined
      if (modifier === 'exact') return escaped(pick([text, text.toLowerCase()], n >> 2)!)
      const cut = modifier === 'contains' ? text.slice(n % 5, (n % 5) + 6) : text.slice(0, 1 + (n % 12))
      return /[\p{L}\p{N}]/u.test(cut) ? escaped(pick([cut, cut.toUpperCase()], n >> 3)!) : undefined
    }
    case 'reference':
      return referenceText(value, modifier, n)
    case 'uri':
      return escaped(
        modifier
          ? String(value.element)
              .split('/')
              .slice(0, 3 + (n % 4))
              .join('/')
          : String(value.element),
      )
    case 'number':
    case 'quantity':
      return quantityText(value, n)
    default:
      return tokenText(value, modifier, n)
  }
}

const MODIFIERS: Readonly<Record<string, readonly string[]>> = {
  token: ['not', 'text', 'of-type'],
  string: ['exact', 'contains'],
  reference: ['identifier', 'TYPE'],
  uri: ['below', 'above'],
}

/** Values that the published expression finds anywhere in the type, to make criteria of. */
const valuesIn = ({ official, of }: World, type: string, code: string): Value[] =>
  of(type).flatMap((resource) => official.values(resource, code))

const compositeCriterion = (world: World, type: string, code: string, chosen: Choice): Criterion | undefined => {
  const { official, timeZone } = world
  const components = official.components(official.definition(type, code)!)
  const valuesOf = (resource: Resource): Value[][][] =>
    official
      .bases(resource, code)
      .map(({ path, value }) => components.map((one) => official.componentValues(value, path, one)))
  const full = world
    .of(type)
    .flatMap(valuesOf)
    .filter((values) => values.every((one) => one.length))
  const values = pick(full, chosen.value)
  const texts = values?.map((one, n) =>
    textFor(components[n]!.definition.type, pick(one, chosen.detail)!, undefined, chosen.detail >> n),
  )
  if (!texts || texts.includes(undefined)) return undefined
  const isMet = (resource: Resource): boolean =>
    valuesOf(resource).some((found) =>
      components.every(({ code: component, definition }, n) =>
        found[n]!.some((value) => meets({ type: definition.type, code: component, value: texts[n]! }, value, timeZone)),
      ),
    )
  return { name: code, value: texts.join('$'), isMet }
}

/** Types of parameter that would hardly ever be chosen among the others. */
const RARE = ['composite', 'quantity', 'number', 'uri']

const plainCriterion = (world: World, type: string, chosen: Choice): Criterion | undefined => {
  const { official, timeZone } = world
  const parameters = world.parameters(type)
  const rare = parameters.filter((one) => RARE.includes(one.type))
  const isRare = (chosen.form === 15 || chosen.form === 16) && rare.length > 0
  const parameter = pick(isRare ? rare : parameters, chosen.parameter)
  if (!parameter) return undefined
  const { code, type: kind } = parameter
  if (kind === 'composite') return compositeCriterion(world, type, code, chosen)
  if (chosen.form === 19) {
    const value = String(chosen.detail % 2 === 0)
    return {
      name: `${code}:missing`,
      value,
      isMet: (resource) => String(official.values(resource, code).length === 0) === value,
    }
  }
  const values = valuesIn(world, type, code)
  const first = pick(values, chosen.value)
  if (!first) return undefined
  const named = chosen.form > 8 && chosen.form < 15 ? pick(MODIFIERS[kind] ?? [], chosen.form) : undefined
  const modifier = named === 'TYPE' ? referenceOf(first).type : named
  if (modifier && kind === 'reference' && (first.datatype !== 'Reference' || !isTarget(parameter, modifier)))
    return undefined
  if (modifier === 'of-type' && values.some(({ datatype }) => datatype !== 'Identifier')) return undefined
  const texts = Array.from({ length: chosen.also > 3 ? 2 : 1 }, (_, n) =>
    textFor(kind, pick(values, chosen.value + n)!, modifier, chosen.detail + n),
  )
  if (texts.some((text) => text === undefined || text === '')) return undefined
  const value = texts.join(',')
  const wanted = { type: kind, code, modifier: modifier === 'not' ? undefined : modifier, value }
  return {
    name: modifier ? `${code}:${modifier}` : code,
    value,
    isMet: (resource) =>
      official.values(resource, code).some((one) => meets(wanted, one, timeZone)) !== (modifier === 'not'),
  }
}

const isTarget = ({ targets }: Known, type: string): boolean =>
  type === 'identifier' || !targets.length || targets.includes(type)

const references = (world: World, type: string): Known[] =>
  world.parameters(type).filter((one) => one.type === 'reference')

const isTo = (value: Value, { type, id }: Reference): boolean => {
  const reference = referenceOf(value)
  return value.datatype === 'Reference' && reference.type === type && reference.id === id
}

const chainCriterion = (world: World, type: string, chosen: Choice, inner: Choice): Criterion | undefined => {
  const parameter = pick(references(world, type), chosen.parameter)
  const target =
    parameter &&
    referenceOf(pick(valuesIn(world, type, parameter.code), chosen.value) ?? { datatype: '', element: '' }).type
  if (!target || !world.types.includes(target) || !isTarget(parameter, target)) return undefined
  const behind = plainCriterion(world, target, inner)
  return (
    behind && {
      name: `${parameter.code}:${target}.${behind.name}`,
      value: behind.value,
      isMet: (resource) =>
        world.official
          .values(resource, parameter.code)
          .some((value) =>
            world.of(target).some((one) => isTo(value, { type: target, id: one.id! }) && behind.isMet(one)),
          ),
    }
  )
}

const hasCriterion = (world: World, type: string, chosen: Choice, inner: Choice): Criterion | undefined => {
  const referrers = world.types.flatMap((other) =>
    references(world, other)
      .filter(
        (one) =>
          one.targets.includes(type) &&
          valuesIn(world, other, one.code).some((value) => referenceOf(value).type === type),
      )
      .map((parameter) => ({ other, parameter })),
  )
  const found = pick(referrers, chosen.parameter)
  const behind = found && plainCriterion(world, found.other, inner)
  if (!found || !behind) return undefined
  const { other, parameter } = found
  return {
    name: `_has:${other}:${parameter.code}:${behind.name}`,
    value: behind.value,
    isMet: (resource) =>
      world
        .of(other)
        .some(
          (one) =>
            behind.isMet(one) &&
            world.official.values(one, parameter.code).some((value) => isTo(value, { type, id: resource.id! })),
        ),
  }
}

/** The criterion that numbers choose; undefined when nothing in the sample has a value for it. */
export const criterionFor = (world: World, type: string, chosen: Choice): Criterion | undefined => {
  const inner = { ...chosen, form: chosen.detail % 15, parameter: chosen.detail, value: chosen.resource }
  if (chosen.form === 17) return chainCriterion(world, type, chosen, inner)
  if (chosen.form === 18) return hasCriterion(world, type, chosen, inner)
  return plainCriterion(world, type, chosen)
}

/** What a list sorted by a date has to be in order of: the earliest, or when descending the latest, beginning. null: no value. */
export const sortValue = (world: World, resource: Resource, code: string, descending: boolean): number | null => {
  const spans = world.official.values(resource, code).flatMap((value) => spanOfValue(value, world.timeZone) ?? [])
  const lows = spans.map(({ low }) => low)
  if (!lows.length) return null
  return descending ? Math.max(...lows) : Math.min(...lows)
}
