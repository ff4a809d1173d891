import type { CodeableConcept } from 'fhir/r4'

const BASE = 'https://careloop.dev/fhir'

/** On an Encounter: the instant of the newest message that has been applied to it. On what a message brought along: of that message. */
export const LAST_EVENT_AT = `${BASE}/StructureDefinition/last-event-at`
/** On an Encounter: by element, the instant of the message that had the last word on it. */
export const FACTS_AS_OF = `${BASE}/StructureDefinition/facts-as-of`

const COMMUNICATION_CATEGORY = `${BASE}/CodeSystem/communication-category`

export const RECEIPT: CodeableConcept = { coding: [{ system: COMMUNICATION_CATEGORY, code: 'notification-receipt' }] }
export const RESOLVE_IDENTITY = 'resolve-identity'

/** Systems of identifiers for which the tenant has set none; the authority or facility follows. */
export const ASSIGNING_AUTHORITY = `${BASE}/NamingSystem/assigning-authority`
export const VISIT_NUMBER = `${BASE}/NamingSystem/visit-number`
export const PATIENT_LOCATION = `${BASE}/NamingSystem/patient-location`
export const FACILITY = `${BASE}/NamingSystem/facility`
export const SENDER = `${BASE}/NamingSystem/message-sender`

export const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
export const IDENTIFIER_TYPE = 'http://terminology.hl7.org/CodeSystem/v2-0203'

/** The code system of an HL7 v2 table: `0003` is that of event types. */
export const tableSystem = (table: string): string => `http://terminology.hl7.org/CodeSystem/v2-${table}`
