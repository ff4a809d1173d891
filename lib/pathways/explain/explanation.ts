import type { Timing } from 'fhir/r4'
import type { LocalDate } from '../date-time.ts'
import type { Delay } from '../window.ts'

/** A condition of the rule that asked for a Task. */
export interface ExplainedCondition {
  /** whether it is the whole plan's or the step's own */
  of: 'plan' | 'step'
  /** what its author says it means */
  description?: string
  /** FHIRPath */
  expression: string
  /** whether it holds on what is stored now; undefined when that cannot be told */
  holds?: boolean
}

export interface ExplainedRule {
  title: string
  /** `url|version` */
  canonical: string
  /** `PlanDefinition/<id>/_history/<v>`, when the tenant keeps it */
  source?: string
  /** undefined: the version that the Task was made by is kept no more, or has no such step */
  step?: { id: string; title: string }
  /** the phase of an Encounter that it is for; undefined: its definition is not kept, or is for other software */
  phase?: string
  conditions: readonly ExplainedCondition[]
  /** what would have it withdrawn: codes of automation-reason. Whether one holds is not told. */
  stops: readonly string[]
  /** what it looks at, by the name of the variable */
  inputs: readonly { name: string; type: string }[]
  /** of a step that recurs: how, and which time it is */
  recurrence?: ExplainedRecurrence
  /** steps that it follows or must be done no later than, and the group it was chosen from */
  after?: string
  noLaterThan: readonly string[]
  oneOf?: string
}

export interface ExplainedRecurrence {
  /** from 1 */
  sequence: number
  timing: Timing
  /** code of recurrence-anchor */
  anchor: 'fixed' | 'floating'
}

export interface ExplainedWindow {
  /** FHIR date or dateTime that it is counted from */
  anchor?: string
  timeZone: string
  start?: string
  due: string
  /** how long after the anchor it is due */
  delay?: Delay
  /** the due date as the rule counted it, where somebody has agreed on another */
  counted?: string
  /** when what counts for the programme ends */
  complianceEnd?: string
  /** name and version of the calendar of business days it was counted by */
  calendar?: string
  /** days between that are no business days though they are no weekend, where business time is counted */
  holidays: readonly LocalDate[]
}

export interface ExplainedChange {
  /** Instant */
  at: string
  /** `Provenance/id` */
  record: string
  activity?: string
  /** codes of automation-reason */
  reasons: readonly string[]
  /** what it was decided on, `Type/id/_history/v`, as far as the Task refers to it */
  because: readonly string[]
  /** `url|version` */
  policy?: string
  by: readonly string[]
}

export interface ExplainedRung {
  step: string
  at: string
  /** whether its instant has passed */
  passed: boolean
}

export interface ExplainedState {
  status: string
  businessStatus?: string
  /** codes */
  reasons: readonly string[]
  isOpen: boolean
  isOverdue: boolean
  /** FHIR date or dateTime */
  ended?: string
  /** references of what closed it, or shows how far it has come */
  evidence: readonly string[]
}

/** Why a Task is there, why it is due when it is, and how it came to be as it is. */
export interface Explanation {
  /** `Task/id/_history/v` */
  task: string
  rule?: ExplainedRule
  /** `Encounter/id/_history/v` */
  trigger?: string
  /** of one that no rule made */
  created: { at: string; requester?: string }
  window?: ExplainedWindow
  rungs: readonly ExplainedRung[]
  changes: readonly ExplainedChange[]
  state: ExplainedState
}
