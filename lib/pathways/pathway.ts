import type { CodeableConcept, Task } from 'fhir/r4'
import type { StepRecurrence } from '../follow-up/recurrence/step-recurrence.ts'
import type { WithdrawalReason } from './codes.ts'
import type { Ladder } from './ladder.ts'
import type { Phase } from './phases.ts'
import type { Delay, Offset } from './window.ts'

export { readPathway } from './read-pathway.ts'

/** A PlanDefinition as the engine runs it. All expressions are FHIRPath. */
export interface Pathway {
  url: string
  /** `url|version` */
  canonical: string
  /** `PlanDefinition/<id>/_history/<v>`: the stored version it was read from, when the tenant keeps it */
  source?: string
  title: string
  categories: readonly CodeableConcept[]
  trigger: Phase
  /** gives the date or dateTime that windows are counted from; the phase's own when absent */
  anchor?: string
  /** all must hold */
  conditions: readonly string[]
  stops: readonly Stop[]
  /** what the expressions look at, by variable */
  inputs: readonly Input[]
  /** how long it runs from its anchor */
  duration: Offset
  steps: readonly Step[]
  /** the variables that its expressions name */
  names: ReadonlySet<string>
  /** the types of which it looks at the patient's resources to decide whether it applies */
  startTypes: ReadonlySet<string>
  /** these, and those that evidence is sought among */
  types: ReadonlySet<string>
}

/** When `expression` holds, everything open is withdrawn for `reason`. */
export interface Stop {
  expression: string
  reason: WithdrawalReason
}

/** The patient's resources of one type, as the FHIRPath variable `%name`. */
export interface Input {
  name: string
  type: string
  /** search parameters with the values (`code`, `system|code`) they may have */
  codes: readonly { name: string; values: readonly string[] }[]
  /** a search parameter whose date is not longer than this before the anchor */
  since?: { parameter: string; before: Offset }
}

/** An action that becomes a Task. */
export interface Step {
  id: string
  title: string
  description?: string
  code: CodeableConcept
  priority: NonNullable<Task['priority']>
  performerType: readonly CodeableConcept[]
  conditions: readonly string[]
  offset?: Delay
  /** how it comes again and again; each time is an occurrence, a step of its own */
  recurrence?: StepRecurrence
  /** which time it is, of a step that recurs */
  occurrence?: StepOccurrence
  /** when what counts ends, if not when it is due */
  compliance?: Delay
  /** due no later than these steps, or than the step taken of these groups */
  noLaterThan: readonly string[]
  /** to be taken only when this step, or one of this group, is done, and due so long after that */
  after?: { step: string; offset?: Delay }
  /** id of the group of which only the first step that applies is taken */
  oneOf?: string
  /** whether its clock stands still while the patient is on leave or the plan is on hold */
  pausable: boolean
  /** nobody's work: it only records what the evidence says */
  unattended: boolean
  evidence: readonly Evidence[]
  /** in place of the tenant's ladder */
  ladder?: Ladder
  dynamicValues: readonly DynamicValue[]
}

/** One time of a step that recurs, as it stands in a plan. */
export interface StepOccurrence {
  /** id of the step that recurs */
  of: string
  /** from 1 */
  sequence: number
  /** whether it has begun, or follows one that is closed */
  isAskedFor: boolean
  /** FHIR dateTimes */
  window?: { start: string; end: string }
  /** FHIR dateTime: what is done from then on is evidence of the next */
  nextFrom?: string
  /** the sequence numbers, first and last, that were left out before it */
  skipped?: readonly [first: number, last: number]
}

/** What shows that a step is done, or how far it has come. */
export interface Evidence {
  /** resource type of the candidates */
  type: string
  /** true for a candidate, `%resource`, that counts */
  expression: string
  /** gives the date or dateTime of a candidate */
  date: string
  /** how many candidates it takes */
  count: number
  /** whether only those count that are not after the end of the compliance window */
  withinWindow: boolean
  /** `completed`, or a code of task-business-status */
  result: string
}

export interface DynamicValue {
  /** a root element of Task */
  path: string
  expression: string
}
