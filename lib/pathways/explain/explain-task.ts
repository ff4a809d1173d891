import type { Provenance, Reference, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { referenceTo } from '../../fhir.ts'
import { storedClock } from '../../resources/task-clocks.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { dueInstant, isOpen } from '../due.ts'
import { taskTimeZone } from '../task-time-zone.ts'
import { explainRule } from './explain-rule.ts'
import { explainWindow } from './explain-window.ts'
import type { ExplainedChange, ExplainedState, Explanation } from './explanation.ts'

const VERSION = /\/_history\/\d+$/
const withoutVersion = (reference: string): string => reference.replace(VERSION, '')

/** Every reference that stands anywhere in a value. */
const referencesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'reference' && typeof inner === 'string' ? [withoutVersion(inner)] : referencesIn(inner),
  )
}

const nameOf = ({ reference, identifier, type }: Reference): string =>
  reference ?? identifier?.value ?? type ?? 'somebody unnamed'

const codesOf = (concept: Task['statusReason']): string[] =>
  (concept?.coding ?? []).flatMap(({ code }) => (code === undefined ? [] : [code]))

/** The records of what was done to a Task, earliest first. Of what they were decided on only what the Task itself refers to is told. */
const changesOf = async ({ search }: Careloop, reference: string, task: Task): Promise<ExplainedChange[]> => {
  const known = new Set([reference, ...referencesIn(task)])
  const versions = await search.all('Provenance', `target=${encodeURIComponent(reference)}`)
  const records = versions.map((version) => resourceOf(version) as unknown as Provenance)
  return records
    .map(({ id, recorded, activity, reason = [], entity = [], agent, policy = [] }): ExplainedChange => {
      const [code] = codesOf(activity)
      const [rule] = policy
      return {
        at: recorded,
        record: referenceTo('Provenance', id!),
        ...(code && { activity: code }),
        reasons: reason.flatMap(codesOf),
        because: entity.flatMap(({ what }) =>
          what.reference && known.has(withoutVersion(what.reference)) ? [what.reference] : [],
        ),
        ...(rule && { policy: rule }),
        by: agent.map(({ who }) => nameOf(who)),
      }
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.record < b.record ? -1 : 1))
}

const stateOf = (task: Task, isPast: (due: string) => boolean, timeZone: string): ExplainedState => {
  const { status, businessStatus, statusReason, executionPeriod, output = [] } = task
  const due = dueInstant(task, timeZone)
  const [business] = codesOf(businessStatus)
  return {
    status,
    ...(business && { businessStatus: business }),
    reasons: codesOf(statusReason),
    isOpen: isOpen(task),
    isOverdue: isOpen(task) && due !== undefined && isPast(due),
    ...(executionPeriod?.end && { ended: executionPeriod.end }),
    evidence: output.flatMap(({ valueReference }) => valueReference?.reference ?? []),
  }
}

/** Reads all that explains a Task. Of other resources it tells references alone, and only those that stand in the Task. */
export const explainTask = async (careloop: Careloop, version: Version): Promise<Explanation> => {
  const task = resourceOf(version) as unknown as Task
  const reference = referenceTo('Task', version.id)
  const now = careloop.clock.now()
  const timeZone = await taskTimeZone(careloop, task)
  const [rule, changes, first] = await Promise.all([
    explainRule(careloop, task),
    changesOf(careloop, reference, task),
    version.v === 1 ? version : careloop.store.vread('Task', version.id, 1),
  ])
  const window = await explainWindow(careloop, task, rule)
  const creation = changes.find(({ activity }) => activity === 'CREATE')
  const encounter = task.encounter?.reference
  const trigger = creation?.because.find((each) => withoutVersion(each) === encounter)
  return {
    task: `${reference}/_history/${version.v}`,
    ...(rule && { rule: rule.explained }),
    ...(trigger && { trigger }),
    created: {
      at: first?.updated ?? version.updated,
      ...(task.requester && { requester: nameOf(task.requester) }),
    },
    ...(window && { window }),
    rungs: (storedClock(task)?.rungs ?? [])
      .map(({ step, at }) => ({ step, at, passed: at <= now }))
      .sort((a, b) => (a.at < b.at ? -1 : 1)),
    changes,
    state: stateOf(task, (due) => due < now, timeZone),
  }
}
