import type { Resource } from '../fhir.ts'
import { isObject } from '../json.ts'
import type { Problem } from '../outcome.ts'
import { has, inner } from './invariants/rule.ts'
import type { Json } from './schema.ts'

/** What in a resource refers to what it contains, or from there to itself. */
interface Local {
  /** every text such as `#device` */
  named: Set<string>
  /** the references among them, with the place of each */
  references: { to: string; expression: string }[]
}

const gather = (value: object, expression: string, found: Local): Local => {
  const isList = Array.isArray(value)
  for (const name in value) {
    const one = (value as Json)[name]
    const isLocal = typeof one === 'string' && one.startsWith('#')
    if (!isLocal && (typeof one !== 'object' || one === null)) continue
    const place = isList ? `${expression}[${name}]` : `${expression}.${name}`
    if (!isLocal) gather(one as object, place, found)
    else {
      found.named.add(one)
      if (name === 'reference') found.references.push({ to: one, expression: place })
    }
  }
  return found
}

/** Most resources hold nothing of the kind, and are not to pay for those that do. */
const hasLocal = (value: object): boolean => {
  for (const name in value) {
    const one = (value as Json)[name]
    if (typeof one === 'string' ? one.startsWith('#') : typeof one === 'object' && one !== null && hasLocal(one))
      return true
  }
  return false
}

const TO_THE_WHOLE = '#'

/** What is wrong with each contained resource, if anything. https://hl7.org/fhir/R4/references.html#contained */
const faultsOf = (contained: Json, named: ReadonlySet<string>, seen: Set<string>): string[] => {
  const { id } = contained
  const meta = inner(contained, 'meta')
  const faults: string[] = []
  if (has(contained, 'contained')) faults.push('must not contain resources itself (dom-2)')
  if (has(meta, 'versionId') || has(meta, 'lastUpdated'))
    faults.push('must not have a meta.versionId or meta.lastUpdated (dom-4)')
  if (has(meta, 'security')) faults.push('must not have a meta.security (dom-5)')
  if (!named.has(`#${id}`) && !gather(contained, '', { named: new Set(), references: [] }).named.has(TO_THE_WHOLE))
    faults.push('must be referred to by its id in the resource, or refer to the resource as # (dom-3)')
  if (typeof id === 'string' && seen.has(id)) faults.push('must not have the id of another contained resource')
  seen.add(id as string)
  return faults
}

/** What is wrong with how a resource and what it contains refer to each other: the constraints dom-2 to dom-5, and ref-1. */
export const containedProblems = (resource: Resource): Problem[] => {
  const { resourceType: type } = resource
  if (resource.contained === undefined && !hasLocal(resource)) return []
  const contained = Array.isArray(resource.contained) ? (resource.contained as unknown[]) : []
  const { named, references } = gather(resource, type, { named: new Set(), references: [] })
  const targets = new Set([TO_THE_WHOLE, ...contained.map((one) => `#${isObject(one) ? one.id : ''}`)])
  const dangling = references.filter(({ to }) => !targets.has(to))
  const seen = new Set<string>()
  return [
    ...contained.flatMap((one, index) => {
      const expression = `${type}.contained[${index}]`
      const faults = isObject(one) ? faultsOf(one, named, seen) : []
      return faults.map((fault): Problem => ({ code: 'invariant', text: `${expression} ${fault}`, expression }))
    }),
    ...dangling.map(
      ({ expression }): Problem => ({
        code: 'invariant',
        text: `${expression} must be the id of a contained resource (ref-1)`,
        expression,
      }),
    ),
  ]
}
