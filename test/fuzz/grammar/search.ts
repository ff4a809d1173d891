import fc from 'fast-check'
import { parametersOf } from '../../../lib/resources/index.ts'
import type { SearchParameter } from '../../../lib/search/parameter.ts'
import { reference } from './elements.ts'
import { TYPES } from './resources.ts'
import * as values from './values.ts'

export type Query = readonly (readonly [name: string, value: string])[]

const PREFIXES = ['', '', 'eq', 'ne', 'lt', 'gt', 'le', 'ge', 'sa', 'eb', 'ap', 'xx']
const MODIFIERS: Readonly<Record<string, readonly string[]>> = {
  string: ['exact', 'contains'],
  token: ['not', 'text', 'in', 'not-in', 'of-type', 'above', 'below'],
  reference: ['identifier', 'Patient', 'Practitioner', 'Task', 'below'],
  uri: ['above', 'below'],
}
const EVERY_MODIFIER = [...new Set(Object.values(MODIFIERS).flat()), 'missing', 'x', '', '__proto__', 'Spaceship']

const prefixed = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...PREFIXES), value).map(([prefix, one]) => prefix + one)

const token = fc.oneof(
  values.text,
  fc
    .tuple(fc.constantFrom('', 'http://loinc.org', 'urn:test:ids'), values.text)
    .map(([system, code]) => `${system}|${code}`),
  fc.tuple(values.text, values.text, values.text).map((parts) => parts.join('|')),
)

const ofKind: Readonly<Record<string, fc.Arbitrary<string>>> = {
  string: values.text,
  token,
  date: prefixed(values.date),
  reference,
  uri: fc.oneof(
    values.text,
    fc.constantFrom('http://loinc.org', 'urn:oid:1.2.3', 'https://careloop.dev/fhir/ValueSet/x'),
  ),
  number: prefixed(values.number),
  quantity: fc
    .tuple(prefixed(values.number), fc.constantFrom('', '|http://unitsofmeasure.org|kg', '||kg', '|', '||||'))
    .map((parts) => parts.join('')),
  composite: fc.tuple(token, fc.oneof(token, prefixed(values.date))).map((parts) => parts.join('$')),
}

const valueFor = ({ type }: SearchParameter, modifier: string | undefined): fc.Arbitrary<string> => {
  if (modifier === 'missing') return fc.constantFrom('true', 'false', 'x', '')
  const value = fc.oneof({ weight: 6, arbitrary: ofKind[type]! }, { weight: 1, arbitrary: values.text })
  return fc.array(value, { minLength: 1, maxLength: 3 }).map((several) => several.join(','))
}

const modifierFor = ({ type }: SearchParameter): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.constantFrom('missing', ...(MODIFIERS[type] ?? [])) },
    { weight: 1, arbitrary: fc.constantFrom(...EVERY_MODIFIER) },
  )

const parametersByType = new Map(TYPES.map((type) => [type, [...parametersOf(type).values()]]))
const parameterOf = (type: string): fc.Arbitrary<SearchParameter> =>
  fc.constantFrom(...(parametersByType.get(type) ?? parametersByType.get('Task')!))

const plain = (type: string): fc.Arbitrary<readonly [string, string]> =>
  parameterOf(type).chain((parameter) =>
    modifierFor(parameter).chain((modifier) =>
      valueFor(parameter, modifier).map(
        (value) => [modifier === undefined ? parameter.code : `${parameter.code}:${modifier}`, value] as const,
      ),
    ),
  )

const chained = (type: string): fc.Arbitrary<readonly [string, string]> => {
  const references = (parametersByType.get(type) ?? []).filter((one) => one.type === 'reference')
  if (!references.length) return plain(type)
  return fc.constantFrom(...references).chain((parameter) => {
    const target = fc.constantFrom(...(parameter.targets.length ? parameter.targets : ['Patient', 'Task']))
    return target.chain((next) =>
      fc
        .tuple(plain(next), fc.boolean())
        .map(([[name, value], typed]) => [`${parameter.code}${typed ? `:${next}` : ''}.${name}`, value] as const),
    )
  })
}

const reversed = (type: string): fc.Arbitrary<readonly [string, string]> =>
  fc.constantFrom('Task', 'CarePlan', 'Observation', 'Encounter', 'Provenance', ...TYPES).chain((other) => {
    const references = (parametersByType.get(other) ?? []).filter((one) => one.type === 'reference')
    const fitting = references.filter(({ targets }) => !targets.length || targets.includes(type))
    const leading = fitting.length ? fitting : references
    if (!leading.length) return plain(type)
    return fc
      .tuple(fc.constantFrom(...leading), plain(other))
      .map(([{ code }, [name, value]]) => [`_has:${other}:${code}:${name}`, value] as const)
  })

const CUTS: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  ['_count', fc.constantFrom('0', '1', '2', '20', '200', '201', '-1', 'x', '1.5', '999999999', '9999999999')],
  ['_total', fc.constantFrom('none', 'estimate', 'accurate', 'x')],
  ['_summary', fc.constantFrom('true', 'false', 'text', 'data', 'count', 'x')],
  ['_elements', fc.constantFrom('id', 'status,code', 'x', 'Task.status', '__proto__', '', ',', 'id,id')],
  ['_explain', fc.constantFrom('true', 'false', 'x')],
  ['_format', fc.constantFrom('json', 'application/fhir+json', 'xml', 'text/csv', '')],
  ['_pretty', fc.constantFrom('true', 'false', 'x')],
  ['_cursor', fc.oneof(values.text, fc.base64String({ maxLength: 200 }))],
  ['_query', fc.constantFrom('worklist', 'x', '__proto__', '')],
  ['_type', fc.constantFrom('Task', 'Task,Patient', 'Spaceship', '', 'AuditEvent', 'Task,,')],
  ['_since', values.date],
  ['_at', prefixed(values.date)],
  ['_lastUpdated', prefixed(values.date)],
  ['_id', values.id],
  ['worker', reference],
]

const cut: fc.Arbitrary<readonly [string, string]> = fc
  .constantFrom(...CUTS)
  .chain(([name, value]) => value.map((one) => [name, one] as const))

const sort = (type: string): fc.Arbitrary<readonly [string, string]> =>
  fc
    .array(
      fc.tuple(
        fc.constantFrom('', '-'),
        fc.oneof(
          parameterOf(type).map(({ code }) => code),
          values.strangeName,
        ),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((keys) => ['_sort', keys.map((key) => key.join('')).join(',')] as const)

const include = (type: string): fc.Arbitrary<readonly [string, string]> =>
  fc
    .record({
      name: fc.constantFrom('_include', '_revinclude', '_include:iterate', '_revinclude:iterate', '_include:x'),
      from: fc.constantFrom(type, type, 'Task', 'CarePlan', 'Provenance', '*', 'Spaceship'),
      to: fc.constantFrom('', '', ':Patient', ':x'),
      at: fc.nat(99),
    })
    .map(({ name, from, to, at }) => {
      const references = (parametersByType.get(from) ?? []).filter((one) => one.type === 'reference')
      const code = at < 5 ? '*' : (references[at % Math.max(references.length, 1)]?.code ?? 'x')
      return [name, `${from}:${code}${to}`] as const
    })

/** A search of a type, whatever it may be: mostly what is declared, now and then what nobody declares. */
export const searchOf = (type: string): fc.Arbitrary<Query> =>
  fc.array(
    fc.oneof(
      { weight: 8, arbitrary: plain(type) },
      { weight: 2, arbitrary: chained(type) },
      { weight: 1, arbitrary: reversed(type) },
      { weight: 3, arbitrary: cut },
      { weight: 1, arbitrary: sort(type) },
      { weight: 1, arbitrary: include(type) },
      { weight: 1, arbitrary: fc.tuple(values.strangeName, values.text) },
    ),
    { maxLength: 4 },
  )

/** As a browser would write it; now and then as nobody should. */
export const queryText = (query: Query): string =>
  query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')

/** Half of a surrogate pair cannot be written in a URL. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())
