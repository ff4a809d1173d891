import type { CodeableConcept, Goal } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, referenceTo } from '../../fhir.ts'
import { versionReference } from '../../pathways/apply.ts'
import { lastInstantOf, localDateOf } from '../../pathways/date-time.ts'
import { provenanceId } from '../../pathways/provenance.ts'
import type { Version } from '../../store/version.ts'
import { GOAL_ACHIEVEMENT } from './codes.ts'

/** What tells the act of the automation that made this version of a Goal. */
export const actOf = (id: string, v: number): string[] => [versionReference(referenceTo('Goal', id), v)]

/** What a person has said of how far a Goal has come. */
export interface Judgement {
  concept: CodeableConcept
  code?: string
  statusDate?: string
  /** when it was passed */
  at: Instant
  /** the version of the Goal it came with */
  v: number
  /** whether it is what the Goal says now */
  isCurrent: boolean
}

const asGoal = ({ content }: Version): Goal => content as unknown as Goal

export const achievementOf = ({ achievementStatus }: Goal): string | undefined =>
  achievementStatus?.coding?.find(({ system }) => system === GOAL_ACHIEVEMENT)?.code

const judgementIn = (version: Version): string => {
  const { achievementStatus, statusDate } = asGoal(version)
  return JSON.stringify([achievementStatus, statusDate])
}

const VERSIONS = 1_000

/**
 * The last that a person has said of a Goal's achievement, in whichever version; undefined when nobody has, or took it back. A status that
 * is given with a new date counts from the end of that day, unless that is the day it was written on.
 */
export const lastJudgement = async (
  { store, tenant: { timeZone } }: Careloop,
  goal: Version,
): Promise<Judgement | undefined> => {
  const { versions } = await store.history('Goal', goal.id, VERSIONS, goal.v + 1)
  const live = versions.filter(({ deleted }) => !deleted)
  const changes = live.filter((version, n) => !live[n + 1] || judgementIn(version) !== judgementIn(live[n + 1]!))
  const ids = changes.map(({ v }) => provenanceId(actOf(goal.id, v)))
  const records = await store.readMany(ids.map((id) => ({ type: 'Provenance', id })))
  const ours = new Set(records.map(({ id }) => id))
  const index = changes.findIndex((_, n) => !ours.has(ids[n]!))
  const theirs = changes[index]
  const { achievementStatus: concept, statusDate } = theirs ? asGoal(theirs) : {}
  if (!theirs || !concept) return undefined
  const former = live[live.indexOf(theirs) + 1]
  const isDated = statusDate !== undefined && (!former || asGoal(former).statusDate !== statusDate)
  const isToday = statusDate === localDateOf(theirs.updated, timeZone)?.toString()
  const at = (isDated && !isToday && lastInstantOf(statusDate, timeZone)) || theirs.updated
  return { concept, code: achievementOf(asGoal(theirs)), statusDate, at, v: theirs.v, isCurrent: index === 0 }
}
