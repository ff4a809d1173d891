RuleSet: May(expectation, index, code)
* rest.resource[=].interaction[{index}].code = #{code}
* rest.resource[=].interaction[{index}].extension.url = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation"
* rest.resource[=].interaction[{index}].extension.valueCode = #{expectation}

RuleSet: Interactions
* insert May(SHALL, 0, read)
* insert May(SHALL, 1, search-type)
* insert May(SHALL, 2, create)
* insert May(SHALL, 3, update)
* insert May(SHOULD, 4, patch)
* insert May(SHOULD, 5, vread)
* insert May(SHOULD, 6, history-instance)
* rest.resource[=].versioning = #versioned-update
* rest.resource[=].conditionalCreate = true
* rest.resource[=].searchRevInclude = "Provenance:target"

RuleSet: Searched(name, type)
* rest.resource[=].searchParam[+].name = "{name}"
* rest.resource[=].searchParam[=].type = #{type}

Instance: careloop-server
InstanceOf: CapabilityStatement
Usage: #definition
* version = "1.0.0"
* status = #active
* experimental = false
* date = "2026-11-23"
* publisher = "Careloop"
* url = "https://careloop.dev/fhir/CapabilityStatement/careloop-server"
* name = "CareloopServer"
* title = "What a system that exchanges care plans with Careloop can rely on"
* description = "The part of the API that partners build on: the four core types by our profiles, how they are found, and that a plan comes in one transaction. All that a running service does is in its own CapabilityStatement, at metadata."
* kind = #requirements
* fhirVersion = #4.0.1
* format[0] = #application/fhir+json
* format[1] = #json
* patchFormat[0] = #application/json-patch+json
* patchFormat[1] = #application/fhir+json
* rest.mode = #server
* rest.interaction[0].code = #transaction
* rest.interaction[1].code = #batch
* rest.resource[+].type = #CarePlan
* rest.resource[=].supportedProfile = "https://careloop.dev/fhir/StructureDefinition/careloop-care-plan"
* insert Interactions
* insert Searched(_id, token)
* insert Searched(_lastUpdated, date)
* insert Searched(patient, reference)
* insert Searched(category, token)
* insert Searched(status, token)
* insert Searched(date, date)
* insert Searched(identifier, token)
* insert Searched(goal, reference)
* insert Searched(activity-reference, reference)
* insert Searched(condition, reference)
* rest.resource[+].type = #Goal
* rest.resource[=].supportedProfile = "https://careloop.dev/fhir/StructureDefinition/careloop-goal"
* insert Interactions
* insert Searched(_id, token)
* insert Searched(_lastUpdated, date)
* insert Searched(patient, reference)
* insert Searched(lifecycle-status, token)
* insert Searched(achievement-status, token)
* insert Searched(target-date, date)
* insert Searched(description, token)
* insert Searched(identifier, token)
* rest.resource[=].operation[0].name = "progress"
* rest.resource[=].operation[0].definition = "https://careloop.dev/fhir/OperationDefinition/Goal-progress"
* rest.resource[+].type = #ServiceRequest
* rest.resource[=].supportedProfile = "https://careloop.dev/fhir/StructureDefinition/careloop-service-request"
* insert Interactions
* insert Searched(_id, token)
* insert Searched(_lastUpdated, date)
* insert Searched(patient, reference)
* insert Searched(category, token)
* insert Searched(code, token)
* insert Searched(authored, date)
* insert Searched(status, token)
* insert Searched(identifier, token)
* insert Searched(requester, reference)
* insert Searched(performer, reference)
* insert Searched(supporting-info, reference)
* rest.resource[+].type = #Task
* rest.resource[=].supportedProfile[0] = "https://careloop.dev/fhir/StructureDefinition/careloop-work-task"
* rest.resource[=].supportedProfile[1] = "https://careloop.dev/fhir/StructureDefinition/careloop-referral-task"
* rest.resource[=].supportedProfile[2] = "https://careloop.dev/fhir/StructureDefinition/careloop-patient-task"
* insert Interactions
* insert Searched(_id, token)
* insert Searched(_lastUpdated, date)
* insert Searched(patient, reference)
* insert Searched(owner, reference)
* insert Searched(requester, reference)
* insert Searched(status, token)
* insert Searched(code, token)
* insert Searched(business-status, token)
* insert Searched(focus, reference)
* insert Searched(part-of, reference)
* insert Searched(group-identifier, token)
* insert Searched(identifier, token)
* insert Searched(due-date, date)
* insert Searched(start-date, date)
* insert Searched(output, reference)
* rest.resource[=].operation[0].name = "claim"
* rest.resource[=].operation[0].definition = "https://careloop.dev/fhir/OperationDefinition/Task-claim"
