import type { Resource } from '../../../lib/fhir.ts'
import type { Problem } from '../../../lib/outcome.ts'
import { checkWith } from '../../../lib/resources/check.ts'
import { example } from '../../fhir-profiles/examples.ts'

export const call = 'task-follow-up-call'
export const plan = 'care-plan-transition-home'
export const goal = 'goal-stable-weight'
export const request = 'service-request-food-assistance'

export type Change = (resource: Resource) => void

type Json = Record<string, unknown>

const place = (resource: Resource, path: string): [parent: Json, name: string] => {
  const names = path.split(/[.[\]]+/).filter(Boolean)
  const parent = names.slice(0, -1).reduce<Json>((json, name) => json[name] as Json, resource)
  return [parent, names.at(-1)!]
}

/** Gives the element at a path such as `target[0].dueDate` this value. */
export const set =
  (path: string, value: unknown): Change =>
  (resource) => {
    const [parent, name] = place(resource, path)
    parent[name] = value
  }

export const remove =
  (path: string): Change =>
  (resource) => {
    const [parent, name] = place(resource, path)
    delete parent[name]
  }

export const check = (resource: Resource): Problem[] => checkWith(resource.resourceType)(resource)

/** The problems of one of the project's examples after some changes. */
export const problemsAfter = (name: string, ...changes: Change[]): Problem[] => {
  const resource = example(name)
  for (const change of changes) change(resource)
  return check(resource)
}

/** What is wrong: the code of the issue, where, and how the text goes on from there. */
export type Expected = [code: Problem['code'], expression: string, text: string]

export const problem = ([code, expression, text]: Expected): Problem => ({
  code,
  expression,
  text: `${expression} ${text}`,
})
