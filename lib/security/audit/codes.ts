import type { Coding } from 'fhir/r4'

const DICOM = 'http://dicom.nema.org/resources/ontology/DCM'
const LIFECYCLE_EVENT = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle'
export const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason'
export const REST_INTERACTION = 'http://hl7.org/fhir/restful-interaction'
/** What happened, where FHIR's own codes of interactions do not say it: operations by name, pages, feeds, messages. */
export const AUDIT_SUBTYPE = 'https://careloop.dev/fhir/CodeSystem/audit-subtype'

/** A RESTful interaction: https://hl7.org/fhir/R4/valueset-audit-event-type.html */
export const REST: Coding = { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' }
/** DICOM: data leaves this system for somebody outside. */
export const EXPORT: Coding = { system: DICOM, code: '110106' }
export const DISCLOSE: Coding = { system: LIFECYCLE_EVENT, code: 'disclose' }
export const TRANSMIT: Coding = { system: LIFECYCLE_EVENT, code: 'transmit' }
/** DICOM: Emergency Override Started */
export const EMERGENCY_OVERRIDE: Coding = { system: DICOM, code: '110127' }

export const SOURCE_ROLE: Coding = { system: DICOM, code: '110153' }
export const DESTINATION_ROLE: Coding = { system: DICOM, code: '110152' }
export const APPLICATION: Coding = { system: DICOM, code: '110150' }
export const CUSTODIAN: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
  code: 'custodian',
}
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType'
export const INFORMATION_RECIPIENT: Coding = { system: PARTICIPATION, code: 'IRCP' }
export const AUTHOR: Coding = { system: PARTICIPATION, code: 'AUT' }

const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type'
const OBJECT_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role'
export const PERSON: Coding = { system: ENTITY_TYPE, code: '1' }
export const SYSTEM_OBJECT: Coding = { system: ENTITY_TYPE, code: '2' }
export const PATIENT_ROLE: Coding = { system: OBJECT_ROLE, code: '1' }
export const DOMAIN_RESOURCE: Coding = { system: OBJECT_ROLE, code: '4' }
export const QUERY_ROLE: Coding = { system: OBJECT_ROLE, code: '24' }
export const REQUEST_ID: Coding = {
  system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType',
  code: 'XrequestId',
}
/** What was done to one of several: https://hl7.org/fhir/R4/valueset-object-lifecycle-events.html */
const OBJECT_LIFECYCLE = 'http://terminology.hl7.org/CodeSystem/dicom-audit-lifecycle'
export const LIFECYCLES = {
  created: { system: OBJECT_LIFECYCLE, code: '1' },
  amended: { system: OBJECT_LIFECYCLE, code: '3' },
  accessed: { system: OBJECT_LIFECYCLE, code: '6' },
  deleted: { system: OBJECT_LIFECYCLE, code: '14' },
} as const satisfies Record<string, Coding>

/** https://hl7.org/fhir/R4/valueset-audit-source-type.html */
export const APPLICATION_SERVER: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
  code: '4',
}

/** Why somebody outside is told of a client: they are asked to help. */
export const COORDINATION_OF_CARE = 'COC'
/** Why somebody may see what they otherwise could not: the emergency. */
export const BREAK_THE_GLASS = 'BTG'

const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit'
/** The profile of https://profiles.ihe.net/ITI/BALP by this name. */
export const balpProfile = (name: string): string => `${BALP}.${name}`
