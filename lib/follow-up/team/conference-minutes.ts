import type { Appointment, Composition, Reference, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { commitWrites } from '../../interactions/commit-writes.ts'
import type { Interaction, InteractionRequest } from '../../interactions/interaction.ts'
import { versionedReference } from '../../interactions/links.ts'
import { preconditionsOf } from '../../interactions/preconditions.ts'
import { deleted, neverExisted } from '../../interactions/read.ts'
import { requireValid } from '../../interactions/resource-body.ts'
import { retryConflicts } from '../../interactions/retry-conflicts.ts'
import { updateWrite } from '../../interactions/update.ts'
import { fail } from '../../outcome.ts'
import { CARE_TASK_TYPE, hasCode, software } from '../../pathways/codes.ts'
import { absent, creation } from '../../pathways/commit.ts'
import { ownerFor } from '../../pathways/owner.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { TEAM_WORK, teamWork } from './codes.ts'
import { type ActionItem, type MinutesParameters, minutesParameters } from './minutes-parameters.ts'

const PATIENT = /^Patient\//
const PLAN = /^CarePlan\//
const LIST = /^List\//

/**
 * Keeps the minutes of a conference as a Composition, and makes a Task of each action that has none yet. Sent again with another text it
 * amends the minutes; Tasks that are there stay as people have left them. `POST Appointment/[id]/$conference-minutes`
 */
export const conferenceMinutes: Interaction = async (careloop, request) => {
  const asked = minutesParameters(request)
  return retryConflicts(async () => {
    const version = await liveConference(careloop, request)
    const conference = sceneOf(version)
    const { store, clock } = careloop
    const now = clock.now()
    const tasks = await actionTasks(careloop, request, conference, asked.actions, now)
    const missing = await absent(store, tasks)

    const id = deterministicId(conference.reference, 'minutes')
    const current = await store.read('Composition', id)
    const composition = minutesOf(request, conference, { ...asked, id, tasks, current, now })
    const held = { ...resourceOf(version), status: 'fulfilled' }
    for (const resource of [composition, held, ...missing]) await requireValid(careloop, resource)
    const preconditions = preconditionsOf({})
    const writes = [
      updateWrite({ type: 'Composition', id }, composition, current, preconditions),
      updateWrite(version, held, version, preconditionsOf(request.conditions)),
      ...missing.map(creation),
    ].filter((write) => write !== undefined)
    if (!writes.length) return { status: 200, version: current! }
    const record = provenanceOf(
      {
        act: [conference.reference, 'minutes', String((current?.v ?? 0) + 1), ...missing.map((task) => task.id!)],
        targets: writes.map((write) => referenceTo(write.type, write.id)),
        trigger: versionedReference(version),
        activity: current ? 'UPDATE' : 'CREATE',
      },
      now,
    )
    const { versions, warnings } = await commitWrites(careloop, request, [...writes, creation(record)])
    const minutes = versions.find(({ type }) => type === 'Composition') ?? current!
    return { status: current ? 200 : 201, located: !current, version: minutes, warnings }
  })
}

interface Conference {
  /** `Appointment/id` */
  reference: string
  patient: Reference
  plan?: Reference
  agenda?: Reference
}

/** @throws FhirError conflict (409) for an Appointment that is no case conference */
const liveConference = async ({ store }: Careloop, { type, id }: InteractionRequest): Promise<Version> => {
  const version = await store.read(type, id)
  if (!version) throw neverExisted(type)
  if (version.deleted) throw deleted(version)
  const { serviceType = [] } = version.content as unknown as Appointment
  if (!serviceType.some((concept) => hasCode(concept, TEAM_WORK, 'case-conference')))
    throw fail('conflict', 'This Appointment is no case conference: CarePlan/[id]/$case-conference makes one.')
  return version
}

const sceneOf = (version: Version): Conference => {
  const { participant, supportingInformation = [] } = version.content as unknown as Appointment
  const patient = participant.map(({ actor }) => actor).find((actor) => PATIENT.test(actor?.reference ?? ''))
  if (!patient) throw fail('unprocessable', 'The conference must say whom it is about.', 'Appointment.participant')
  const supporting = (type: RegExp) => supportingInformation.find(({ reference }) => type.test(reference ?? ''))
  const [plan, agenda] = [supporting(PLAN), supporting(LIST)]
  return {
    reference: referenceTo('Appointment', version.id),
    patient,
    ...(plan && { plan }),
    ...(agenda && { agenda }),
  }
}

const requesterOf = ({ caller }: InteractionRequest): Reference =>
  caller?.reference ? { reference: caller.reference } : { type: 'Device', identifier: software }

/** The Tasks of the actions, as they are when new; whoever has the patient's care does what names nobody. */
const actionTasks = async (
  careloop: Careloop,
  request: InteractionRequest,
  { reference, patient, plan }: Conference,
  actions: readonly ActionItem[],
  now: Instant,
): Promise<Resource[]> => {
  const other = actions.some(({ owner }) => !owner) ? await ownerFor(careloop, patient, undefined) : undefined
  const tasks = actions.map(({ key, description, owner, due }): Task => {
    return {
      resourceType: 'Task',
      id: deterministicId(reference, 'action', key),
      ...(plan && { basedOn: [plan] }),
      status: 'requested',
      intent: 'order',
      code: { coding: [{ system: CARE_TASK_TYPE, code: 'conference-action', display: 'Action of a case conference' }] },
      description,
      for: patient,
      authoredOn: now,
      lastModified: now,
      requester: requesterOf(request),
      owner: owner ?? { reference: other!.reference },
      reasonReference: { reference },
      ...(due && { restriction: { period: { end: due } } }),
    }
  })
  return [...(tasks as unknown as Resource[]), ...(other?.pool ? [other.pool] : [])]
}

interface Minutes extends MinutesParameters {
  id: string
  tasks: readonly Resource[]
  current: Version | undefined
  now: Instant
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const narrativeOf = (text: string) => {
  const paragraphs = text.split(/\r?\n/).map((line) => `<p>${escaped(line)}</p>`)
  return {
    status: 'additional' as const,
    div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.join('')}</div>`,
  }
}

const actionsIn = (version: Version | undefined): string[] => {
  const { section = [] } = (version?.content ?? {}) as Partial<Composition>
  return section
    .filter(({ title }) => title === ACTIONS)
    .flatMap(({ entry = [] }) => entry.flatMap(({ reference }) => reference ?? []))
}
const ACTIONS = 'Actions'

/** https://hl7.org/fhir/R4/composition.html */
const minutesOf = (
  request: InteractionRequest,
  { patient, reference, plan, agenda }: Conference,
  { id, text, attended, tasks, current, now }: Minutes,
): Resource => {
  const known = current && !current.deleted ? (resourceOf(current) as unknown as Composition) : undefined
  const own = tasks.filter(({ resourceType }) => resourceType === 'Task').map((task) => referenceTo('Task', task.id!))
  const actions = [...new Set([...actionsIn(current), ...own])].map((action) => ({ reference: action }))
  const section = [
    { title: 'Minutes', text: narrativeOf(text) },
    ...(agenda ? [{ title: 'Agenda', entry: [agenda] }] : []),
    ...(actions.length ? [{ title: ACTIONS, entry: actions }] : []),
  ]
  const same = known && JSON.stringify(known.section) === JSON.stringify(section)
  const composition: Composition = {
    resourceType: 'Composition',
    id,
    status: known ? (same ? known.status : 'amended') : 'final',
    type: teamWork('conference-minutes'),
    subject: patient,
    date: same ? known.date : now,
    author: known?.author ?? [requesterOf(request)],
    title: 'Minutes of a case conference',
    event: [
      {
        code: [teamWork('case-conference')],
        detail: [{ reference }, ...(plan ? [plan] : []), ...attended],
      },
    ],
    section,
  }
  return composition as unknown as Resource
}
