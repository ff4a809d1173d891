/** The types at the heart of the service: their content is checked in full. */
export const CORE_TYPES = ['CarePlan', 'Goal', 'ServiceRequest', 'Task'] as const

/** The types that care coordination needs around them: who, where, why and what came of it. */
export const SUPPORTING_TYPES = [
  'ActivityDefinition',
  'Appointment',
  'AuditEvent',
  'Basic',
  'CareTeam',
  'Communication',
  'CommunicationRequest',
  'Condition',
  'Consent',
  'Coverage',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'Flag',
  'Group',
  'HealthcareService',
  'List',
  'Location',
  'MeasureReport',
  'MedicationRequest',
  'Observation',
  'Organization',
  'Patient',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Procedure',
  'Provenance',
  'Questionnaire',
  'QuestionnaireResponse',
  'RelatedPerson',
  'RequestGroup',
  'RiskAssessment',
  'Subscription',
] as const

export const SERVED_TYPES: readonly string[] = [...CORE_TYPES, ...SUPPORTING_TYPES]
