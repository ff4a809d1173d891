Profile: CareloopGoal
Parent: http://hl7.org/fhir/us/core/StructureDefinition/us-core-goal
Id: careloop-goal
Title: "Careloop Goal"
Description: "What a patient wants to reach, said in words, and measurable where it can be: Careloop compares each Observation of the measure with the target and keeps the achievement status up to date. Derived from US Core 8.0.0."
* insert Published(2026-11-23)
* obeys clg-1 and clg-2 and clg-3
* identifier MS
* achievementStatus MS
* achievementStatus ^short = "How far it has come; what people have said is not changed by measurements alone"
* category MS
* priority MS
* description.text 1..1 MS
* description.text ^short = "In the words of those who agreed on it"
* subject only Reference($us-core-patient)
* target.extension contains GoalBaseline named baseline 0..1 MS
* target.measure MS
* target.detail[x] MS
* statusDate MS
* statusReason MS
* addresses MS
* outcomeReference MS
* outcomeReference ^short = "The Observations that the achievement status rests on"

Invariant: clg-1
Description: "A goal that is active has a start or a target with a due date."
Severity: #error
Expression: "lifecycleStatus = 'active' implies (start.exists() or target.due.exists())"

Invariant: clg-2
Description: "A target that is measured says until when it is to be reached: nobody is told otherwise that it was missed."
Severity: #warning
Expression: "target.where(detail.exists()).all(due.exists())"

Invariant: clg-3
Description: "A goal that is completed says how far it came."
Severity: #warning
Expression: "lifecycleStatus = 'completed' implies achievementStatus.exists()"
