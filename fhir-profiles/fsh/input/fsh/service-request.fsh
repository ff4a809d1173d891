Profile: CareloopServiceRequest
Parent: http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest
Id: careloop-service-request
Title: "Careloop ServiceRequest"
Description: "What is asked for: a referral to an agency, a service at home, a ride. Who is to do it, and how far they have come, is said by Tasks that have it as their focus; its own status is its requester's. Derived from US Core 8.0.0."
* insert Published(2026-11-23)
* obeys cls-1 and cls-2
* identifier MS
* basedOn MS
* replaces MS
* requisition MS
* priority MS
* orderDetail MS
* subject only Reference($us-core-patient)
* authoredOn 1..1
* requester 1..1
* performer MS
* reasonCode MS
* reasonReference MS
* supportingInfo MS
* supportingInfo ^short = "The Consent by which an outside party may be told, and what it must know"
* patientInstruction MS

Invariant: cls-1
Description: "A request says what it is for: a reason that is coded, or the Condition or Observation behind it."
Severity: #error
Expression: "reasonCode.exists() or reasonReference.exists()"

Invariant: cls-2
Description: "An order that is active says who is to do it or, at least, what kind of performer."
Severity: #warning
Expression: "(status = 'active' and intent = 'order') implies (performer.exists() or performerType.exists())"
