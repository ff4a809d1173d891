RuleSet: CareTask
* insert Published(2026-11-23)
* obeys clt-1 and clt-2
* extension contains
    TaskReplaces named replaces 0..1 and
    MinutesSpent named minutesSpent 0..1
* identifier MS
* basedOn MS
* groupIdentifier MS
* groupIdentifier ^short = "The identifier of the plan or of the stay that it belongs to"
* partOf MS
* status MS
* statusReason MS
* statusReason.text MS
* intent MS
* priority MS
* code 1..1 MS
* description MS
* description ^short = "What is to be done; names nobody"
* focus MS
* for MS
* for only Reference(Patient)
* encounter MS
* executionPeriod MS
* authoredOn 1..1 MS
* lastModified MS
* requester MS
* owner MS
* reasonCode MS
* reasonReference MS
* note MS
* restriction MS
* restriction.period MS
* restriction.period.start MS
* restriction.period.start ^short = "Not before"
* restriction.period.end MS
* restriction.period.end ^short = "Due"
* input MS
* output MS

Invariant: clt-1
Description: "A Task that is rejected, cancelled, on-hold or failed says why in words."
Severity: #error
Expression: "(status = 'rejected' or status = 'cancelled' or status = 'on-hold' or status = 'failed') implies statusReason.text.exists()"

Invariant: clt-2
Description: "A Task that is in progress has an owner."
Severity: #error
Expression: "status = 'in-progress' implies owner.exists()"

Profile: CareloopWorkTask
Parent: Task
Id: careloop-work-task
Title: "Careloop work Task"
Description: "A piece of work of a care team: about a patient, with a due date, owned by somebody or by a pool (a CareTeam). Every Task that Careloop makes of a pathway, a plan, a goal, a screening or a referral conforms to it. Tasks that ask others to stop (code abort) are not work and not of this profile."
* insert CareTask
* obeys clw-1 and clw-2 and clw-3 and clw-4 and clw-5 and clw-6
* extension contains
    TaskClock named clock 0..1 and
    ContactLadder named contactLadder 0..1 and
    Recurrence named recurrence 0..1 and
    Pausable named pausable 0..1 and
    Assigned named assigned 0..1
* instantiatesCanonical MS
* instantiatesCanonical ^short = "The pathway (PlanDefinition) with its version"
* businessStatus MS
* businessStatus from https://careloop.dev/fhir/ValueSet/task-business-status (extensible)
* code from https://careloop.dev/fhir/ValueSet/care-task-type (extensible)
* performerType MS

Invariant: clw-1
Description: "Work has a due date, unless it is a step of a pathway that waits for another, the disposition of goals or an action of a conference."
Severity: #error
Expression: "restriction.period.end.exists() or instantiatesCanonical.exists() or code.coding.where(system = 'https://careloop.dev/fhir/CodeSystem/care-task-type' and (code = 'goal-disposition' or code = 'conference-action')).exists()"

Invariant: clw-2
Description: "Work is about a patient, unless it is to find out whom something is about."
Severity: #error
Expression: "for.exists() or code.coding.where(system = 'https://careloop.dev/fhir/CodeSystem/care-task-type' and code = 'resolve-identity').exists()"

Invariant: clw-3
Description: "Work is somebody's, a pool's, or at least for a kind of performer."
Severity: #error
Expression: "owner.exists() or performerType.exists()"

Invariant: clw-4
Description: "A reconciliation of medications is completed with the list that it came to."
Severity: #error
Expression: "(status = 'completed' and code.coding.where(system = 'https://careloop.dev/fhir/CodeSystem/care-task-type' and code = 'tcm-med-rec').exists()) implies output.value.ofType(Reference).reference.where(contains('List/') or contains('DocumentReference/')).exists()"

Invariant: clw-5
Description: "The question whom something is about is completed with the patient."
Severity: #error
Expression: "(status = 'completed' and code.coding.where(system = 'https://careloop.dev/fhir/CodeSystem/care-task-type' and code = 'resolve-identity').exists()) implies output.value.ofType(Reference).reference.where(contains('Patient/')).exists()"

Invariant: clw-6
Description: "Work on a risk of suicide is completed with what became of the person."
Severity: #error
Expression: "(status = 'completed' and code.coding.where(system = 'https://careloop.dev/fhir/CodeSystem/care-task-type' and (code = 'suicide-risk-assessment' or code = 'imminent-risk-protocol')).exists()) implies output.value.ofType(CodeableConcept).coding.where(system = 'https://careloop.dev/fhir/CodeSystem/suicide-risk-disposition').exists()"

Profile: CareloopReferralTask
Parent: Task
Id: careloop-referral-task
Title: "Careloop referral Task"
Description: "Asks somebody to carry out a ServiceRequest and tells how far they have come. The constraints of SDOHCC-TaskForReferralManagement (SDOH Clinical Care 3.0.0) are written out here, so that referrals that are not about social needs can conform too: that profile wants an SDOHCC-ServiceRequest as the focus, and depends on packages that are not those this is compiled with. A Task that conforms to it conforms to this one when its patient is a Patient."
* insert CareTask
* obeys clr-1 and clr-2
* intent = #order
* code = $task-code#fulfill
* focus 1..1
* focus only Reference(ServiceRequest)
* for 1..1
* requester 1..1
* requester only Reference(PractitionerRole or Organization)
* owner ^short = "Who is asked; none: whoever claims it"
* statusReason from https://careloop.dev/fhir/ValueSet/referral-reason (extensible)
* output ^slicing.discriminator[0].type = #pattern
* output ^slicing.discriminator[0].path = "type"
* output ^slicing.discriminator[1].type = #type
* output ^slicing.discriminator[1].path = "value"
* output ^slicing.rules = #open
* output contains
    performedActivity 0..* MS and
    outcome 0..* MS
* output[performedActivity].type = $sdohcc#resulting-activity
* output[performedActivity].value[x] only Reference(Procedure)
* output[performedActivity] ^short = "The Procedure that it came to"
* output[outcome].type = $sdohcc#resulting-activity
* output[outcome].value[x] only CodeableConcept
* output[outcome].valueCodeableConcept from https://careloop.dev/fhir/ValueSet/referral-outcome (example)
* output[outcome] ^short = "What came of it, in a code"

Invariant: clr-1
Description: "SDOH Clinical Care knows no referral that is received or ready: a recipient that goes by it would not understand."
Severity: #warning
Expression: "status != 'received' and status != 'ready'"

Invariant: clr-2
Description: "A referral that is completed says what came of it."
Severity: #warning
Expression: "status = 'completed' implies output.exists()"

Profile: CareloopPatientTask
Parent: Task
Id: careloop-patient-task
Title: "Careloop patient Task"
Description: "Something that patients, or those who care for them, are to do themselves: answer a questionnaire, read, measure, call. It is shown to them as it is described."
* insert CareTask
* obeys clp-1
* for 1..1
* owner 1..1
* owner only Reference(Patient or RelatedPerson)
* description 1..1
* description ^short = "What the patient reads"
* restriction 1..1
* restriction.period 1..1
* restriction.period.end 1..1

Invariant: clp-1
Description: "A questionnaire that is to be completed is named in an input."
Severity: #error
Expression: "code.coding.where(system = 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes' and code = 'complete-questionnaire').exists() implies input.exists()"
