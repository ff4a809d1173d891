import type { ValueSet } from 'fhir/r4'
import assignmentReason from '../../fhir-profiles/value-sets/assignment-reason.json' with { type: 'json' }
import automationReason from '../../fhir-profiles/value-sets/automation-reason.json' with { type: 'json' }
import basicType from '../../fhir-profiles/value-sets/basic-type.json' with { type: 'json' }
import carePlanCategory from '../../fhir-profiles/value-sets/care-plan-category.json' with { type: 'json' }
import careTaskType from '../../fhir-profiles/value-sets/care-task-type.json' with { type: 'json' }
import caseAcuity from '../../fhir-profiles/value-sets/case-acuity.json' with { type: 'json' }
import communicationCategory from '../../fhir-profiles/value-sets/communication-category.json' with { type: 'json' }
import contactOutcome from '../../fhir-profiles/value-sets/contact-outcome.json' with { type: 'json' }
import dayPart from '../../fhir-profiles/value-sets/day-part.json' with { type: 'json' }
import episodeType from '../../fhir-profiles/value-sets/episode-type.json' with { type: 'json' }
import goalDirection from '../../fhir-profiles/value-sets/goal-direction.json' with { type: 'json' }
import organizationKind from '../../fhir-profiles/value-sets/organization-kind.json' with { type: 'json' }
import programme from '../../fhir-profiles/value-sets/programme.json' with { type: 'json' }
import recurrenceAnchor from '../../fhir-profiles/value-sets/recurrence-anchor.json' with { type: 'json' }
import referralMeasure from '../../fhir-profiles/value-sets/referral-measure.json' with { type: 'json' }
import referralOutcome from '../../fhir-profiles/value-sets/referral-outcome.json' with { type: 'json' }
import referralReason from '../../fhir-profiles/value-sets/referral-reason.json' with { type: 'json' }
import riskAssessmentType from '../../fhir-profiles/value-sets/risk-assessment-type.json' with { type: 'json' }
import riskInput from '../../fhir-profiles/value-sets/risk-input.json' with { type: 'json' }
import riskMethod from '../../fhir-profiles/value-sets/risk-method.json' with { type: 'json' }
import rollForward from '../../fhir-profiles/value-sets/roll-forward.json' with { type: 'json' }
import screeningBand from '../../fhir-profiles/value-sets/screening-band.json' with { type: 'json' }
import screeningInput from '../../fhir-profiles/value-sets/screening-input.json' with { type: 'json' }
import suicideRiskDisposition from '../../fhir-profiles/value-sets/suicide-risk-disposition.json' with { type: 'json' }
import taskBusinessStatus from '../../fhir-profiles/value-sets/task-business-status.json' with { type: 'json' }
import taskClockStep from '../../fhir-profiles/value-sets/task-clock-step.json' with { type: 'json' }
import taskInput from '../../fhir-profiles/value-sets/task-input.json' with { type: 'json' }
import taskOutput from '../../fhir-profiles/value-sets/task-output.json' with { type: 'json' }
import teamWork from '../../fhir-profiles/value-sets/team-work.json' with { type: 'json' }
import transitionState from '../../fhir-profiles/value-sets/transition-state.json' with { type: 'json' }

/** The value sets that come with the service, one for each file of fhir-profiles/value-sets. */
export const packagedValueSets = [
  assignmentReason,
  automationReason,
  basicType,
  carePlanCategory,
  careTaskType,
  caseAcuity,
  communicationCategory,
  contactOutcome,
  dayPart,
  episodeType,
  goalDirection,
  organizationKind,
  programme,
  recurrenceAnchor,
  referralMeasure,
  referralOutcome,
  referralReason,
  riskAssessmentType,
  riskInput,
  riskMethod,
  rollForward,
  screeningBand,
  screeningInput,
  suicideRiskDisposition,
  taskBusinessStatus,
  taskClockStep,
  taskInput,
  taskOutput,
  teamWork,
  transitionState,
] as readonly unknown[] as readonly ValueSet[]
