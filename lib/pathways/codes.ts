import type { CodeableConcept, Extension, Identifier } from 'fhir/r4'

/** The canonical addresses of fhir-profiles. */
const BASE = 'https://careloop.dev/fhir'

export const CARE_TASK_TYPE = `${BASE}/CodeSystem/care-task-type`
export const TASK_BUSINESS_STATUS = `${BASE}/CodeSystem/task-business-status`
export const TASK_CLOCK_STEP = `${BASE}/CodeSystem/task-clock-step`
export const COMMUNICATION_CATEGORY = `${BASE}/CodeSystem/communication-category`
/** What the automation gives a Task as its output. */
export const TASK_OUTPUT = `${BASE}/CodeSystem/task-output`
export const AUTOMATION_REASON = `${BASE}/CodeSystem/automation-reason`
export const PROGRAMME = `${BASE}/CodeSystem/programme`
/** What has become of a step of a transition, as $transition-report counts it. */
export const TRANSITION_STATE = `${BASE}/CodeSystem/transition-state`

export const BUSINESS_DAYS = `${BASE}/StructureDefinition/business-days`
export const BUSINESS_HOURS = `${BASE}/StructureDefinition/business-hours`
export const COUNT_ANCHOR_DAY = `${BASE}/StructureDefinition/count-anchor-day`
export const ROLL_FORWARD = `${BASE}/StructureDefinition/roll-forward`
export const TASK_CLOCK = `${BASE}/StructureDefinition/task-clock`
export const PAUSABLE = `${BASE}/StructureDefinition/pausable`
export const ESCALATION = `${BASE}/StructureDefinition/escalation`
export const WINDOW_ANCHOR = `${BASE}/StructureDefinition/window-anchor`
export const STOP = `${BASE}/StructureDefinition/stop`
export const COMPLIANCE_WINDOW = `${BASE}/StructureDefinition/compliance-window`
export const EVIDENCE = `${BASE}/StructureDefinition/evidence`
/** One step of one transition, in the line list of a report. */
export const TRANSITION_LINE = `${BASE}/StructureDefinition/transition-line`
/** Where the next page of a report is. */
export const NEXT_PAGE = `${BASE}/StructureDefinition/next-page`
export const UNATTENDED = `${BASE}/StructureDefinition/unattended`
/** The due date as the pathway counted it, on restriction.period: an end that differs is one that somebody agreed on. */
export const COUNTED_DUE = `${BASE}/StructureDefinition/counted-due`
/** Why the automation revoked a plan, for which R4 has no element. */
export const STATUS_REASON = `${BASE}/StructureDefinition/plan-status-reason`
/** When a plan may ask for the next occurrence of something that recurs, on CarePlan. */
export const NEXT_OCCURRENCE = `${BASE}/StructureDefinition/next-occurrence`
const BUSINESS_CALENDAR = `${BASE}/StructureDefinition/business-calendar`

/** Identifies all the work that one trigger gave rise to. */
const TASK_GROUP = `${BASE}/NamingSystem/task-group`
const SOFTWARE = `${BASE}/NamingSystem/software`

export const groupIdentifier = (value: string): Identifier => ({ system: TASK_GROUP, value })

/** Careloop itself, as the agent of what it does by rule. */
export const software: Identifier = { system: SOFTWARE, value: 'careloop' }

/** Which calendar of business days a due date was counted by. */
export const businessCalendar = (version: string): Extension => ({ url: BUSINESS_CALENDAR, valueString: version })

export type BusinessStatus = 'new' | 'assigned' | 'due-soon' | 'overdue' | 'escalated' | 'attempts-met' | 'window-ended'

export const businessStatus = (code: BusinessStatus): CodeableConcept => ({
  coding: [{ system: TASK_BUSINESS_STATUS, code }],
})

/** The reasons for which a plan and its open Tasks are withdrawn, and what they say to people. */
export const WITHDRAWALS = {
  'discharge-undone': 'The discharge or visit that gave rise to it was taken back.',
  'encounter-cancelled': 'The encounter that gave rise to it was cancelled or entered in error.',
  readmitted: 'A new hospital stay began.',
  deceased: 'The patient died.',
  'opted-out': 'The patient does not want the programme.',
  hospice: 'The patient receives hospice care.',
  'left-for-facility': 'The patient went on to another facility.',
  'no-longer-applies': 'What it was made for is not so any more.',
  'patient-merged': 'The record of the patient was merged into another.',
} as const

export type WithdrawalReason = keyof typeof WITHDRAWALS

export const isWithdrawalReason = (code: string | undefined): code is WithdrawalReason =>
  code !== undefined && Object.hasOwn(WITHDRAWALS, code)

/** Why the automation changes something: all of fhir-profiles/code-systems/automation-reason.json. */
export const AUTOMATION_REASONS = [
  'corrected',
  'recomputed-overdue',
  'rescheduled',
  'reminder',
  'due-soon',
  'overdue',
  'escalated',
  'window-missed',
  'attempts-met',
  'window-ended',
  'plan-ended',
  'original-closed',
  'plan-on-hold',
  'assigned',
  'notified',
  'referral-sent',
  'referral-answered',
  'referral-ended',
  'referral-reviewed',
  'rolled-up',
  'at-capacity',
  'no-candidate',
  'consent-missing',
  'consent-withdrawn',
  'consent-given',
  'contact-attempted',
  'reached',
  'unable-to-reach',
  'request-revoked',
  'goal-evaluated',
  'plan-active',
  'recurrence',
  'plan-review',
  'message-received',
  ...(Object.keys(WITHDRAWALS) as WithdrawalReason[]),
] as const

export type AutomationReason = (typeof AUTOMATION_REASONS)[number]

export const hasCode = (concept: CodeableConcept | undefined, system: string, code: string): boolean =>
  concept?.coding?.some((coding) => coding.system === system && coding.code === code) ?? false
