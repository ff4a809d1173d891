const BASE = 'https://careloop.dev/fhir'

/** What the next occurrence of an activity is counted from, on `CarePlan.activity.detail`. */
export const RECURRENCE_ANCHOR = `${BASE}/StructureDefinition/recurrence-anchor`
/** Whether an activity ends when its goals are achieved, on `CarePlan.activity.detail`. */
export const STOP_WHEN_GOAL_ACHIEVED = `${BASE}/StructureDefinition/stop-when-goal-achieved`
/** Which occurrence of which activity a Task is. */
export const RECURRENCE = `${BASE}/StructureDefinition/recurrence`
/** `plan|activity|sequence` */
export const OCCURRENCE = `${BASE}/NamingSystem/occurrence`
