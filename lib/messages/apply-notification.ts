import type { Communication, Encounter } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import { rewriteLinks } from '../interactions/bundle-links.ts'
import { criteriaOf } from '../interactions/criteria.ts'
import { decideOnMatch } from '../interactions/decide-on-match.ts'
import { requireValid } from '../interactions/resource-body.ts'
import { retryConflicts } from '../interactions/retry-conflicts.ts'
import { creation } from '../pathways/commit.ts'
import { provenanceOf } from '../pathways/provenance.ts'
import type { Claim, Write } from '../store/plan-write.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { bringAlong } from './bring-along.ts'
import {
  confirmedIdentifiers,
  type Identity,
  identifyPatient,
  patientAt,
  patientWrite,
  settleVisit,
  tokenOf,
  type Unidentified,
} from './identify-patient.ts'
import { identityTask } from './identity-task.ts'
import { linkPatients, movePatient } from './merge-patients.ts'
import type {
  MergeNotification,
  Notification,
  OtherNotification,
  RawMessage,
  VisitNotification,
} from './notification.ts'
import { type Fate, receiptId, receiptWrite } from './receipt.ts'
import { withNotification } from './visit-facts.ts'

/**
 * What became of a message. `duplicate`: it came before, nothing was written. `recorded`: only that it came. `parked`: kept until
 * somebody says whom it is about. `not-ours`: somebody has said that it is about nobody here.
 */
export type Outcome = 'applied' | 'merged' | 'nothing-to-merge' | 'duplicate' | 'recorded' | 'parked' | 'not-ours'

export interface Applied {
  outcome: Outcome
  /** `Encounter/id` of the visit */
  encounter?: string
  /** what it has written, for the audit */
  seen?: readonly Version[]
}

interface Incoming<Kind extends Notification = Notification> {
  notification: Kind
  raw: RawMessage
  /** it was parked and is tried again */
  replayed: boolean
}

const isDone = (receipt: Version | undefined, replayed: boolean): boolean => {
  if (!receipt || receipt.deleted) return false
  const { status } = resourceOf(receipt)
  // A merge that a crash has cut short goes on when the message comes again.
  return status !== 'in-progress' && !(replayed && status === 'on-hold')
}

const receiptOf = ({ store }: Careloop, notification: Notification): Promise<Version | undefined> =>
  store.read('Communication', receiptId(notification))

/** Keeps that a message came, and nothing else. */
const record = (careloop: Careloop, { notification, replayed }: Incoming<OtherNotification>): Promise<Applied> =>
  retryConflicts(async () => {
    const receipt = await receiptOf(careloop, notification)
    if (isDone(receipt, replayed)) return { outcome: 'duplicate' }
    const fate: Fate = { status: 'completed' }
    const seen = await careloop.store.write([receiptWrite(notification, fate, careloop.clock.now(), receipt)])
    return { outcome: 'recorded', seen }
  })

const waitsFor = (receipt: Version | undefined, task: string): boolean => {
  const { status, partOf } = ((receipt && resourceOf(receipt)) as unknown as Partial<Communication>) ?? {}
  return status === 'on-hold' && partOf?.[0]?.reference === referenceTo('Task', task)
}

/** What a message gives rise to, with the record that it did: the receipt among the writes is what gave rise to the rest. */
const withRecord = (writes: readonly Write[], now: Instant): Write[] => {
  const versionOf = ({ type, id, base }: Write) => `${referenceTo(type, id)}/_history/${(base?.v ?? 0) + 1}`
  const receipt = writes.find(({ type }) => type === 'Communication')!
  const changed = writes.filter((write) => write !== receipt)
  if (!changed.length) return [...writes]
  const trigger = versionOf(receipt)
  const targets = changed.map(versionOf)
  const activity = changed.every(({ base }) => !base) ? 'CREATE' : 'UPDATE'
  const act = ['message', trigger]
  return [...writes, creation(provenanceOf({ act, targets, trigger, activity, reason: 'message-received' }, now))]
}

/** Keeps the message for when it is known whom it is about, and sees that somebody is asked. */
const park = async (
  careloop: Careloop,
  { notification, raw }: Incoming,
  { task, state, candidates }: Unidentified,
  receipt: Version | undefined,
): Promise<Applied> => {
  const { store, clock } = careloop
  if (state === 'open' && waitsFor(receipt, task)) return { outcome: 'parked' }
  const isOurs = state !== 'not-ours'
  const fate: Fate = isOurs ? { status: 'on-hold', task, raw } : { status: 'not-done', task }
  const writes = [receiptWrite(notification, fate, clock.now(), receipt)]
  if (state === 'absent') {
    const message = referenceTo('Communication', receiptId(notification))
    const { task: question, pool } = identityTask(careloop, { id: task, message, candidates })
    const base = await store.read('Task', task)
    writes.push({ type: 'Task', id: task, resource: question, ...(base && { base }), method: 'PUT' })
    if (!(await store.read('CareTeam', pool.id!)))
      writes.push({ type: 'CareTeam', id: pool.id!, resource: pool, method: 'PUT' })
  }
  const seen = await store.write(withRecord(writes, clock.now()))
  return { outcome: isOurs ? 'parked' : 'not-ours', seen }
}

/** Whom the visit is of: whom the message is about, unless it is known as somebody else's. */
const patientOfVisit = async (
  careloop: Careloop,
  { patient: identifiers, visit }: VisitNotification,
  current: Encounter | undefined,
): Promise<Identity> => {
  const told = await identifyPatient(careloop, identifiers)
  const known = told.patient && (await patientAt(careloop, current?.subject?.reference))
  return !known || known.id === told.patient.id ? told : settleVisit(careloop, visit, [known, told.patient])
}

/** All that a message about a visit makes known, in one commit. */
const commitVisit = async (
  careloop: Careloop,
  incoming: Incoming<VisitNotification>,
  match: Version | undefined,
  claim: Claim,
): Promise<Applied> => {
  const { store, clock } = careloop
  const { notification, replayed } = incoming
  const receipt = await receiptOf(careloop, notification)
  if (isDone(receipt, replayed)) return { outcome: 'duplicate' }
  const current = match && (resourceOf(match) as unknown as Encounter)
  const identity = await patientOfVisit(careloop, notification, current)
  if (!identity.patient) return park(careloop, incoming, identity, receipt)

  const id = match?.id ?? deterministicId('Encounter', notification.visit.system, notification.visit.value)
  const base = match ?? (await store.read('Encounter', id))
  const encounter = referenceTo('Encounter', id)
  const patient = referenceTo('Patient', identity.patient.id)
  const { links, writes } = await bringAlong(careloop, notification, { encounter, patient })
  const facts = rewriteLinks(notification.facts as unknown as Resource, links)
  const subject = current?.subject?.reference === patient ? current.subject : { reference: patient }
  const resource = withNotification(current, { ...notification, facts }, { id, subject }) as unknown as Resource
  await requireValid(careloop, resource)
  const visit: Write = {
    type: 'Encounter',
    id,
    resource,
    ...(base && { base }),
    method: 'PUT',
    ...(!match && { claim }),
  }
  const confirmed = identity.confirmed && confirmedIdentifiers(identity.patient, notification.patient)
  const changed = [visit, ...writes, ...(confirmed ? [patientWrite(identity.patient, confirmed)] : [])]
  const about = changed.map((write) => referenceTo(write.type, write.id))
  const fate: Fate = { status: 'completed', subject: patient, encounter, about }
  const now = clock.now()
  const seen = await store.write(withRecord([...changed, receiptWrite(notification, fate, now, receipt)], now))
  return { outcome: 'applied', encounter, seen }
}

const applyVisit = (careloop: Careloop, incoming: Incoming<VisitNotification>): Promise<Applied> => {
  const criteria = criteriaOf('Encounter', [['identifier', tokenOf(incoming.notification.visit)]], '')
  return decideOnMatch(careloop, criteria, (match, claim) => commitVisit(careloop, incoming, match, claim))
}

/** The two records of a merge that has begun. */
type Begun = Record<'survivor' | 'prior', string>

const begunIn = (receipt: Version | undefined): Begun | undefined => {
  const { status, about = [] } = (receipt && !receipt.deleted ? resourceOf(receipt) : {}) as Partial<Communication>
  const [survivor, prior] = about.map(({ reference }) => reference)
  return status === 'in-progress' && survivor && prior ? { survivor, prior } : undefined
}

const beginMerge = async (careloop: Careloop, incoming: Incoming<MergeNotification>): Promise<Applied | Begun> => {
  const { store, clock } = careloop
  const { notification, replayed } = incoming
  const receipt = await receiptOf(careloop, notification)
  if (isDone(receipt, replayed)) return { outcome: 'duplicate' }
  const begun = begunIn(receipt)
  if (begun) return begun
  const merge = await linkPatients(careloop, notification)
  if (merge.kind === 'unknown') return park(careloop, incoming, merge.identity, receipt)
  const { survivor, writes } = merge
  const prior = merge.kind === 'merge' ? merge.prior : undefined
  const fate: Fate = prior
    ? { status: 'in-progress', subject: survivor, about: [survivor!, prior] }
    : { status: 'completed', subject: survivor }
  const now = clock.now()
  await store.write(withRecord([...writes, receiptWrite(notification, fate, now, receipt)], now))
  return prior ? { survivor: survivor!, prior } : { outcome: 'nothing-to-merge' }
}

/**
 * Links two records of one person, then moves what runs for the one that was replaced. The receipt is completed last, so that what a crash cuts
 * short goes on when the message comes again.
 */
const applyMerge = async (careloop: Careloop, incoming: Incoming<MergeNotification>): Promise<Applied> => {
  const { store, clock } = careloop
  const { notification } = incoming
  const begun = await retryConflicts(() => beginMerge(careloop, incoming))
  if ('outcome' in begun) return begun
  const { survivor, prior } = begun
  await movePatient(careloop, begun, referenceTo('Communication', receiptId(notification)))
  const fate: Fate = { status: 'completed', subject: survivor, about: [survivor, prior] }
  await retryConflicts(async () => {
    await store.write([receiptWrite(notification, fate, clock.now(), await receiptOf(careloop, notification))])
  })
  return { outcome: 'merged' }
}

const applyOnce = (careloop: Careloop, { notification, ...rest }: Incoming): Promise<Applied> => {
  if (notification.kind === 'visit') return applyVisit(careloop, { notification, ...rest })
  if (notification.kind === 'merge') return applyMerge(careloop, { notification, ...rest })
  return record(careloop, { notification, ...rest })
}

/**
 * Makes what a message says so, once: all of it in one commit with the receipt (a merge moves what runs afterwards, in bounded commits).
 * Messages of one visit may come in any order, more than once and at the same time.
 * @throws FhirError unprocessable (422) for content that cannot be stored, conflict (409), tooLarge (413), multipleMatches (412): several
 * Encounters have this visit number
 */
export const applyNotification = async (
  careloop: Careloop,
  notification: Notification,
  raw: RawMessage,
  { replayed = false }: { replayed?: boolean } = {},
): Promise<Applied> => {
  const applied = await applyOnce(careloop, { notification, raw, replayed })
  if (applied.outcome !== 'parked' || replayed) return applied
  // Whoever answers the question looks for what waits for it: a message parked at that very moment looks for the answer itself.
  return applyOnce(careloop, { notification, raw, replayed: true })
}
