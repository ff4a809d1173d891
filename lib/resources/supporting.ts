import { checkWith } from './check.ts'
import type { ListOrder, ResourceDeclaration } from './declaration.ts'
import { published } from './published.ts'

const supporting = (type: string, order?: ListOrder): ResourceDeclaration => ({
  ...published(type),
  ...(order && { order }),
  check: checkWith(type),
})

/** In order of a date that is one moment. */
const byMoment = (parameter: string): ListOrder => ({ parameter, point: true })
/** In order of the start of a period, or of a choice that may be one. */
const byPeriod = (parameter: string): ListOrder => ({ parameter })

/** The types care coordination needs around its own: who, where, why and what came of it. */
export const supportingTypes: readonly ResourceDeclaration[] = [
  supporting('ActivityDefinition', byMoment('date')),
  supporting('Appointment', byMoment('date')),
  supporting('AuditEvent', byMoment('date')),
  supporting('Basic', byMoment('created')),
  supporting('CareTeam', byPeriod('date')),
  supporting('Communication', byMoment('sent')),
  supporting('CommunicationRequest', byMoment('authored')),
  supporting('Condition', byMoment('recorded-date')),
  supporting('Consent', byMoment('date')),
  supporting('Coverage'),
  supporting('DocumentReference', byMoment('date')),
  supporting('Encounter', byPeriod('date')),
  supporting('EpisodeOfCare', byPeriod('date')),
  supporting('Flag', byPeriod('date')),
  supporting('Group'),
  supporting('HealthcareService'),
  supporting('List', byMoment('date')),
  supporting('Location'),
  supporting('MeasureReport', byMoment('date')),
  supporting('MedicationRequest', byMoment('authoredon')),
  supporting('Observation', byPeriod('date')),
  supporting('Organization'),
  supporting('Patient'),
  supporting('PlanDefinition', byMoment('date')),
  supporting('Practitioner'),
  supporting('PractitionerRole', byPeriod('date')),
  supporting('Procedure', byPeriod('date')),
  supporting('Provenance', byMoment('recorded')),
  supporting('Questionnaire', byMoment('date')),
  supporting('QuestionnaireResponse', byMoment('authored')),
  supporting('RelatedPerson'),
  supporting('RequestGroup', byMoment('authored')),
  supporting('RiskAssessment', byMoment('date')),
  supporting('Subscription'),
]
