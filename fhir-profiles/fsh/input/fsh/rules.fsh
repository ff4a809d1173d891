// What all definitions say of themselves.

Alias: $us-core-patient = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
Alias: $task-code = http://hl7.org/fhir/CodeSystem/task-code
Alias: $sdohcc = http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes

RuleSet: Published(date)
* ^version = "1.0.0"
* ^status = #active
* ^experimental = false
* ^date = "{date}"
* ^publisher = "Careloop"
