import type { Goal, Observation } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { patientOf } from '../../events/contract.ts'
import { type Instant, referenceTo } from '../../fhir.ts'
import { lastInstantOf, localDateOf, startOfDay } from '../../pathways/date-time.ts'
import type { Version } from '../../store/version.ts'
import type { GoalFacts, Reading } from './evaluate-goal.ts'
import { comparable, type Target, targetsOf } from './goal-target.ts'
import { type MeasuredValue, measuredIn } from './measured-value.ts'

/** The statuses whose value may be acted on. https://hl7.org/fhir/R4/valueset-observation-status.html */
const RECORDED: readonly string[] = ['final', 'amended', 'corrected']

/** So many Observations of the measures of one Goal a patient may have. */
const MOST = 10_000

/** All that bears on a Goal. */
export interface Found {
  facts: GoalFacts
  /** the Observations of its measures, by `Observation/id`, also those that do not count */
  observations: ReadonlyMap<string, Version>
  /** those among them, in order of time, whose value cannot be compared with a target */
  unreadable: readonly string[]
}

const LIFECYCLES: readonly string[] = ['accepted', 'active', 'completed']

/** Whether a Goal is evaluated: people have agreed on it and not given it up. https://hl7.org/fhir/R4/valueset-goal-status.html */
export const isEvaluated = ({ lifecycleStatus }: Goal): boolean => LIFECYCLES.includes(lifecycleStatus)

/** The moment a value belongs to; a date alone counts with its last second. */
const momentOf = ({ effectiveDateTime, effectiveInstant, effectivePeriod, issued }: Observation, timeZone: string) => {
  const moment = effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.end ?? effectivePeriod?.start ?? issued
  return moment === undefined ? undefined : lastInstantOf(moment, timeZone)
}

interface Read {
  reading: Reading
  isReadable: boolean
}

const readingOf = (version: Version, targets: readonly Target[], timeZone: string): Read => {
  const observation = version.content as unknown as Observation
  const values = new Map<number, MeasuredValue>()
  let isReadable = true
  for (const target of targets) {
    const measured = measuredIn(observation, target.measure)
    const value = measured && comparable(target, measured)
    if (value) values.set(target.index, value)
    else if (measured) isReadable = false
  }
  const at = momentOf(observation, timeZone) ?? version.updated
  return { reading: { reference: referenceTo('Observation', version.id), at, values }, isReadable }
}

/** Where a Goal begins: with its start date, else with the day it was first heard of. */
const startOf = async ({ store, tenant: { timeZone } }: Careloop, goal: Goal): Promise<Instant> => {
  const stated = goal.startDate && localDateOf(goal.startDate, timeZone)
  const first = stated ? undefined : await store.vread('Goal', goal.id!, 1)
  const date = stated || localDateOf(first?.updated ?? goal.meta!.lastUpdated!, timeZone)!
  return lastInstantOf(startOfDay(date, timeZone), timeZone)!
}

/** What is stored that a Goal is evaluated by; undefined when nothing could be: it is nobody's, or has no target with measure and detail. */
export const readFacts = async (careloop: Careloop, goal: Goal): Promise<Found | undefined> => {
  const { search, tenant, clock } = careloop
  const patient = patientOf(goal.subject)
  const targets = targetsOf(goal, tenant.timeZone)
  if (!patient || !targets.length) return undefined
  const codes = [...new Set(targets.flatMap(({ measure }) => measure))].map(escaped).map(encodeURIComponent)
  const query = `patient=${encodeURIComponent(patient)}&combo-code=${codes.join()}`
  const versions = await search.all('Observation', query, MOST)
  const recorded = versions.filter(({ content }) => RECORDED.includes(String(content.status)))
  const reads = recorded.map((version) => readingOf(version, targets, tenant.timeZone))
  const start = await startOf(careloop, goal)
  const unreadable = reads.filter(({ isReadable, reading }) => !isReadable && reading.at >= start)
  return {
    facts: {
      targets,
      hasOthers: targets.length < (goal.target ?? []).length,
      readings: reads.map(({ reading }) => reading).filter(({ values }) => values.size > 0),
      start,
      now: goal.lifecycleStatus === 'completed' ? undefined : clock.now(),
    },
    observations: new Map(versions.map((version) => [referenceTo('Observation', version.id), version])),
    unreadable: unreadable
      .map(({ reading: { at, reference } }) => ({ at, reference }))
      .sort((a, b) => (a.at + a.reference < b.at + b.reference ? -1 : 1))
      .map(({ reference }) => reference),
  }
}

/** A code as a value of a search parameter: the bar between system and code stays. https://hl7.org/fhir/R4/search.html#escaping */
const escaped = (code: string): string => code.replace(/[\\,$]/g, '\\$&')
