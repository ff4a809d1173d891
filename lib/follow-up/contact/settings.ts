import type { ContactSettings, TenantSettings } from '../../tenant.ts'

/** The evening begins within usual working hours: else there would be only two parts of the day to try. */
const DEFAULTS: ContactSettings = {
  attempts: 3,
  attemptsWithinDays: 14,
  letterBusinessDays: 2,
  reviewAfterDays: 30,
  afternoonFrom: '12:00',
  eveningFrom: '16:00',
}

export const contactSettings = ({ contacts }: TenantSettings): ContactSettings => ({ ...DEFAULTS, ...contacts })
