import type { HealthcareService, Organization, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { isOpen } from '../../pathways/due.ts'
import { resourceOf } from '../../store/version.ts'
import type { ReferralSettings } from '../../tenant.ts'
import { TASK_REPLACES } from '../codes.ts'
import { type Asked, isPart, type Referral } from './referral.ts'

/** http://hl7.org/fhir/us/sdoh-clinicalcare, on a HealthcareService or on its telecom */
const CAPACITY =
  'http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus'
const NO_CAPACITY = 'no-capacity'
const LITERAL = /^(Organization|HealthcareService|PractitionerRole|Practitioner|CareTeam)\/([A-Za-z0-9\-.]{1,64})$/

/** Whether a service says that it can take nobody. */
export const isFull = ({ extension = [], telecom = [] }: Pick<HealthcareService, 'extension' | 'telecom'>): boolean =>
  [...extension, ...telecom.flatMap((each) => each.extension ?? [])]
    .filter(({ url }) => url === CAPACITY)
    .flatMap((each) => each.extension ?? [])
    .some(
      ({ url, valueCodeableConcept }) =>
        url === 'capacityStatus' && valueCodeableConcept?.coding?.some(({ code }) => code === NO_CAPACITY),
    )

const isAvailable = async ({ store }: Careloop, reference: string): Promise<boolean> => {
  const [, type, id] = LITERAL.exec(reference) ?? []
  const version = type === undefined ? undefined : await store.read(type, id!)
  if (!version || version.deleted) return false
  const { active, ...resource } = resourceOf(version) as unknown as HealthcareService & Pick<Organization, 'active'>
  return active !== false && !isFull(resource)
}

/** Whom to ask next: the first performer of the request who has not been asked yet and can take somebody, in the order they are named. */
export const nextCandidate = async (careloop: Careloop, { request, asked }: Referral): Promise<string | undefined> => {
  const before = new Set(asked.map(({ task }) => task.owner?.reference))
  for (const { reference } of request.performer ?? [])
    if (reference && !before.has(reference) && (await isAvailable(careloop, reference))) return reference
  return undefined
}

/** What is to follow when nobody who was asked has, or will have, done it. */
export type Turn = { kind: 'ask-next' | 'choose'; after: Asked }

const laterOf = (a: Asked, b: Asked): Asked => {
  const [one, other] = [a.milestones.ended ?? '', b.milestones.ended ?? '']
  return one === other ? (a.base.id > b.base.id ? a : b) : one > other ? a : b
}

/** Pure. */
export const turnOf = (
  { request, asked, isPart: isPlacedInTurn }: Referral,
  settings: ReferralSettings,
): Turn | undefined => {
  const tops = asked.filter((each) => !isPart(each) && each.task.status !== 'entered-in-error')
  const isGoingOn = tops.some(({ task }) => isOpen(task) || task.status === 'completed')
  if (isPlacedInTurn || request.status !== 'active' || isGoingOn) return undefined
  const over = tops.filter(({ milestones }) => milestones.sent && milestones.ended)
  const last = over.length ? over.reduce(laterOf) : undefined
  if (last?.task.status !== 'rejected') return undefined
  const asksNext = (last.task.statusReason?.coding ?? []).some(({ system, code }) =>
    settings.askNextFor.includes(`${system}|${code}`),
  )
  return { kind: asksNext ? 'ask-next' : 'choose', after: last }
}

/** The same referral to somebody else. Its id follows from the request and from who is asked, so that nobody is asked twice. */
export const referralTo = (candidate: string, { request }: Referral, { task }: Asked, now: Instant): Task => {
  const { meta, groupIdentifier, basedOn, priority, code, description, encounter, requester, input } = task
  const { reasonCode, reasonReference } = task
  return {
    resourceType: 'Task',
    id: deterministicId(referenceTo('ServiceRequest', request.id!), 'refer', candidate),
    ...(meta?.profile && { meta: { profile: meta.profile } }),
    extension: [{ url: TASK_REPLACES, valueReference: { reference: referenceTo('Task', task.id!) } }],
    ...(basedOn && { basedOn }),
    ...(groupIdentifier && { groupIdentifier }),
    status: 'requested',
    intent: task.intent,
    ...(priority && { priority }),
    ...(code && { code }),
    ...(description && { description }),
    focus: { reference: referenceTo('ServiceRequest', request.id!) },
    ...(task.for && { for: task.for }),
    ...(encounter && { encounter }),
    authoredOn: now,
    lastModified: now,
    ...(requester && { requester }),
    owner: { reference: candidate },
    ...(reasonCode && { reasonCode }),
    ...(reasonReference && { reasonReference }),
    ...(input && { input }),
  }
}
