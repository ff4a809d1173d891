import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { ID } from '../lib/fhir.ts'
import type { TenantSettings } from '../lib/tenant.ts'

/** Where the settings of the tenants are kept: one file a tenant, `<id>.json`. */
export const TENANTS_DIRECTORY = join(import.meta.dirname, 'tenants')

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
    careManagementPool: pool,
    supervisorPool: pool,
    careManagerRoles: z
      .array(z.string().regex(/^[^|\s]+\|[^|\s]+$/, 'must be "system|code"'))
      .min(1, 'must name at least one role'),
    lateNoticeDays: z.int('must be a whole number of days').min(0, 'must not be negative'),
    updateCreate: z.boolean('must be true or false').optional(),
    requireIfMatch: z.boolean('must be true or false').optional(),
    referentialIntegrity: z.enum(['off', 'warn', 'enforce'], 'must be off, warn or enforce').optional(),
  })
  .refine((settings) => settings.careManagementPool.id !== settings.supervisorPool.id, {
    path: ['supervisorPool', 'id'],
    message: 'must differ from careManagementPool.id: escalating to the same pool reaches nobody new',
  })
  .refine((settings) => Buffer.byteLength(JSON.stringify(settings)) <= MOST_SETTINGS_BYTES, {
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

/** The settings in one file. @throws InvalidTenant */
export const readTenant = (file: string): TenantSettings => {
  const { data, error } = settingsSchema.safeParse(parsed(file))
  if (error)
    throw new InvalidTenant(
      file,
      error.issues.map(({ path, message }) => `${path.length ? path.join('.') : 'the settings'}: ${message}`),
    )
  const expected = basename(file, '.json')
  if (data.id !== expected) throw new InvalidTenant(file, [`id: must be "${expected}", as the file is named`])
  return data
}

/** Ids of the tenants that have a file in `directory`, sorted. */
export const tenantIds = (directory: string = TENANTS_DIRECTORY): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .sort()
