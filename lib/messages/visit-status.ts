import type { Encounter } from 'fhir/r4'
import type { Instant } from '../fhir.ts'
import { ACT_CODE } from './codes.ts'

/**
 * By element, the instant of the message that had the last word on it; by `status.<claim>`, that of the newest message that made the
 * claim. `written.<status>`: when others than messages last wrote the Encounter, before the first message about it.
 */
export type AsOf = Record<string, Instant>

export const CLAIM = 'status.'
export const WRITTEN = 'written.'

/** Every Encounter has a class; that of one of which no message has told it. */
export const UNKNOWN_CLASS = { system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor', code: 'UNK' }

/** How far a visit has come; of claims of one instant the one that is further counts. */
const RANK: Readonly<Record<string, number>> = {
  ...{ unknown: 0, planned: 0, preadmitted: 0, arrived: 1, triaged: 1, registered: 2, 'in-progress': 2, onleave: 3 },
  ...{ underway: 2, left: 2, returned: 2 },
  ...{ finished: 4, cancelled: 5, 'entered-in-error': 6 },
}
/** Claims that hold only of what has not ended. */
const BEGINNINGS: Readonly<Record<string, Encounter['status']>> = { preadmitted: 'planned', registered: 'in-progress' }
/** Claims that a visit goes on, and no more. */
const ONGOING = ['underway', 'left', 'returned']

interface Decided {
  status: Encounter['status']
  at: Instant
}

/** What the newest of these claims says; undefined when none was made. */
const newest = (asOf: AsOf, isOne: (claim: string) => boolean): Decided | undefined => {
  const made = Object.entries(asOf)
    .filter(([path]) => path.startsWith(CLAIM) && isOne(path.slice(CLAIM.length)))
    .map(([path, at]) => ({ claim: path.slice(CLAIM.length), at }))
    .sort((a, b) => (a.at === b.at ? RANK[b.claim]! - RANK[a.claim]! : a.at < b.at ? 1 : -1))
  const [last] = made
  return last && { status: BEGINNINGS[last.claim] ?? (last.claim as Encounter['status']), at: last.at }
}

/** What messages say of the status; undefined when none does. */
const claimed = (asOf: AsOf): Decided | undefined => {
  const said = newest(asOf, (claim) => !ONGOING.includes(claim) && !(claim in BEGINNINGS))
  const begun = newest(asOf, (claim) => claim in BEGINNINGS)
  // What was called off may be planned anew; what has ended begins again only when somebody says so outright.
  const isAnew = begun && (!said || (said.status === 'cancelled' && begun.at > said.at))
  const decided = isAnew ? begun : said
  const goesOn = newest(asOf, (claim) => ONGOING.includes(claim))
  const isOngoing = goesOn && (!decided || (decided.status === 'planned' && goesOn.at > decided.at))
  const known = isOngoing ? ({ status: 'in-progress', at: goesOn.at } as const) : decided
  return known && isOnLeave(asOf, known) ? { ...known, status: 'onleave' } : known
}

/** Only of a stay that goes on, and only since it does. */
const isOnLeave = (asOf: AsOf, { status, at }: Decided): boolean => {
  const left = asOf[`${CLAIM}left`]
  return status === 'in-progress' && left !== undefined && left >= at && left > (asOf[`${CLAIM}returned`] ?? '')
}

/** Of a visit of whose status nobody has spoken: what its class and its end let expect. */
const expectedStatus = ({ class: kind, period }: Partial<Encounter>): Encounter['status'] => {
  if (kind?.system === ACT_CODE && kind.code === 'PRENC') return 'planned'
  if (period?.end) return 'finished'
  return kind && kind.code !== UNKNOWN_CLASS.code ? 'in-progress' : 'unknown'
}

/**
 * The status of a visit by all that was ever claimed of it, in whatever order it came. A status that others than messages wrote gives way
 * to a claim that is newer, or that goes forwards. Pure.
 */
export const statusOf = (encounter: Encounter, asOf: AsOf): Encounter['status'] => {
  const said = claimed(asOf)
  const [path, written] = Object.entries(asOf).find(([name]) => name.startsWith(WRITTEN)) ?? []
  if (path === undefined || written === undefined) return said?.status ?? expectedStatus(encounter)
  const before = path.slice(WRITTEN.length) as Encounter['status']
  if (!said) return before
  const isForwards = RANK[said.status]! > RANK[before]! && said.status !== 'cancelled'
  return said.at >= written || isForwards ? said.status : before
}
