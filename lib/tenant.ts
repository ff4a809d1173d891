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
  /** When people work on business days, local time. */
  businessHours: BusinessHours
  /** Where work goes that names no care manager. Created when first needed. */
  careManagementPool: Pool
  /** Who gets escalations. */
  supervisorPool: Pool
  /** Who gets what is still open when the supervisors have had their time. */
  managerPool: Pool
  /** Who is on call for people in a crisis, day and night. @default {@link crisisPool} */
  crisisPool?: Pool
  /** `system|code` of the CareTeam participant roles that make a member the patient's care manager. */
  careManagerRoles: readonly string[]
  /** A discharge first heard of later than this many days after it creates no work: nothing could be done about it any more. */
  lateNoticeDays: number
  /**
   * So many calendar days after its last revision or review a plan is to be reviewed; at most 365.
   * @default 90
   */
  reviewDays?: number
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
   * @default enforce
   */
  referentialIntegrity?: 'off' | 'warn' | 'enforce'
  /**
   * How much of what a resource of a supporting type holds is checked when it is written: the whole definition of its type, and of what
   * it contains, or only the elements that search reads. The core types are always checked in full. See docs/validation.md.
   * @default whole
   */
  structure?: 'whole' | 'searched'
  /**
   * What becomes of a resource that does not meet a profile of its `meta.profile`, or not the definition of its type where `structure` lets
   * that pass: nothing, a warning for whoever asks by `Prefer: return=OperationOutcome`, or a refusal. See docs/validation.md.
   * @default warn
   */
  profileValidation?: 'off' | 'warn' | 'enforce'
  /**
   * Whether the requester of a Task may cancel it when work on it has begun. Otherwise they ask its owner to, with a Task of code abort.
   * @default false
   */
  placerCancelInProgress?: boolean
  /**
   * The roles of callers who may open a closed Task again.
   * @default none: work that is taken up again is a new Task
   */
  reopenRoles?: readonly string[]
  /** How long the parts of a referral may take; what is left out is by default. */
  referrals?: Partial<ReferralSettings>
  /** How often and when clients are tried to be reached; what is left out is by default. */
  contacts?: Partial<ContactSettings>
  /** How this tenant's HL7 v2 messages are to be read. */
  hl7v2?: Hl7v2Settings
  /** How much work people can carry. */
  caseload?: CaseloadSettings
  /** Where the outside is told that there is work, without saying what or for whom. */
  feeds?: FeedSettings
  /** What counts as a disclosure; what is left out is by default. */
  audit?: Partial<AuditSettings>
  /** Whom what bears a sensitive label is kept from. */
  labels?: LabelSettings
  /** Who says who calls. @default nobody: every token is refused */
  auth?: AuthSettings
}

/** With which a token may be signed: RFC 7518, section 3.1. */
export const TOKEN_ALGORITHMS = ['RS256', 'RS384', 'ES256', 'ES384'] as const
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number]

/** The one issuer of tokens that a tenant trusts. */
export interface AuthSettings {
  /** `iss` of its tokens, to the letter */
  issuer: string
  /** `aud` of its tokens. @default the base URL of the FHIR API, as the caller addressed it */
  audience?: string
  /** Where its public keys are. @default what `<issuer>/.well-known/openid-configuration` says */
  jwksUri?: string
  /** Where clients get tokens, for the discovery document. @default there is none: clients have to know */
  tokenEndpoint?: string
  /** Where apps send people to sign in, for the discovery document. */
  authorizationEndpoint?: string
  /** @default all of {@link TOKEN_ALGORITHMS} */
  algorithms?: readonly TokenAlgorithm[]
}

export interface LabelSettings {
  /**
   * Whether what bears a sensitive label takes the patient's consent to be seen.
   * @default true
   */
  enforced?: boolean
  /**
   * Who belongs to the programme that the labelled records are of, and sees them without: ids of clients, and references of users.
   * @default nobody
   */
  programme?: readonly string[]
}

export interface AuditSettings {
  /**
   * Codes of v3-ActReason whose reads need not be accounted for as disclosures.
   * @default treatment, payment, operations, the patient's own request and emergencies
   */
  exemptPurposes: readonly string[]
  /** Ids of clients that belong to others: whatever they read is accounted for. @default none */
  outsideClients: readonly string[]
}

export interface CaseloadSettings {
  /**
   * Points that a PractitionerRole can carry, by `system|code` of its codes and specialties; 0: it is given nothing.
   * @default defaultCapacity
   */
  capacity?: Readonly<Record<string, number>>
  /** @default 40 points */
  defaultCapacity?: number
  /**
   * Language tags of whoever has not said which languages they speak.
   * @default en
   */
  languages?: readonly string[]
}

export interface FeedSettings {
  /** Where people work on Tasks, `https://…`: links lead to `<appUrl>/tasks/<id>`. @default links of calendars lead to the API */
  appUrl?: string
  /** The chat tool that reminders and escalations are posted to. @default none */
  webhook?: WebhookSettings
}

export interface WebhookSettings {
  format: 'slack' | 'teams'
  /** The address as it is: a secret, so only for tenants on one machine. */
  url?: string
  /** The name of the AWS Secrets Manager secret whose text is the address. */
  secretName?: string
  /**
   * Hosts that may be posted to; `*.` stands for any name below.
   * @default those of Slack and Microsoft Teams
   */
  hosts?: readonly string[]
}

/** Times are counted from when the referral was sent, unless said otherwise. */
export interface ReferralSettings {
  /** until those asked say that they have it. @default 2 */
  acknowledgeBusinessDays: number
  /** of an urgent one. @default 1 */
  acknowledgeUrgentBusinessDays: number
  /** of one of priority stat, by the wall clock. @default 4 */
  acknowledgeStatHours: number
  /** until the client is contacted. @default 5 */
  firstContactBusinessDays: number
  /** until the outcome is told. @default 30 */
  outcomeDays: number
  /** from the end of the work until the source has looked at the outcome. @default 3 */
  reviewBusinessDays: number
  /** until whoever sees to it has a consent that is missing. @default 2 */
  consentBusinessDays: number
  /** until somebody has chosen whom else to ask. @default 1 */
  chooseBusinessDays: number
  /** `system|code` of Task.statusReason with which the next candidate is asked. @default our own code at-capacity */
  askNextFor: readonly string[]
  /** for how many days a link to a referral can be used. @default 30 */
  linkDays: number
}

export interface ContactSettings {
  /** after so many attempts, on different days and parts of the day, the client is written to. @default 3 */
  attempts: number
  /** within how many days from the first they should be made. @default 14 */
  attemptsWithinDays: number
  /** until the letter is sent. @default 2 */
  letterBusinessDays: number
  /** after how many days from the first attempt it is decided what becomes of the case. @default 30 */
  reviewAfterDays: number
  /** local time at which the afternoon begins. @default 12:00 */
  afternoonFrom: string
  /** @default 16:00 */
  eveningFrom: string
}

export interface Hl7v2Settings {
  /**
   * The identifier system of each assigning authority, by its namespace id: of its record numbers, e.g. `HOSP`, or of one type of table 0203,
   * e.g. `HOSP/VN` for visit numbers.
   */
  assigningAuthorities?: Readonly<Record<string, string>>
  /** The v3 ActCode of each patient class (PV1-2) that table 0004 does not have, e.g. `OBS` -> `OBSENC`. */
  patientClasses?: Readonly<Record<string, string>>
}

export interface HolidayCalendar {
  base: 'us-federal' | 'none'
  /** further days off, local dates such as `2026-11-27` */
  extra: readonly string[]
}

/** Local times `HH:MM` of one day. */
export interface BusinessHours {
  start: string
  end: string
}

/** A CareTeam that stands for a pool of workers. */
export interface Pool {
  id: string
  name: string
}

/** Who is on call where the tenant names nobody. */
export const crisisPool: Pool = { id: 'crisis-on-call-pool', name: 'Crisis on-call' }

export const defaultSettings: TenantSettings = {
  id: 'local',
  name: 'Careloop on one machine',
  timeZone: 'America/New_York',
  holidays: { base: 'us-federal', extra: [] },
  businessHours: { start: '08:00', end: '17:00' },
  careManagementPool: { id: 'care-management-pool', name: 'Care management pool' },
  supervisorPool: { id: 'care-supervisor-pool', name: 'Care supervisors' },
  managerPool: { id: 'care-manager-pool', name: 'Care managers in charge' },
  careManagerRoles: ['http://snomed.info/sct|768820003'],
  lateNoticeDays: 365,
}
