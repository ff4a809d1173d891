import type { AuditEvent, Coding } from 'fhir/r4'
import {
  APPLICATION,
  AUTHOR,
  balpProfile,
  CUSTODIAN,
  DESTINATION_ROLE,
  INFORMATION_RECIPIENT,
  SOURCE_ROLE,
} from './codes.ts'
import type { Happening } from './happening.ts'

/** What BALP says of a kind of event: its action, its profile, and the roles in which client, server and user take part. */
export interface Pattern {
  action: NonNullable<AuditEvent['action']>
  client: Coding
  server: Coding
  user: Coding
  /** canonical; none where BALP has none */
  profile?: string
}

/** What is asked for flows from the client, what is read flows to it. */
const asked = { client: SOURCE_ROLE, server: DESTINATION_ROLE }
const answered = { client: DESTINATION_ROLE, server: SOURCE_ROLE }

const READ = { action: 'R', ...answered, user: INFORMATION_RECIPIENT } as const
const WRITE = { ...asked, user: AUTHOR } as const

interface Known extends Omit<Pattern, 'profile'> {
  /** of the two profiles, one without and one with a patient */
  name?: string
}

const EXECUTE: Known = { action: 'E', ...asked, user: INFORMATION_RECIPIENT }

const PATTERNS: Readonly<Record<string, Known>> = {
  create: { action: 'C', ...WRITE, name: 'Create' },
  read: { ...READ, name: 'Read' },
  vread: { ...READ, name: 'Read' },
  'history-instance': READ,
  update: { action: 'U', ...WRITE, name: 'Update' },
  patch: { action: 'U', ...WRITE, name: 'Update' },
  delete: { action: 'D', client: APPLICATION, server: CUSTODIAN, user: AUTHOR, name: 'Delete' },
  'search-type': { ...EXECUTE, name: 'Query' },
  'search-system': { ...EXECUTE, name: 'Query' },
  batch: { action: 'E', ...WRITE },
  transaction: { action: 'E', ...WRITE },
}

/** Pure. */
export const patternOf = ({ kind, patients }: Happening): Pattern => {
  if ('disclosed' in kind)
    return {
      ...READ,
      ...(patients.length === 1 && { profile: balpProfile('PrivacyDisclosure.Source') }),
    }
  if ('transmitted' in kind) return READ
  const { name, ...pattern } = PATTERNS[kind.rest] ?? EXECUTE
  // Those with a patient are of one; an event of several is what the profile without says, with more entities.
  return { ...pattern, ...(name && { profile: balpProfile(patients.length === 1 ? `Patient${name}` : name) }) }
}
