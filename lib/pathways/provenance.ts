import type { Provenance } from 'fhir/r4'
import type { Instant, Resource } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import { AUTOMATION_REASON, type AutomationReason, software } from './codes.ts'

export type { AutomationReason }

export interface Automation {
  /** what tells this act of the automation from any other, for the id */
  act: readonly string[]
  /** references of what was created or changed */
  targets: readonly string[]
  /** the version that gave rise to it, `Type/id/_history/v`; none for what only the settings call for */
  trigger?: string
  /** other versions it was decided on */
  sources?: readonly string[]
  /** `url|version` of the plan it followed, if any */
  policy?: string
  /** none when it was decided that nothing is to be done */
  activity?: 'CREATE' | 'UPDATE'
  reason?: AutomationReason
  /** when it has several reasons */
  reasons?: readonly AutomationReason[]
}

const DATA_OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation'
const PARTICIPANT_TYPE = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type'

/** Id of the record of an act of the automation: the same act always leaves the same record. */
export const provenanceId = (act: readonly string[]): string => deterministicId('provenance', ...act)

/** The record of what the automation did, by which rule and because of what. https://hl7.org/fhir/R4/provenance.html */
export const provenanceOf = (automation: Automation, now: Instant): Resource => {
  const { act, targets, trigger, sources = [], policy, activity, reason, reasons = reason ? [reason] : [] } = automation
  const entities = trigger === undefined ? sources : [trigger, ...sources]
  const provenance: Provenance = {
    resourceType: 'Provenance',
    id: provenanceId(act),
    target: targets.map((reference) => ({ reference })),
    occurredDateTime: now,
    recorded: now,
    ...(policy && { policy: [policy] }),
    ...(reasons.length && {
      reason: reasons.map((code) => ({ coding: [{ system: AUTOMATION_REASON, code }] })),
    }),
    ...(activity && { activity: { coding: [{ system: DATA_OPERATION, code: activity }] } }),
    agent: [
      {
        type: { coding: [{ system: PARTICIPANT_TYPE, code: 'assembler' }] },
        who: { type: 'Device', identifier: software },
      },
    ],
    ...(entities.length && { entity: entities.map((reference) => ({ role: 'source', what: { reference } })) }),
  }
  return provenance as unknown as Resource
}
