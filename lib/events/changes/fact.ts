import type { Resource } from '../../fhir.ts'
import { FACT_TYPES, patientOf } from '../contract.ts'
import type { ChangeRules } from './change-rules.ts'

/** Every type of fact says whom it is about in one of these, the first of them that is there. */
const subjectOf = ({ subject, patient, for: whom, beneficiary, participant }: Resource): string | undefined => {
  const actors = Array.isArray(participant) ? participant.map((each: { actor?: unknown }) => each?.actor) : []
  return [subject, patient, whom, beneficiary, ...actors].map(patientOf).find((reference) => reference !== undefined)
}

/** Pathways look again when one of these is written or deleted. */
export const factRules = (type: string): ChangeRules => ({
  type,
  patient: subjectOf,
  changed: (_before, after) => (subjectOf(after) ? [{ name: 'fact-recorded', state: { type } }] : []),
  removed: (before) => (subjectOf(before) ? [{ name: 'fact-recorded', state: { type } }] : []),
})

export const facts: readonly ChangeRules[] = FACT_TYPES.map(factRules)
