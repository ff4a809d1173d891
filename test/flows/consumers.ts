import type { Consumer } from '../../lib/events/consumer.ts'
import type { EventName } from '../../lib/events/contract.ts'
import { contactChanged } from '../../lib/follow-up/contact/contact-changed.ts'
import { notificationRequested } from '../../lib/follow-up/feeds/notification-requested.ts'
import { goalChanged } from '../../lib/follow-up/goals/goal-changed.ts'
import { goalMeasured } from '../../lib/follow-up/goals/goal-measured.ts'
import { carePlanChanged } from '../../lib/follow-up/recurrence/care-plan-changed.ts'
import { referralChanged } from '../../lib/follow-up/referrals/referral-changed.ts'
import { questionnaireAnswered } from '../../lib/follow-up/screening/questionnaire-answered.ts'
import { encounterChanged } from '../../lib/pathways/encounter-changed.ts'
import { factRecorded } from '../../lib/pathways/fact-recorded.ts'
import { patientChanged } from '../../lib/pathways/patient-changed.ts'
import { taskClockStruck } from '../../lib/pathways/task-clock-struck.ts'
import { taskClosed } from '../../lib/pathways/task-closed.ts'
import { taskOverdue } from '../../lib/pathways/task-overdue.ts'
import { taskRescheduled } from '../../lib/pathways/task-rescheduled.ts'

/** What the function of each rule does: the same as in functions/events, which need a deployed table. */
export const consumers: Readonly<Record<string, Consumer<EventName>>> = {
  'events/encounter-changed': encounterChanged,
  'events/patient-changed': patientChanged,
  'events/fact-recorded': factRecorded as Consumer<EventName>,
  'events/questionnaire-answered': questionnaireAnswered as Consumer<EventName>,
  'events/task-closed': taskClosed,
  'events/task-overdue': taskOverdue as Consumer<EventName>,
  'events/task-clock-struck': taskClockStruck as Consumer<EventName>,
  'events/care-plan-changed': carePlanChanged,
  'events/goal-changed': goalChanged,
  'events/goal-measured': goalMeasured,
  'events/task-rescheduled': taskRescheduled as Consumer<EventName>,
  'events/notification-requested': notificationRequested,
  'events/referral-changed': referralChanged as Consumer<EventName>,
  'events/contact-changed': contactChanged as Consumer<EventName>,
}
