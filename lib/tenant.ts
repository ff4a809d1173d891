/**
 * What a tenant can set, as the functions see it. infra/tenants/<id>.json holds it, infra checks it, and each function gets it in
 * the environment variable TENANT. Rows tagged [P] of the care rules are defaults here.
 */
export interface TenantSettings {
  id: string
  name: string
  /** IANA time zone for date-times without an offset and for due dates where the facility names none, e.g. `America/Chicago` */
  timeZone: string
  /** Which days are no business days besides Saturday and Sunday. */
  holidays: HolidayCalendar
  /** Where work goes that names no care manager. Created when first needed. */
  careManagementPool: Pool
  /** Who gets escalations. */
  supervisorPool: Pool
  /** `system|code` of the CareTeam participant roles that make a member the patient's care manager. */
  careManagerRoles: readonly string[]
  /** A discharge first heard of later than this many days after it creates no work: nothing could be done about it any more. */
  lateNoticeDays: number
  /**
   * Whether PUT on an id that was never used creates the resource; otherwise ids are the service's own.
   * @default true
   */
  updateCreate?: boolean
  /**
   * Whether PUT and PATCH of what exists need If-Match.
   * @default false
   */
  requireIfMatch?: boolean
  /**
   * What becomes of a relative reference to a resource that is not there: nothing, a warning, or a refusal. With `enforce` nothing that
   * is referenced can be deleted either.
   * @default off
   */
  referentialIntegrity?: 'off' | 'warn' | 'enforce'
}

export interface HolidayCalendar {
  base: 'us-federal' | 'none'
  /** further days off, local dates such as `2026-11-27` */
  extra: readonly string[]
}

/** A CareTeam that stands for a pool of workers. */
export interface Pool {
  id: string
  name: string
}

export const defaultSettings: TenantSettings = {
  id: 'local',
  name: 'Careloop on one machine',
  timeZone: 'America/New_York',
  holidays: { base: 'us-federal', extra: [] },
  careManagementPool: { id: 'care-management-pool', name: 'Care management pool' },
  supervisorPool: { id: 'care-supervisor-pool', name: 'Care supervisors' },
  careManagerRoles: ['http://snomed.info/sct|768820003'],
  lateNoticeDays: 365,
}
