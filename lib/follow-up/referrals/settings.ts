import type { Task } from 'fhir/r4'
import type { Delay } from '../../pathways/window.ts'
import type { ReferralSettings, TenantSettings } from '../../tenant.ts'
import { REFERRAL_REASON, type ReferralStep } from '../codes.ts'
import { businessDays, calendarDays } from '../timed-task.ts'

const DEFAULTS: ReferralSettings = {
  acknowledgeBusinessDays: 2,
  acknowledgeUrgentBusinessDays: 1,
  acknowledgeStatHours: 4,
  firstContactBusinessDays: 5,
  outcomeDays: 30,
  reviewBusinessDays: 3,
  consentBusinessDays: 2,
  chooseBusinessDays: 1,
  askNextFor: [`${REFERRAL_REASON}|at-capacity`],
  linkDays: 30,
}

export const referralSettings = ({ referrals }: TenantSettings): ReferralSettings => ({ ...DEFAULTS, ...referrals })

const acknowledgement = (settings: ReferralSettings, priority: Task['priority']): Delay => {
  if (priority === 'stat') return { unit: 'hour', hours: settings.acknowledgeStatHours }
  const isUrgent = priority === 'urgent' || priority === 'asap'
  return businessDays(isUrgent ? settings.acknowledgeUrgentBusinessDays : settings.acknowledgeBusinessDays)
}

/** How long a step may take, by the priority of the referral. */
export const delayOf = (step: ReferralStep, priority: Task['priority'], settings: ReferralSettings): Delay => {
  switch (step) {
    case 'acknowledge-referral':
      return acknowledgement(settings, priority)
    case 'referral-first-contact':
      return businessDays(settings.firstContactBusinessDays)
    case 'referral-outcome':
      return calendarDays(settings.outcomeDays)
    case 'review-referral':
      return businessDays(settings.reviewBusinessDays)
    case 'obtain-consent':
      return businessDays(settings.consentBusinessDays)
    case 'choose-referral-target':
      return businessDays(settings.chooseBusinessDays)
  }
}
