/** The canonical addresses of fhir-profiles. */
const BASE = 'https://careloop.dev/fhir'

/** How much of a worker's attention a case takes: on a Flag, what somebody says of a patient. */
export const CASE_ACUITY = `${BASE}/CodeSystem/case-acuity`
/** On a Task: when it was given to its owner by weight. */
export const ASSIGNED = `${BASE}/StructureDefinition/assigned`
/** Why somebody is or is not chosen for a Task. */
export const ASSIGNMENT_REASON = `${BASE}/CodeSystem/assignment-reason`
