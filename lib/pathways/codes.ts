import type { CodeableConcept, Extension, Identifier } from 'fhir/r4'

/** The canonical addresses of fhir-profiles. */
const BASE = 'https://careloop.dev/fhir'

export const CARE_TASK_TYPE = `${BASE}/CodeSystem/care-task-type`
export const TASK_BUSINESS_STATUS = `${BASE}/CodeSystem/task-business-status`
export const AUTOMATION_REASON = `${BASE}/CodeSystem/automation-reason`

export const BUSINESS_DAYS = `${BASE}/StructureDefinition/business-days`
export const COUNT_ANCHOR_DAY = `${BASE}/StructureDefinition/count-anchor-day`
export const ROLL_FORWARD = `${BASE}/StructureDefinition/roll-forward`
const BUSINESS_CALENDAR = `${BASE}/StructureDefinition/business-calendar`

/** Identifies all the work that one trigger gave rise to. */
const TASK_GROUP = `${BASE}/NamingSystem/task-group`
const SOFTWARE = `${BASE}/NamingSystem/software`

export const groupIdentifier = (value: string): Identifier => ({ system: TASK_GROUP, value })

/** Careloop itself, as the agent of what it does by rule. */
export const software: Identifier = { system: SOFTWARE, value: 'careloop' }

/** Which calendar of business days a due date was counted by. */
export const businessCalendar = (version: string): Extension => ({ url: BUSINESS_CALENDAR, valueString: version })

export type BusinessStatus = 'new' | 'assigned' | 'overdue'

export const businessStatus = (code: BusinessStatus): CodeableConcept => ({
  coding: [{ system: TASK_BUSINESS_STATUS, code }],
})

export const hasCode = (concept: CodeableConcept | undefined, system: string, code: string): boolean =>
  concept?.coding?.some((coding) => coding.system === system && coding.code === code) ?? false
