// What a PlanDefinition needs so that it can be followed, and R4 has no element for.

Extension: BusinessDays
Id: business-days
Title: "Business days"
Description: "Due at the end of this many business days after the day of the anchor, which does not count. Stands in place of the value of the Duration: UCUM has no business day."
Context: PlanDefinition.action.timing[x]
* insert Published(2026-11-22)
* . 0..1
* value[x] 1..
* value[x] only positiveInt

Extension: BusinessHours
Id: business-hours
Title: "Business hours"
Description: "Due after this many hours of business. Stands in place of the value of the Duration: UCUM has no business hour."
Context: PlanDefinition.action.timing[x]
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only positiveInt

Extension: ComplianceWindow
Id: compliance-window
Title: "Compliance window"
Description: "How long after the anchor what is done still counts for the programme, where that is not the due date."
Context: PlanDefinition.action
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only Duration

Extension: CountAnchorDay
Id: count-anchor-day
Title: "Count anchor day"
Description: "Whether what is done on the day of the anchor counts: if not, the window opens the day after. The due date is the same. Of a timing that recurs: whether what falls on the anchor is an occurrence. True when absent."
Context: PlanDefinition.action.timing[x]
* insert Published(2026-11-22)
* . 0..1
* value[x] 1..
* value[x] only boolean

Extension: Escalation
Id: escalation
Title: "Escalation"
Description: "A rung of the ladder by which people are told of a Task as its time passes, in place of the tenant's default ladder. Steps that none of these names do not happen, except that an open Task is always overdue when its due date has passed. overdue and window-missed have a moment of their own; each other step has one of part, before and after."
Context: PlanDefinition.action, https://careloop.dev/fhir/StructureDefinition/task-clock
* insert Published(2026-11-23)
* . 0..*
* extension contains step 1..1 and part 0..1 and before 0..1 and after 0..1
* extension[step] ^short = "What happens; each step once"
* extension[step].value[x] 1..
* extension[step].value[x] only code
* extension[step].value[x] from https://careloop.dev/fhir/ValueSet/task-clock-step (required)
* extension[part] ^short = "When this part of the window has passed, between 0 and 1"
* extension[part].value[x] 1..
* extension[part].value[x] only decimal
* extension[before] ^short = "So long before the due date: UCUM min, h or d, or business-hours or business-days"
* extension[before].value[x] 1..
* extension[before].value[x] only Duration
* extension[after] ^short = "So long after the due date has passed: UCUM min, h or d, or business-hours or business-days"
* extension[after].value[x] 1..
* extension[after].value[x] only Duration

Extension: Evidence
Id: evidence
Title: "Evidence"
Description: "The facts by which the Task of an action is done without anybody saying so."
Context: PlanDefinition.action
* insert Published(2026-11-23)
* . 0..*
* extension contains type 1..1 and expression 1..1 and date 1..1 and count 0..1 and within-window 0..1 and result 0..1
* extension[type] ^short = "The resource type of the facts"
* extension[type].value[x] 1..
* extension[type].value[x] only code
* extension[type].value[x] from http://hl7.org/fhir/ValueSet/resource-types (required)
* extension[expression] ^short = "Whether a fact (%resource) counts, in FHIRPath"
* extension[expression].value[x] 1..
* extension[expression].value[x] only Expression
* extension[date] ^short = "When it happened, in FHIRPath: a date or dateTime. Facts before the window do not count"
* extension[date].value[x] 1..
* extension[date].value[x] only Expression
* extension[count] ^short = "So many different facts; 1 when absent"
* extension[count].value[x] 1..
* extension[count].value[x] only positiveInt
* extension[within-window] ^short = "Whether only facts count that are not after the compliance window"
* extension[within-window].value[x] 1..
* extension[within-window].value[x] only boolean
* extension[result] ^short = "What the Task becomes: completed (when absent), or a business status with which it stays open"
* extension[result].value[x] 1..
* extension[result].value[x] only code

Extension: Pausable
Id: pausable
Title: "Pausable"
Description: "Whether the clocks of the Task stand still while it is on hold. Without it they run on: regulatory deadlines do not wait. Its dates stay as they are."
Context: PlanDefinition.action, Task
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only boolean

Extension: RollForward
Id: roll-forward
Title: "Roll forward"
Description: "What to do with a due date, counted in calendar days or one of those that recur, that is no business day. None when absent."
Context: PlanDefinition.action.timing[x]
* insert Published(2026-11-22)
* . 0..1
* value[x] 1..
* value[x] only code
* value[x] from https://careloop.dev/fhir/ValueSet/roll-forward (required)

Extension: Stop
Id: stop
Title: "Stop"
Description: "When the expression holds, nothing of the plan is asked for: what is open is withdrawn for this reason, and asked for again when the expression holds no longer."
Context: PlanDefinition.action
* insert Published(2026-11-23)
* . 0..*
* extension contains expression 1..1 and reason 1..1
* extension[expression] ^short = "What has to hold, in FHIRPath"
* extension[expression].value[x] 1..
* extension[expression].value[x] only Expression
* extension[reason] ^short = "Why it stops"
* extension[reason].value[x] 1..
* extension[reason].value[x] only code
* extension[reason].value[x] from https://careloop.dev/fhir/ValueSet/automation-reason (required)

Extension: Unattended
Id: unattended
Title: "Unattended"
Description: "Whether the Task is a row of evidence that nobody has to work on: the software owns it and nobody is reminded."
Context: PlanDefinition.action
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only boolean

Extension: WindowAnchor
Id: window-anchor
Title: "Window anchor"
Description: "FHIRPath of the date or dateTime that the windows of a plan are counted from. Without it the end of the Encounter, or its start when the trigger is about its start."
Context: PlanDefinition.action
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only Expression
