Profile: CareloopCarePlan
Parent: http://hl7.org/fhir/us/core/StructureDefinition/us-core-careplan
Id: careloop-care-plan
Title: "Careloop CarePlan"
Description: "A plan that somebody follows to its end: for one patient, from a day on, with goals and with activities that are resources of their own. What Careloop makes of a pathway conforms to it, and so should what others send to be followed. Derived from US Core 8.0.0."
* insert Published(2026-11-23)
* obeys clc-1 and clc-2
* identifier MS
* identifier ^short = "Business identifier; Tasks of the plan carry it as their groupIdentifier"
* instantiatesCanonical MS
* instantiatesCanonical ^short = "The pathway (PlanDefinition) with its version"
* category ^short = "assess-plan of US Core, the programme, the kind of plan"
* title 1..1 MS
* title ^short = "What people call it; names nobody"
* subject only Reference($us-core-patient)
* encounter MS
* encounter ^short = "The stay that called for it"
* period 1..1 MS
* period.start 1..1 MS
* period.start ^short = "When windows began to be counted"
* period.end MS
* author MS
* careTeam MS
* addresses MS
* goal MS
* activity MS
* activity.outcomeReference MS
* activity.reference MS
* activity.reference ^short = "The Task or ServiceRequest, which need not point back"
* activity.detail MS
* activity.detail ^short = "What recurs: a Task is made of each occurrence"
* activity.detail.extension contains
    RecurrenceAnchor named recurrenceAnchor 0..1 MS and
    StopWhenGoalAchieved named stopWhenGoalAchieved 0..1 MS
* activity.detail.status MS
* activity.detail.scheduled[x] MS
* activity.detail.performer MS
* note MS

Invariant: clc-1
Description: "A plan that is active has a goal or an activity: nobody can follow it otherwise."
Severity: #warning
Expression: "status = 'active' implies (goal.exists() or activity.exists())"

Invariant: clc-2
Description: "A plan that is completed or revoked says when it ended."
Severity: #warning
Expression: "(status = 'completed' or status = 'revoked') implies period.end.exists()"
