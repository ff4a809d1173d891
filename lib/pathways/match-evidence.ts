import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { ConditionFailed, type Scope } from './conditions.ts'
import { lastInstantOf } from './date-time.ts'
import type { Evidence, Step } from './pathway.ts'
import type { Timing } from './schedule-steps.ts'

/** What shows that a step is done, or how far it has come. */
export interface Proof {
  /** `completed`, or a code of task-business-status */
  result: string
  /** `Type/id` of the candidates that count, earliest first */
  references: readonly string[]
  /** `Type/id/_history/v` of the same */
  versions: readonly string[]
  /** FHIR date or dateTime: when the last of those needed took place */
  date: string
}

export interface Candidates {
  scope: Scope
  /** the patient's resources of a type */
  of(type: string): readonly Resource[]
  timeZone: string
}

interface Counted {
  resource: Resource
  date: string
  at: Instant
}

const countedOf = (
  evidence: Evidence,
  { window, complianceEnd, evidenceUntil }: Timing,
  candidates: Candidates,
): Counted[] => {
  const { scope, timeZone } = candidates
  const instant = (dateTime: string | undefined) => dateTime && lastInstantOf(dateTime, timeZone)
  const from = instant(window?.start)
  const until = evidence.withinWindow ? instant(complianceEnd ?? window?.end) : undefined
  const before = instant(evidenceUntil)
  return candidates.of(evidence.type).flatMap((resource): Counted[] => {
    const about = scope.with({ resource })
    try {
      if (!about.holds(evidence.expression)) return []
      const [date] = about.valuesOf(evidence.date)
      const at = typeof date === 'string' ? instant(date) : undefined
      if (!at || (from && at < from) || (until && at > until) || (before && at >= before)) return []
      return [{ resource, date: date as string, at }]
    } catch (error) {
      // A candidate that cannot be understood proves nothing.
      if (error instanceof ConditionFailed) return []
      throw error
    }
  })
}

const byTime = (a: Counted, b: Counted): number =>
  a.at === b.at ? (a.resource.id! < b.resource.id! ? -1 : 1) : a.at < b.at ? -1 : 1

const proofOf = (evidence: Evidence, timing: Timing, candidates: Candidates): Proof | undefined => {
  const counted = countedOf(evidence, timing, candidates).sort(byTime).slice(0, evidence.count)
  if (counted.length < evidence.count) return undefined
  const references = counted.map(({ resource: { resourceType, id } }) => referenceTo(resourceType, id!))
  return {
    result: evidence.result,
    references,
    versions: counted.map(({ resource }, n) => `${references[n]}/_history/${resource.meta!.versionId}`),
    date: counted.at(-1)!.date,
  }
}

/**
 * What is proven of a step by what is recorded from the start of its window on: that it is done before all else, else what comes
 * first in the definition. Pure.
 */
export const matchEvidence = ({ evidence }: Step, timing: Timing, candidates: Candidates): Proof | undefined => {
  const inOrder = [
    ...evidence.filter(({ result }) => result === 'completed'),
    ...evidence.filter(({ result }) => result !== 'completed'),
  ]
  for (const each of inOrder) {
    const proof = proofOf(each, timing, candidates)
    if (proof) return proof
  }
  return undefined
}
