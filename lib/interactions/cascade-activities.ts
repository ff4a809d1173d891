import type { CarePlan } from 'fhir/r4'
import { referenceTo } from '../fhir.ts'
import { declarations } from '../resources/index.ts'
import { isFinal } from '../resources/lifecycle/lifecycle.ts'
import { MOST_WRITES } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import type { Cause, Scene } from './cascade-cause.ts'

/** The types of activity that have a state of their own here. */
const ACTIVITY = /^(Task|ServiceRequest)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/.*)?$/

export interface Activities {
  tasks: Version[]
  requests: Version[]
}

const listedIn = (plan: CarePlan): { type: string; id: string }[] =>
  (plan.activity ?? []).flatMap(({ reference }) => {
    const [, type, id] = ACTIVITY.exec(reference?.reference ?? '') ?? []
    return type !== undefined && id !== undefined ? [{ type, id }] : []
  })

/** Not in a state that is final. */
export const isOpen = ({ type, content }: Version): boolean => {
  const lifecycle = declarations.get(type)!.lifecycle!
  return !isFinal(lifecycle, String(content[lifecycle.element]))
}

/**
 * The open activities of a plan: the Tasks and ServiceRequests that it lists, before the change or after it, and those that say they are
 * based on it.
 */
export const openActivities = async (
  { careloop: { store, search }, untouched }: Scene,
  { base, after }: Pick<Cause, 'base' | 'after'>,
): Promise<Activities> => {
  const plan = referenceTo(base.type, base.id)
  const listed = [base.content, after].flatMap((content) => listedIn(content as unknown as CarePlan))
  const references = [...new Map(listed.map((target) => [referenceTo(target.type, target.id), target])).values()]
  const found = await Promise.all([
    references.length ? store.readMany(references) : [],
    search.all('Task', `based-on=${plan}`, MOST_WRITES),
    search.all('ServiceRequest', `based-on=${plan}`, MOST_WRITES),
  ])
  const open = untouched(found.flat()).filter(isOpen)
  return { tasks: open.filter(({ type }) => type === 'Task'), requests: open.filter(({ type }) => type !== 'Task') }
}
