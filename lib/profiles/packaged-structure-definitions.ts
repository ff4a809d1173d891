import type { StructureDefinition } from 'fhir/r4'
import assigned from '../../fhir-profiles/structure-definitions/assigned.json' with { type: 'json' }
import businessCalendar from '../../fhir-profiles/structure-definitions/business-calendar.json' with { type: 'json' }
import businessDays from '../../fhir-profiles/structure-definitions/business-days.json' with { type: 'json' }
import businessHours from '../../fhir-profiles/structure-definitions/business-hours.json' with { type: 'json' }
import careloopCarePlan from '../../fhir-profiles/structure-definitions/careloop-care-plan.json' with { type: 'json' }
import careloopGoal from '../../fhir-profiles/structure-definitions/careloop-goal.json' with { type: 'json' }
import careloopPatientTask from '../../fhir-profiles/structure-definitions/careloop-patient-task.json' with {
  type: 'json',
}
import careloopReferralTask from '../../fhir-profiles/structure-definitions/careloop-referral-task.json' with {
  type: 'json',
}
import careloopServiceRequest from '../../fhir-profiles/structure-definitions/careloop-service-request.json' with {
  type: 'json',
}
import careloopWorkTask from '../../fhir-profiles/structure-definitions/careloop-work-task.json' with { type: 'json' }
import complianceWindow from '../../fhir-profiles/structure-definitions/compliance-window.json' with { type: 'json' }
import contactLadder from '../../fhir-profiles/structure-definitions/contact-ladder.json' with { type: 'json' }
import contactOutcome from '../../fhir-profiles/structure-definitions/contact-outcome.json' with { type: 'json' }
import countAnchorDay from '../../fhir-profiles/structure-definitions/count-anchor-day.json' with { type: 'json' }
import countedDue from '../../fhir-profiles/structure-definitions/counted-due.json' with { type: 'json' }
import escalation from '../../fhir-profiles/structure-definitions/escalation.json' with { type: 'json' }
import evidence from '../../fhir-profiles/structure-definitions/evidence.json' with { type: 'json' }
import factsAsOf from '../../fhir-profiles/structure-definitions/facts-as-of.json' with { type: 'json' }
import goalBaseline from '../../fhir-profiles/structure-definitions/goal-baseline.json' with { type: 'json' }
import lastEventAt from '../../fhir-profiles/structure-definitions/last-event-at.json' with { type: 'json' }
import minutesSpent from '../../fhir-profiles/structure-definitions/minutes-spent.json' with { type: 'json' }
import nextOccurrence from '../../fhir-profiles/structure-definitions/next-occurrence.json' with { type: 'json' }
import nextPage from '../../fhir-profiles/structure-definitions/next-page.json' with { type: 'json' }
import outsideParty from '../../fhir-profiles/structure-definitions/outside-party.json' with { type: 'json' }
import pausable from '../../fhir-profiles/structure-definitions/pausable.json' with { type: 'json' }
import planStatusReason from '../../fhir-profiles/structure-definitions/plan-status-reason.json' with { type: 'json' }
import recurrence from '../../fhir-profiles/structure-definitions/recurrence.json' with { type: 'json' }
import recurrenceAnchor from '../../fhir-profiles/structure-definitions/recurrence-anchor.json' with { type: 'json' }
import reportedScore from '../../fhir-profiles/structure-definitions/reported-score.json' with { type: 'json' }
import riskScore from '../../fhir-profiles/structure-definitions/risk-score.json' with { type: 'json' }
import rollForward from '../../fhir-profiles/structure-definitions/roll-forward.json' with { type: 'json' }
import stop from '../../fhir-profiles/structure-definitions/stop.json' with { type: 'json' }
import stopWhenGoalAchieved from '../../fhir-profiles/structure-definitions/stop-when-goal-achieved.json' with {
  type: 'json',
}
import taskClock from '../../fhir-profiles/structure-definitions/task-clock.json' with { type: 'json' }
import taskReplaces from '../../fhir-profiles/structure-definitions/task-replaces.json' with { type: 'json' }
import transitionLine from '../../fhir-profiles/structure-definitions/transition-line.json' with { type: 'json' }
import unattended from '../../fhir-profiles/structure-definitions/unattended.json' with { type: 'json' }
import windowAnchor from '../../fhir-profiles/structure-definitions/window-anchor.json' with { type: 'json' }

/** Every profile and extension that comes with Careloop: the files of fhir-profiles/structure-definitions. All in one, which is loaded when the first is asked for. */
export const structureDefinitions = [
  assigned,
  businessCalendar,
  businessDays,
  businessHours,
  careloopCarePlan,
  careloopGoal,
  careloopPatientTask,
  careloopReferralTask,
  careloopServiceRequest,
  careloopWorkTask,
  complianceWindow,
  contactLadder,
  contactOutcome,
  countAnchorDay,
  countedDue,
  escalation,
  evidence,
  factsAsOf,
  goalBaseline,
  lastEventAt,
  minutesSpent,
  nextOccurrence,
  nextPage,
  outsideParty,
  pausable,
  planStatusReason,
  recurrence,
  recurrenceAnchor,
  reportedScore,
  riskScore,
  rollForward,
  stop,
  stopWhenGoalAchieved,
  taskClock,
  taskReplaces,
  transitionLine,
  unattended,
  windowAnchor,
] as unknown as readonly StructureDefinition[]
