// What plans, goals, Tasks and attempts to reach somebody carry, and R4 has no element for.

Extension: Assigned
Id: assigned
Title: "Assigned"
Description: "When the Task was given to its owner by weight."
Context: Task
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only instant

Extension: BusinessCalendar
Id: business-calendar
Title: "Business calendar"
Description: "The calendar of business days by which a due date was counted, e.g. us-federal, with a digest of the days a tenant has added."
Context: Period
* insert Published(2026-11-22)
* . 0..1
* value[x] 1..
* value[x] only string

Extension: ContactLadder
Id: contact-ladder
Title: "Contact ladder"
Description: "What came of the attempts to reach the client, and when to try next. Careloop keeps it up to date."
Context: Task
* insert Published(2026-11-23)
* . 0..1
* extension contains attempts 1..1 and counted 1..1 and next-day-part 0..1 and next-from 0..1 and next-by 0..1
* extension[attempts] ^short = "Attempts that came to nothing"
* extension[attempts].value[x] 1..
* extension[attempts].value[x] only unsignedInt
* extension[counted] ^short = "Those of them that count: on different days and, as far as there are, parts of the day"
* extension[counted].value[x] 1..
* extension[counted].value[x] only unsignedInt
* extension[next-day-part] ^short = "The part of the day that was tried least"
* extension[next-day-part].value[x] 1..
* extension[next-day-part].value[x] only code
* extension[next-day-part].value[x] from https://careloop.dev/fhir/ValueSet/day-part (required)
* extension[next-from] ^short = "The first day of the next attempt"
* extension[next-from].value[x] 1..
* extension[next-from].value[x] only date
* extension[next-by] ^short = "The last day by which the attempts should be made"
* extension[next-by].value[x] 1..
* extension[next-by].value[x] only date

Extension: ContactOutcome
Id: contact-outcome
Title: "Contact outcome"
Description: "What came of an attempt to reach the patient or a caregiver."
Context: Communication
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only code
* value[x] from https://careloop.dev/fhir/ValueSet/contact-outcome (required)

Extension: CountedDue
Id: counted-due
Title: "Counted due"
Description: "The due date as the pathway counted it. An end of the period that differs is one that somebody agreed on, and stays."
Context: Period
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only dateTime

Extension: GoalBaseline
Id: goal-baseline
Title: "Goal baseline"
Description: "Where the measure of a target stood when work on it began, which tells in which direction a target value without a comparator is to be reached. People may state it; where it names an observation, Careloop has found it and keeps it up to date."
Context: Goal.target
* insert Published(2026-11-23)
* . 0..1
* extension contains value 0..1 and direction 0..1 and observation 0..1
* extension[value] ^short = "The value"
* extension[value].value[x] 1..
* extension[value].value[x] only Quantity
* extension[direction] ^short = "Where the values have to go from there"
* extension[direction].value[x] 1..
* extension[direction].value[x] only code
* extension[direction].value[x] from https://careloop.dev/fhir/ValueSet/goal-direction (required)
* extension[observation] ^short = "The observation it was found in"
* extension[observation].value[x] 1..
* extension[observation].value[x] only Reference(Observation)

Extension: MinutesSpent
Id: minutes-spent
Title: "Minutes spent"
Description: "How many minutes somebody spent on it."
Context: Task, Communication
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only positiveInt

Extension: RecurrenceAnchor
Id: recurrence-anchor
Title: "Recurrence anchor"
Description: "What the next occurrence of a recurring activity, or of a recurring step of a pathway, is counted from; fixed where it is not said."
Context: CarePlan.activity.detail, PlanDefinition.action.timing[x]
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only code
* value[x] from https://careloop.dev/fhir/ValueSet/recurrence-anchor (required)

Extension: Recurrence
Id: recurrence
Title: "Recurrence"
Description: "Which occurrence of a recurring activity of a plan, or of a recurring step of its pathway, a Task is."
Context: Task
* insert Published(2026-11-23)
* . 0..1
* extension contains series 1..1 and sequence 1..1
* extension[series] ^short = "Names the activity and its timing within the plan, or is the id of the step"
* extension[series].value[x] 1..
* extension[series].value[x] only string
* extension[sequence] ^short = "Which occurrence, from 1"
* extension[sequence].value[x] 1..
* extension[sequence].value[x] only positiveInt

Extension: NextOccurrence
Id: next-occurrence
Title: "Next occurrence"
Description: "When a step of the plan's pathway that recurs may have its next occurrence, though nothing happens until then: the automation looks at the plan then. Written by the automation."
Context: CarePlan
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only instant

Extension: StopWhenGoalAchieved
Id: stop-when-goal-achieved
Title: "Stop when goal achieved"
Description: "Whether a recurring activity ends when all of the goals it names are achieved."
Context: CarePlan.activity.detail
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only boolean

Extension: TaskClock
Id: task-clock
Title: "Task clock"
Description: "When which rung of its ladder an open Task reaches, as computed for one due date. Careloop keeps it up to date; as long as it is not that of the due date the Task has, only the due date itself counts."
Context: Task
* insert Published(2026-11-23)
* . 0..1
* extension contains due 0..1 and rung 0..* and Escalation named escalation 0..*
* extension[due] ^short = "Task.restriction.period.end when the rungs were computed"
* extension[due].value[x] 1..
* extension[due].value[x] only dateTime
* extension[rung] ^short = "A rung of the ladder"
* extension[rung].extension contains step 1..1 and at 1..1
* extension[rung].extension[step] ^short = "What happens"
* extension[rung].extension[step].value[x] 1..
* extension[rung].extension[step].value[x] only code
* extension[rung].extension[step].value[x] from https://careloop.dev/fhir/ValueSet/task-clock-step (required)
* extension[rung].extension[at] ^short = "When it happens"
* extension[rung].extension[at].value[x] 1..
* extension[rung].extension[at].value[x] only instant
* extension[escalation] ^short = "The ladder it was computed by, where that is not the tenant's"

Extension: TaskReplaces
Id: task-replaces
Title: "Task replaces"
Description: "The Task that this one stands in for."
Context: Task
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only Reference(Task)

Extension: PlanStatusReason
Id: plan-status-reason
Title: "Plan status reason"
Description: "Why the automation revoked a plan. R4 has no element for it, and the standard extension is for requests of other types."
Context: CarePlan
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only CodeableConcept
