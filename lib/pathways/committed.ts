import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import type { Write } from '../store/plan-write.ts'
import { versionReference } from './apply.ts'
import type { AutomationReason } from './codes.ts'
import { creation, type Decision, nothing } from './commit.ts'
import type { Place } from './place.ts'
import { provenanceOf } from './provenance.ts'

/** What a look at a plan has come to. */
export interface Commitment {
  outcome: string
  activity: 'CREATE' | 'UPDATE'
  writes: readonly Write[]
  reasons: readonly AutomationReason[]
  sources?: readonly string[]
  /** what is created beside, and has a Provenance of its own */
  others?: readonly Resource[]
}

/** The writes with the one record of them all. */
export const committed = ({ clock }: Careloop, place: Place, commitment: Commitment): Decision => {
  const { outcome, activity, writes, reasons, sources = [], others = [] } = commitment
  if (!writes.length) return nothing('unchanged')
  const { pathway, stay, reference } = place
  const targets = writes.map(({ type, id }) => referenceTo(type, id))
  const versions = writes.map(({ base }, n) => versionReference(targets[n]!, (base?.v ?? 0) + 1))
  // A correction that puts a due date into the past says more than that it is one.
  const distinct = new Set(reasons)
  if (distinct.has('recomputed-overdue')) distinct.delete('corrected')
  const provenance = provenanceOf(
    {
      act: place.plan ? [referenceTo('CarePlan', place.plan.id), ...versions] : [reference, pathway.url],
      targets,
      trigger: versionReference(reference, stay.version.v),
      sources: [...new Set(sources)],
      policy: pathway.canonical,
      activity,
      reasons: [...distinct],
    },
    clock.now(),
  )
  return { outcome, writes: [...writes, ...[...others, provenance].map(creation)] }
}
