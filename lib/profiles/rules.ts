import type { ElementDefinition } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { stringifyJson } from '../json.ts'
import { invariants } from '../resources/invariants/core.ts'
import type { Occurrence } from './element-value.ts'
import type { Finding, Look, Rule } from './findings.ts'

/** Seen to with the structure. */
const SEEN_TO: ReadonlySet<string> = new Set([
  ...Object.values(invariants).map(({ key }) => key),
  'ele-1',
  'txt-1',
  'txt-2',
])

const BEST_PRACTICE = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice'
const INLINE = ['BackboneElement', 'Element']

/** What FHIRPath is told an occurrence is. */
const baseOf = ({ path, type = [] }: ElementDefinition, { choice }: Occurrence): string | undefined => {
  if (!path.includes('.')) return path === 'Extension' ? path : undefined
  const code = choice ?? type[0]?.code
  return code === undefined || INLINE.includes(code) || /^[a-z]|:/.test(code) ? path.replace('[x]', '') : code
}

/** Notes the constraints of an element for {@link brokenRules}. */
export const noteRules = (look: Look, definition: ElementDefinition, on: Occurrence): void => {
  if (on.value === undefined) return
  for (const { key, expression, severity, human, extension = [] } of definition.constraint ?? []) {
    if (expression === undefined || SEEN_TO.has(key)) continue
    if (extension.some(({ url, valueBoolean }) => url === BEST_PRACTICE && valueBoolean)) continue
    const base = baseOf(definition, on)
    look.rules.push({
      key,
      expression,
      severity,
      human,
      profile: look.profile.canonical,
      on,
      ...(base !== undefined && { base }),
    })
  }
}

type Evaluate = (data: unknown, variables: object) => unknown[]

const compiled = new Map<string, Evaluate>()
/** Rules of the profiles in use; no tenant has that many. */
const MOST_COMPILED = 5_000

const compilerOf = async (): Promise<(rule: Rule) => Evaluate> => {
  const [{ default: fhirpath }, { default: r4 }] = await Promise.all([
    import('fhirpath'),
    import('fhirpath/fhir-context/r4'),
  ])
  return ({ base, expression: published }) => {
    const key = `${base ?? ''} ${published}`
    const known = compiled.get(key)
    if (known) return known
    if (compiled.size >= MOST_COMPILED) compiled.clear()
    // R4's own rules take `as` for what it is no more: a filter of many.
    const expression = published.replaceAll('.as(', '.ofType(')
    const evaluate = fhirpath.compile(base === undefined ? expression : { base, expression }, r4, {
      async: false,
      // A rule may trace what it reads, which no log may hold.
      traceFn: () => {},
    }) as Evaluate
    compiled.set(key, evaluate)
    return evaluate
  }
}

/** The library writes into what it reads, and knows no decimals kept as text. */
const copyOf = (value: unknown): unknown => JSON.parse(stringifyJson(value))

const holds = (result: readonly unknown[]): boolean => result.length === 1 && result[0] === true

/** A rule on a resource or element that occurs twice, in the element and in its slice, is one rule. */
const distinct = (rules: readonly Rule[]): Rule[] => [
  ...new Map(rules.map((rule) => [`${rule.key} ${rule.on.expression} ${rule.expression}`, rule])).values(),
]

/** Evaluates the rules that were noted. FHIRPath is loaded when there is the first. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
export const brokenRules = async (resource: Resource, noted: readonly Rule[]): Promise<Finding[]> => {
  if (!noted.length) return []
  const compile = await compilerOf()
  const whole = copyOf(resource)
  const copies = new Map<unknown, unknown>([[resource, whole]])
  const copied = (value: unknown): unknown => {
    if (!copies.has(value)) copies.set(value, copyOf(value))
    return copies.get(value)
  }
  const findings: Finding[] = []
  for (const rule of distinct(noted)) {
    const { key, on, severity, human, profile } = rule
    try {
      const variables = { resource: whole, rootResource: whole }
      if (holds(compile(rule)(copied(on.value), variables))) continue
      findings.push({
        severity,
        code: 'invariant',
        expression: on.expression,
        text: `${on.expression} breaks ${key}: ${human} (${profile})`,
      })
    } catch {
      findings.push({
        severity: 'information',
        code: 'informational',
        expression: on.expression,
        text: `${on.expression} is not checked by ${key}, which cannot be evaluated here (${profile})`,
      })
    }
  }
  return findings
}
