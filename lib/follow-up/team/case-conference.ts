import type { Appointment, Bundle, CarePlan, List } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { instantOf } from '../../clock.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { commitWrites } from '../../interactions/commit-writes.ts'
import type { Interaction, InteractionRequest } from '../../interactions/interaction.ts'
import { fullUrlOf, versionedReference } from '../../interactions/links.ts'
import { operationParameters } from '../../interactions/operation-parameters.ts'
import { deleted, neverExisted } from '../../interactions/read.ts'
import { requireValid } from '../../interactions/resource-body.ts'
import { retryConflicts } from '../../interactions/retry-conflicts.ts'
import { fail } from '../../outcome.ts'
import { creation } from '../../pathways/commit.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import { dateRange } from '../../search/date.ts'
import { zoneOf } from '../../search/zone.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { agendaFor, agendaList } from './agenda.ts'
import { teamWork } from './codes.ts'
import { careTeamMembers } from './members.ts'

const DEFAULT_MINUTES = 30
const MOST_MINUTES = 8 * 60
const MINUTE_MS = 60_000
const PATIENT = /^Patient\/[A-Za-z0-9\-.]{1,64}$/

/**
 * Calls the care team of a plan together: an Appointment with its members, and the agenda of open goals and overdue work as a List. The same
 * key, or without one the same start, makes one conference. `POST CarePlan/[id]/$case-conference`
 */
export const caseConference: Interaction = async (careloop, request) => {
  const asked = askedIn(careloop, request)
  const version = await livePlan(careloop, request)
  const plan = resourceOf(version) as unknown as CarePlan
  const subject = plan.subject?.reference ?? ''
  if (!PATIENT.test(subject))
    throw fail('unprocessable', 'The plan must say whose it is: a reference to a Patient.', 'CarePlan.subject')
  const id = deterministicId(referenceTo('CarePlan', plan.id!), 'case-conference', asked.key)

  return retryConflicts(async () => {
    const known = await careloop.store.read('Appointment', id)
    if (known?.deleted) throw deleted(known)
    if (!known) await call(careloop, request, { version, plan, subject, id, asked })
    const [appointment, agenda] = await conferenceOf(careloop, id)
    const resource = await bundleOf(careloop, request.baseUrl, [appointment!, agenda!])
    return { status: known ? 200 : 201, ...(known ? {} : { version: appointment!, located: true }), resource }
  })
}

interface Asked {
  start: Instant
  minutes: number
  key: string
}

/** @throws FhirError invalid (400) */
const askedIn = ({ tenant }: Careloop, request: InteractionRequest): Asked => {
  const { texts } = operationParameters(request, ['start', 'minutes', 'key'])
  const given = new Map(texts)
  const start = given.get('start') ?? ''
  const range = start.includes('T') ? dateRange(start, zoneOf(tenant.timeZone)) : undefined
  if (!range) throw fail('invalid', 'start must be a date with a time, such as 2026-11-25T15:00:00-06:00.')
  const minutes = Number(given.get('minutes') ?? DEFAULT_MINUTES)
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > MOST_MINUTES)
    throw fail('invalid', `minutes must be a whole number from 1 to ${MOST_MINUTES}.`)
  return { start: instantOf(range.low), minutes, key: given.get('key') ?? instantOf(range.low) }
}

const livePlan = async ({ store }: Careloop, { type, id }: InteractionRequest): Promise<Version> => {
  const plan = await store.read(type, id)
  if (!plan) throw neverExisted(type)
  if (plan.deleted) throw deleted(plan)
  return plan
}

const agendaId = (id: string): string => deterministicId(referenceTo('Appointment', id), 'agenda')

/** Both are there, since they were written together. */
const conferenceOf = async ({ store }: Careloop, id: string): Promise<Version[]> => {
  const found = await Promise.all([store.read('Appointment', id), store.read('List', agendaId(id))])
  return found.filter((version) => version !== undefined)
}

interface Conference {
  version: Version
  plan: CarePlan
  subject: string
  id: string
  asked: Asked
}

const call = async (
  careloop: Careloop,
  request: InteractionRequest,
  { version, plan, subject, id, asked }: Conference,
): Promise<void> => {
  const now = careloop.clock.now()
  const members = await careTeamMembers(careloop, plan)
  if (!members.length)
    throw fail(
      'unprocessable',
      'Nobody would come: neither the plan nor the patient has a care team with members.',
      'CarePlan.careTeam',
    )
  const { start, minutes } = asked
  const appointment: Appointment = {
    resourceType: 'Appointment',
    id,
    status: 'proposed',
    serviceType: [teamWork('case-conference')],
    start,
    end: instantOf(Date.parse(start) + minutes * MINUTE_MS),
    minutesDuration: minutes,
    created: now,
    supportingInformation: [
      { reference: referenceTo('CarePlan', plan.id!) },
      { reference: referenceTo('List', agendaId(id)) },
    ],
    participant: [
      ...members.map((reference) => ({
        actor: { reference },
        required: 'required' as const,
        status: 'needs-action' as const,
      })),
      // Whom it is about: found by it, and not called unless somebody does.
      { actor: { reference: subject }, required: 'information-only' as const, status: 'tentative' as const },
    ],
  }
  const list = agendaList(agendaId(id), await agendaFor(careloop, subject, now), { subject, now })
  const made = [appointment as unknown as Resource, list]
  for (const resource of made) await requireValid(careloop, resource)
  const record = provenanceOf(
    {
      act: [referenceTo('Appointment', id), 'call'],
      targets: made.map(({ resourceType, id: madeId }) => referenceTo(resourceType, madeId!)),
      trigger: versionedReference(version),
      activity: 'CREATE',
    },
    now,
  )
  await commitWrites(careloop, request, [...made, record].map(creation))
}

/** The conference with all that is on its agenda. */
const bundleOf = async ({ store }: Careloop, baseUrl: string, own: readonly Version[]): Promise<Resource> => {
  const { entry = [] } = (own.at(-1)?.content ?? {}) as unknown as List
  const items = entry.map(({ item }) => {
    const [type, id] = item.reference!.split('/') as [string, string]
    return { type, id }
  })
  const versions = [...own, ...(await store.readMany(items)).filter((version) => !version.deleted)]
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: versions.map((version) => ({ fullUrl: fullUrlOf(baseUrl, version), resource: resourceOf(version) })),
  } as unknown as Bundle
  return bundle as unknown as Resource
}
