import type { Provenance } from 'fhir/r4'
import type { Instant, Resource } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import { AUTOMATION_REASON, software } from './codes.ts'

export interface Automation {
  /** what tells this act of the automation from any other, for the id */
  act: readonly string[]
  /** references of what was created or changed */
  targets: readonly string[]
  /** the version that gave rise to it, `Type/id/_history/v` */
  trigger: string
  /** `url|version` of the plan it followed, if any */
  policy?: string
  activity: 'CREATE' | 'UPDATE'
  reason?: 'overdue' | 'corrected' | 'recomputed-overdue'
}

const DATA_OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation'
const PARTICIPANT_TYPE = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type'

/** Id of the record of an act of the automation: the same act always leaves the same record. */
export const provenanceId = (act: readonly string[]): string => deterministicId('provenance', ...act)

/** The record of what the automation did, by which rule and because of what. https://hl7.org/fhir/R4/provenance.html */
export const provenanceOf = (automation: Automation, now: Instant): Resource => {
  const { act, targets, trigger, policy, activity, reason } = automation
  const provenance: Provenance = {
    resourceType: 'Provenance',
    id: provenanceId(act),
    target: targets.map((reference) => ({ reference })),
    occurredDateTime: now,
    recorded: now,
    ...(policy && { policy: [policy] }),
    ...(reason && { reason: [{ coding: [{ system: AUTOMATION_REASON, code: reason }] }] }),
    activity: { coding: [{ system: DATA_OPERATION, code: activity }] },
    agent: [
      {
        type: { coding: [{ system: PARTICIPANT_TYPE, code: 'assembler' }] },
        who: { type: 'Device', identifier: software },
      },
    ],
    entity: [{ role: 'source', what: { reference: trigger } }],
  }
  return provenance as unknown as Resource
}
