import { auditEvent } from './audit-event.ts'
import { contentCheck } from './content-check.ts'
import type { ListOrder, ResourceDeclaration } from './declaration.ts'
import { planDefinition } from './plan-definition.ts'
import { published } from './published.ts'
import { questionnaire } from './questionnaire.ts'

const supporting = (type: string, order?: ListOrder): ResourceDeclaration => ({
  ...published(type),
  ...(order && { order }),
  check: contentCheck(type),
})

/** In order of a date that is one moment. */
const byMoment = (parameter: string): ListOrder => ({ parameter, point: true })
/** In order of the start of a period, or of a choice that may be one. */
const byPeriod = (parameter: string): ListOrder => ({ parameter })

/** The types around care coordination's own: who, where, why and what came of it, what it cost, and what a tenant defines itself. */
export const supportingTypes: readonly ResourceDeclaration[] = [
  supporting('ActivityDefinition', byMoment('date')),
  supporting('AllergyIntolerance', byMoment('date')),
  supporting('Appointment', byMoment('date')),
  supporting('AppointmentResponse'),
  auditEvent,
  supporting('Basic', byMoment('created')),
  supporting('CapabilityStatement', byMoment('date')),
  supporting('CareTeam', byPeriod('date')),
  supporting('Claim', byMoment('created')),
  supporting('ClaimResponse', byMoment('created')),
  supporting('ClinicalImpression', byMoment('date')),
  supporting('CodeSystem', byMoment('date')),
  supporting('Communication', byMoment('sent')),
  supporting('CommunicationRequest', byMoment('authored')),
  supporting('Composition', byMoment('date')),
  supporting('ConceptMap', byMoment('date')),
  supporting('Condition', byMoment('recorded-date')),
  supporting('Consent', byMoment('date')),
  supporting('Coverage'),
  supporting('CoverageEligibilityRequest', byMoment('created')),
  supporting('CoverageEligibilityResponse', byMoment('created')),
  supporting('Device'),
  supporting('DeviceRequest', byMoment('authored-on')),
  supporting('DiagnosticReport', byPeriod('date')),
  supporting('DocumentReference', byMoment('date')),
  supporting('Encounter', byPeriod('date')),
  supporting('Endpoint'),
  supporting('EpisodeOfCare', byPeriod('date')),
  supporting('ExplanationOfBenefit', byMoment('created')),
  supporting('FamilyMemberHistory', byMoment('date')),
  supporting('Flag', byPeriod('date')),
  supporting('Group'),
  supporting('HealthcareService'),
  supporting('ImagingStudy', byMoment('started')),
  supporting('Immunization', byMoment('date')),
  supporting('ImplementationGuide', byMoment('date')),
  supporting('Library', byMoment('date')),
  supporting('Linkage'),
  supporting('List', byMoment('date')),
  supporting('Location'),
  supporting('Measure', byMoment('date')),
  supporting('MeasureReport', byMoment('date')),
  supporting('Media', byPeriod('created')),
  supporting('Medication'),
  supporting('MedicationAdministration', byPeriod('effective-time')),
  supporting('MedicationDispense', byMoment('whenhandedover')),
  supporting('MedicationRequest', byMoment('authoredon')),
  supporting('MedicationStatement', byPeriod('effective')),
  supporting('MessageHeader'),
  supporting('NutritionOrder', byMoment('datetime')),
  supporting('Observation', byPeriod('date')),
  supporting('OperationDefinition', byMoment('date')),
  supporting('Organization'),
  supporting('Patient'),
  planDefinition,
  supporting('Practitioner'),
  supporting('PractitionerRole', byPeriod('date')),
  supporting('Procedure', byPeriod('date')),
  supporting('Provenance', byMoment('recorded')),
  questionnaire,
  supporting('QuestionnaireResponse', byMoment('authored')),
  supporting('RelatedPerson'),
  supporting('RequestGroup', byMoment('authored')),
  supporting('RiskAssessment', byMoment('date')),
  supporting('Schedule', byPeriod('date')),
  supporting('Slot', byMoment('start')),
  supporting('Specimen', byPeriod('collected')),
  supporting('StructureDefinition', byMoment('date')),
  supporting('Subscription'),
  supporting('SupplyDelivery'),
  supporting('SupplyRequest', byMoment('date')),
  supporting('ValueSet', byMoment('date')),
]
