import type { CodeSystem } from 'fhir/r4'
import assignmentReason from '../../fhir-profiles/code-systems/assignment-reason.json' with { type: 'json' }
import auditSubtype from '../../fhir-profiles/code-systems/audit-subtype.json' with { type: 'json' }
import automationReason from '../../fhir-profiles/code-systems/automation-reason.json' with { type: 'json' }
import basicType from '../../fhir-profiles/code-systems/basic-type.json' with { type: 'json' }
import carePlanCategory from '../../fhir-profiles/code-systems/care-plan-category.json' with { type: 'json' }
import careTaskType from '../../fhir-profiles/code-systems/care-task-type.json' with { type: 'json' }
import caseAcuity from '../../fhir-profiles/code-systems/case-acuity.json' with { type: 'json' }
import communicationCategory from '../../fhir-profiles/code-systems/communication-category.json' with { type: 'json' }
import contactOutcome from '../../fhir-profiles/code-systems/contact-outcome.json' with { type: 'json' }
import dayPart from '../../fhir-profiles/code-systems/day-part.json' with { type: 'json' }
import episodeType from '../../fhir-profiles/code-systems/episode-type.json' with { type: 'json' }
import goalDirection from '../../fhir-profiles/code-systems/goal-direction.json' with { type: 'json' }
import organizationKind from '../../fhir-profiles/code-systems/organization-kind.json' with { type: 'json' }
import programme from '../../fhir-profiles/code-systems/programme.json' with { type: 'json' }
import recurrenceAnchor from '../../fhir-profiles/code-systems/recurrence-anchor.json' with { type: 'json' }
import referralMeasure from '../../fhir-profiles/code-systems/referral-measure.json' with { type: 'json' }
import referralOutcome from '../../fhir-profiles/code-systems/referral-outcome.json' with { type: 'json' }
import referralReason from '../../fhir-profiles/code-systems/referral-reason.json' with { type: 'json' }
import riskAssessmentType from '../../fhir-profiles/code-systems/risk-assessment-type.json' with { type: 'json' }
import riskInput from '../../fhir-profiles/code-systems/risk-input.json' with { type: 'json' }
import riskMethod from '../../fhir-profiles/code-systems/risk-method.json' with { type: 'json' }
import rollForward from '../../fhir-profiles/code-systems/roll-forward.json' with { type: 'json' }
import screeningBand from '../../fhir-profiles/code-systems/screening-band.json' with { type: 'json' }
import screeningInput from '../../fhir-profiles/code-systems/screening-input.json' with { type: 'json' }
import suicideRiskDisposition from '../../fhir-profiles/code-systems/suicide-risk-disposition.json' with {
  type: 'json',
}
import taskBusinessStatus from '../../fhir-profiles/code-systems/task-business-status.json' with { type: 'json' }
import taskClockStep from '../../fhir-profiles/code-systems/task-clock-step.json' with { type: 'json' }
import taskInput from '../../fhir-profiles/code-systems/task-input.json' with { type: 'json' }
import taskOutput from '../../fhir-profiles/code-systems/task-output.json' with { type: 'json' }
import teamWork from '../../fhir-profiles/code-systems/team-work.json' with { type: 'json' }
import transitionState from '../../fhir-profiles/code-systems/transition-state.json' with { type: 'json' }

/** The code systems that come with the service, one for each file of fhir-profiles/code-systems. */
export const packagedCodeSystems = [
  assignmentReason,
  auditSubtype,
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
] as readonly unknown[] as readonly CodeSystem[]
