/** True when the event matches. */
export type Matcher = (event: unknown) => boolean

/** Tests the values found at one field; none when the field is absent. */
type FieldMatcher = (values: readonly unknown[]) => boolean
type ValueTest = (value: unknown) => boolean

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

const isLeaf = (value: unknown): boolean => !isObject(value) && !Array.isArray(value)

const anyOf =
  (test: ValueTest): FieldMatcher =>
  (values) =>
    values.some(test)

const unknown = (what: string): Error =>
  new Error(`the one-machine runtime does not match ${what} in event patterns; teach it in local/event-pattern.ts`)

const prefixTest = (prefix: unknown): ValueTest => {
  if (typeof prefix !== 'string') throw unknown(`the prefix ${JSON.stringify(prefix)}`)
  return (value) => typeof value === 'string' && value.startsWith(prefix)
}

const anythingBut = (excluded: unknown): FieldMatcher => {
  if (isObject(excluded)) {
    const { prefix, ...others } = excluded
    if (Object.keys(others).length) throw unknown(`anything-but ${Object.keys(others).join(', ')}`)
    const hasPrefix = prefixTest(prefix)
    return anyOf((value) => isLeaf(value) && !hasPrefix(value))
  }
  const list = Array.isArray(excluded) ? excluded : [excluded]
  return anyOf((value) => isLeaf(value) && !list.includes(value))
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
}

/** `[">", 0, "<=", 5]`: all must hold. */
const numeric = (conditions: unknown): FieldMatcher => {
  const list = Array.isArray(conditions) ? conditions : []
  const tests = Array.from({ length: Math.ceil(list.length / 2) }, (_, index): ((value: number) => boolean) => {
    const [operator, bound] = [list[2 * index], list[2 * index + 1]]
    const comparison = COMPARISONS[String(operator)]
    if (!comparison || typeof bound !== 'number') throw unknown(`numeric ${JSON.stringify(conditions)}`)
    return (value) => comparison(value, bound)
  })
  if (!tests.length) throw unknown(`numeric ${JSON.stringify(conditions)}`)
  return anyOf((value) => typeof value === 'number' && tests.every((test) => test(value)))
}

const OPERATORS: Readonly<Record<string, (argument: unknown) => FieldMatcher>> = {
  prefix: (argument) => anyOf(prefixTest(argument)),
  // Of leaves only: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
  exists: (argument) => (values) => values.some(isLeaf) === (argument === true),
  'anything-but': anythingBut,
  numeric,
}

const fieldMatcher = (alternative: unknown): FieldMatcher => {
  if (Array.isArray(alternative)) throw unknown('a list within a list')
  if (!isObject(alternative)) return anyOf((value) => value === alternative)
  const [[operator, argument] = ['', undefined], ...more] = Object.entries(alternative)
  const build = OPERATORS[operator]
  if (!build || more.length) throw unknown(`the operator ${Object.keys(alternative).join(', ') || '{}'}`)
  return build(argument)
}

const valuesOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value.flatMap(valuesOf) : [value]

/**
 * The matcher of an EventBridge event pattern or a Lambda event filter: exact values, `prefix`, `exists`, `anything-but` and
 * `numeric`. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 * @throws Error on any other operator, since a rule that is read wrongly fails silently
 */
export const eventMatcher = (pattern: unknown): Matcher => {
  if (!isObject(pattern)) throw unknown(`the pattern ${JSON.stringify(pattern)}`)
  const fields = Object.entries(pattern).map(([name, expected]): Matcher => {
    if (name.startsWith('$')) throw unknown(`the operator ${name}`)
    if (Array.isArray(expected)) {
      const alternatives = expected.map(fieldMatcher)
      return (event) => {
        const values = isObject(event) ? valuesOf(event[name]) : []
        return alternatives.some((matches) => matches(values))
      }
    }
    const nested = eventMatcher(expected)
    // With a list of objects, one of them must match by itself; with none, only "exists": false can hold.
    return (event) => {
      const values = isObject(event) ? valuesOf(event[name]) : []
      return values.length ? values.some(nested) : nested({})
    }
  })
  return (event) => fields.every((matches) => matches(event))
}
