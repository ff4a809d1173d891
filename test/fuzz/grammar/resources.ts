import fc from 'fast-check'
import type { Resource } from '../../../lib/fhir.ts'
import { stringifyJson } from '../../../lib/json.ts'
import { declarations, parametersOf } from '../../../lib/resources/index.ts'
import type { ElementPath } from '../../../lib/search/parameter.ts'
import { example, exampleNames } from '../../fhir-profiles/examples.ts'
import { anyElement, ofDatatype } from './elements.ts'
import { type Mutation, mutated, mutation, textMutation } from './mutate.ts'
import * as values from './values.ts'

type Loose = Record<string, unknown>

/** What a type cannot do without, as the service has it. */
const LEAST: Readonly<Record<string, Loose>> = {
  CarePlan: { status: 'active', intent: 'plan', subject: { reference: 'Patient/amelia' } },
  Goal: { lifecycleStatus: 'active', description: { text: 'Walk' }, subject: { reference: 'Patient/amelia' } },
  Task: { status: 'requested', intent: 'order', for: { reference: 'Patient/amelia' } },
  ServiceRequest: { status: 'active', intent: 'order', subject: { reference: 'Patient/amelia' } },
}

export const leastOf = (type: string): Resource => ({ resourceType: type, ...structuredClone(LEAST[type] ?? {}) })

export const TYPES: readonly string[] = [...declarations.keys()]

const examples: readonly Resource[] = exampleNames.map(example)
const bundled = examples.flatMap(({ entry = [] }) =>
  (entry as { resource?: Resource }[]).flatMap((one) => one.resource ?? []),
)

/** The project's own examples of a type, those in Bundles too. */
export const examplesOf = (type: string): readonly Resource[] =>
  [...examples, ...bundled].filter(({ resourceType }) => resourceType === type)

export const exampleBundles = (type: string): readonly Resource[] =>
  examples.filter((one) => one.resourceType === 'Bundle' && one.type === type)

const place = (resource: Loose, path: ElementPath, value: unknown, repeats: number): void => {
  let parent = resource
  for (const [index, { element, where }] of path.steps.entries()) {
    const isLast = index === path.steps.length - 1
    const isList = ((repeats >> index) & 1) === 1
    if (isLast) parent[element] = isList ? [value] : value
    else {
      const present = parent[element]
      const child = (Array.isArray(present) ? present[0] : present) as Loose | undefined
      const next =
        typeof child === 'object' && child !== null && !JSON.isRawJSON(child)
          ? child
          : { ...(where && { [where.element]: where.equals }) }
      parent[element] = isList ? [next] : next
      parent = next
    }
  }
}

const remembered = <Value>(make: (type: string) => Value): ((type: string) => Value) => {
  const made = new Map<string, Value>()
  return (type) => {
    const known = made.get(type) ?? make(type)
    made.set(type, known)
    return known
  }
}

/** A resource with values where searches look for them. */
const grown = remembered((type: string): fc.Arbitrary<Resource> => {
  const paths = [...parametersOf(type).values()].flatMap(({ paths }) => paths).filter(({ steps }) => steps.length)
  const one = fc.constantFrom(...paths).chain((path) =>
    fc.record({
      path: fc.constant(path),
      value: fc.oneof({ weight: 6, arbitrary: ofDatatype(path.datatype) }, { weight: 1, arbitrary: anyElement }),
      repeats: fc.nat(7),
    }),
  )
  return fc.array(one, { maxLength: 4 }).map((elements) => {
    const resource = leastOf(type)
    for (const { path, value, repeats } of elements) place(resource, path, copyOf(value), repeats)
    return resource
  })
})

const copyOf = (value: unknown): unknown => mutated(value, [])

const base = remembered((type: string): fc.Arbitrary<Resource> => {
  const known = examplesOf(type)
  const plain = fc.constantFrom(leastOf(type), ...known)
  return fc.oneof({ weight: 2, arbitrary: plain }, { weight: 2, arbitrary: grown(type) })
})

const mutations: fc.Arbitrary<Mutation[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Mutation[]>([]) },
  { weight: 3, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(mutation, { minLength: 2, maxLength: 6 }) },
)

/** Valid resources of a type, and what is nearly one. `id`: what it is to be called, where it is to be sent by PUT. */
export const resourceOf = (type: string, id?: string): fc.Arbitrary<unknown> =>
  fc.tuple(base(TYPES.includes(type) ? type : 'Task'), mutations, fc.nat(9)).map(([resource, changes, luck]) => {
    const { id: _id, ...rest } = resource
    return mutated({ ...rest, ...(luck > 0 && id !== undefined ? { id } : luck === 0 && { id: _id }) }, changes)
  })

export const anyType: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('Task', 'CarePlan', 'Goal', 'ServiceRequest', 'Patient', 'Encounter') },
  { weight: 4, arbitrary: fc.constantFrom(...TYPES) },
)

/** JSON text of a body, now and then broken. */
export const written = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc
    .tuple(value, values.seldom(textMutation))
    .map(([made, change]) => (change ? change(stringifyJson(made) ?? '') : (stringifyJson(made) ?? '')))

export const oddBody: fc.Arbitrary<string> = written(values.anyJson)
