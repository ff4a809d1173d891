import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { ID } from '../lib/fhir.ts'
import { defaultSettings, type TenantSettings, TOKEN_ALGORITHMS } from '../lib/tenant.ts'
import { type DeploymentSettings, deploymentSchema } from './deployment.ts'

/** Where the settings of the tenants are kept: one file a tenant, `<id>.json`. */
export const TENANTS_DIRECTORY = join(import.meta.dirname, 'tenants')

/** The tenant of the one-machine runtime, which is not deployed unless it is named. */
export const LOCAL = 'local'

/** Lambda allows 4 KB for all variables of a function; the settings are one of them. */
const MOST_SETTINGS_BYTES = 3_000

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== undefined
  } catch {
    return false
  }
}

const pool = z.strictObject({
  id: z.string().regex(ID, 'must be a FHIR id: up to 64 letters, digits, "-" and "."'),
  name: z.string().min(1, 'must not be empty'),
})

const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time such as "08:00"')

const count = (least: number, most: number) =>
  z
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)
    .optional()

const referralSettings = z.strictObject({
  acknowledgeBusinessDays: count(1, 90),
  acknowledgeUrgentBusinessDays: count(1, 90),
  acknowledgeStatHours: count(1, 168),
  firstContactBusinessDays: count(1, 90),
  outcomeDays: count(1, 365),
  reviewBusinessDays: count(1, 90),
  consentBusinessDays: count(1, 90),
  chooseBusinessDays: count(1, 90),
  askNextFor: z.array(z.string().regex(/^[^|\s]+\|[^|\s]+$/, 'must be "system|code"')).optional(),
  linkDays: count(1, 90),
})

const contactSettings = z.strictObject({
  attempts: count(1, 6),
  attemptsWithinDays: count(1, 365),
  letterBusinessDays: count(1, 90),
  reviewAfterDays: count(1, 365),
  afternoonFrom: localTime.optional(),
  eveningFrom: localTime.optional(),
})

const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https address' })

const authSettings = z.strictObject({
  issuer: httpsUrl,
  audience: z.string().min(1, 'must not be empty').optional(),
  jwksUri: httpsUrl.optional(),
  tokenEndpoint: httpsUrl.optional(),
  authorizationEndpoint: httpsUrl.optional(),
  algorithms: z
    .array(z.enum(TOKEN_ALGORITHMS, `must be one of ${TOKEN_ALGORITHMS.join(', ')}`))
    .min(1, 'must name at least one algorithm')
    .optional(),
})

const settingsSchema = z
  .strictObject({
    id: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]{1,39}$/,
        'must be 2 to 40 lower-case letters, digits or "-", a letter first (it names the stack)',
      ),
    name: z.string().min(1, 'must not be empty'),
    timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as "America/Chicago"'),
    holidays: z.strictObject({
      base: z.enum(['us-federal', 'none']),
      extra: z.array(z.iso.date('must be a local date such as "2026-11-27"')),
    }),
    businessHours: z
      .strictObject({ start: localTime, end: localTime })
      .refine(({ start, end }) => start < end, { path: ['end'], message: 'must be after start' })
      .default(defaultSettings.businessHours),
    careManagementPool: pool,
    supervisorPool: pool,
    managerPool: pool.default(defaultSettings.managerPool),
    crisisPool: pool.optional(),
    careManagerRoles: z
      .array(z.string().regex(/^[^|\s]+\|[^|\s]+$/, 'must be "system|code"'))
      .min(1, 'must name at least one role'),
    lateNoticeDays: z.int('must be a whole number of days').min(0, 'must not be negative'),
    reviewDays: z
      .int('must be a whole number of days')
      .min(1, 'must be at least 1')
      .max(365, 'must be at most 365')
      .optional(),
    updateCreate: z.boolean('must be true or false').optional(),
    requireIfMatch: z.boolean('must be true or false').optional(),
    referentialIntegrity: z.enum(['off', 'warn', 'enforce'], 'must be off, warn or enforce').optional(),
    structure: z.enum(['whole', 'searched'], 'must be whole or searched').optional(),
    profileValidation: z.enum(['off', 'warn', 'enforce'], 'must be off, warn or enforce').optional(),
    placerCancelInProgress: z.boolean('must be true or false').optional(),
    reopenRoles: z.array(z.string().regex(/^[^\s,]+$/, 'must be a role: no spaces, no commas')).optional(),
    referrals: referralSettings.optional(),
    contacts: contactSettings.optional(),
    hl7v2: z
      .strictObject({
        assigningAuthorities: z
          .record(z.string(), z.string().regex(/^\S+:\S+$/, 'must be a URI: the system'))
          .optional(),
        patientClasses: z.record(z.string(), z.string().min(1, 'must be a code of v3 ActCode')).optional(),
      })
      .optional(),
    caseload: z
      .strictObject({
        capacity: z
          .record(
            z.string().regex(/^[^|\s]*\|[^|\s]+$/, 'must be "system|code"'),
            z.number().min(0, 'must not be negative'),
          )
          .optional(),
        defaultCapacity: z.number().min(0, 'must not be negative').optional(),
        languages: z.array(z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/, 'must be a language tag')).optional(),
      })
      .optional(),
    auth: authSettings.optional(),
    audit: z
      .strictObject({
        exemptPurposes: z.array(z.string().regex(/^[A-Z]+$/, 'must be a code of v3-ActReason')).optional(),
        outsideClients: z.array(z.string().min(1, 'must not be empty')).optional(),
      })
      .optional(),
    labels: z
      .strictObject({
        enforced: z.boolean('must be true or false').optional(),
        programme: z.array(z.string().min(1, 'must not be empty')).optional(),
      })
      .optional(),
    feeds: z
      .strictObject({
        appUrl: httpsUrl.optional(),
        webhook: z
          .strictObject({
            format: z.enum(['slack', 'teams'], 'must be slack or teams'),
            url: httpsUrl.optional(),
            secretName: z
              .string()
              .regex(/^[\w/+=.@-]+$/, 'must be the name of a secret')
              .optional(),
            hosts: z
              .array(z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/, 'must be a host, such as hooks.slack.com'))
              .optional(),
          })
          .refine(({ url, secretName }) => (url === undefined) !== (secretName === undefined), {
            message: 'must have url (one machine) or secretName (AWS), and only one of them',
          })
          .optional(),
      })
      .optional(),
    deployment: deploymentSchema.prefault({}),
  })
  .refine((settings) => settings.careManagementPool.id !== settings.supervisorPool.id, {
    path: ['supervisorPool', 'id'],
    message: 'must differ from careManagementPool.id: escalating to the same pool reaches nobody new',
  })
  .refine((settings) => settings.managerPool.id !== settings.supervisorPool.id, {
    path: ['managerPool', 'id'],
    message: 'must differ from supervisorPool.id: escalating to the same pool reaches nobody new',
  })
  .refine(({ deployment: _, ...settings }) => Buffer.byteLength(JSON.stringify(settings)) <= MOST_SETTINGS_BYTES, {
    message: `must be at most ${MOST_SETTINGS_BYTES} bytes in all, since every function gets them in its environment; shorten holidays.extra`,
  })

/** A file of tenant settings breaks a rule; the message names the file, the place in it and the rule. */
export class InvalidTenant extends Error {
  constructor(file: string, problems: readonly string[]) {
    super(`${file} is not a valid tenant: ${problems.join('; ')}`)
    this.name = 'InvalidTenant'
  }
}

const parsed = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new InvalidTenant(file, [`it cannot be read as JSON (${(error as Error).message})`])
  }
}

/** A tenant: what its functions are to know, and how its stack is deployed. */
export interface Tenant {
  settings: TenantSettings
  deployment: DeploymentSettings
}

/** The tenant of one file. @throws InvalidTenant */
export const readTenantFile = (file: string): Tenant => {
  const { data, error } = settingsSchema.safeParse(parsed(file))
  if (error)
    throw new InvalidTenant(
      file,
      error.issues.map(({ path, message }) => `${path.length ? path.join('.') : 'the settings'}: ${message}`),
    )
  const expected = basename(file, '.json')
  if (data.id !== expected) throw new InvalidTenant(file, [`id: must be "${expected}", as the file is named`])
  const { deployment, ...settings } = data
  return { settings, deployment }
}

/** What the functions of the tenant of one file are to know. @throws InvalidTenant */
export const readTenant = (file: string): TenantSettings => readTenantFile(file).settings

export const tenantFile = (id: string, directory: string = TENANTS_DIRECTORY): string => join(directory, `${id}.json`)

/** Ids of the tenants that have a file in `directory`, sorted. */
export const tenantIds = (directory: string = TENANTS_DIRECTORY): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .sort()
