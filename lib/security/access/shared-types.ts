/**
 * Types that hold nothing of any patient, and that what is about a patient refers to: who works where, what is asked, what codes mean. A
 * `patient/` scope reads them whole; no compartment has them.
 */
export const sharedTypes: ReadonlySet<string> = new Set([
  'ActivityDefinition',
  'CodeSystem',
  'ConceptMap',
  'HealthcareService',
  'Library',
  'Location',
  'Measure',
  'Medication',
  'Organization',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'ValueSet',
])
