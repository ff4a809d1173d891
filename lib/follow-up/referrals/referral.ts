import type { Communication, Consent, ServiceRequest, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { referenceTo } from '../../fhir.ts'
import { CARE_TASK_TYPE, COMMUNICATION_CATEGORY } from '../../pathways/codes.ts'
import { TASK_CODE } from '../../resources/lifecycle/task.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { CONTACT_OUTCOME, REFERRAL_STEPS } from '../codes.ts'
import { consentsOf } from './consent.ts'
import { type Milestones, milestonesOf } from './milestones.ts'

/** A stored Task with the version it was read from. */
export interface Stored {
  base: Version
  task: Task
}

/** One of those who were asked to carry out a request. */
export interface Asked extends Stored {
  /** what they have passed on to others in turn */
  parts: readonly Task[]
  milestones: Milestones
  /** when the client was first reached about it, as a dateTime, and by what */
  contact?: { at: string; reference: string }
}

/** A request with all that was made of it, as it is stored now. */
export interface Referral {
  base: Version
  request: ServiceRequest
  asked: readonly Asked[]
  /** what people here do about it */
  steps: readonly Stored[]
  /** it is itself part of what another was asked: they keep after it */
  isPart: boolean
  consents: readonly Consent[]
}

const FULFILL = encodeURIComponent(`${TASK_CODE}|fulfill`)
const STEPS = encodeURIComponent(REFERRAL_STEPS.map((code) => `${CARE_TASK_TYPE}|${code}`).join())
const ATTEMPT = encodeURIComponent(`${COMMUNICATION_CATEGORY}|contact-attempt`)

/** More versions than any Task of a referral has. */
const MOST_VERSIONS = 200

const asTask = (version: Version): Task => resourceOf(version) as unknown as Task
const asRequest = (version: Version): ServiceRequest => resourceOf(version) as unknown as ServiceRequest
const ids = (type: string, versions: readonly { id: string }[]): string =>
  encodeURIComponent(versions.map(({ id }) => referenceTo(type, id)).join())

const historyOf = async ({ store }: Careloop, { base }: Stored): Promise<Milestones> => {
  const { versions } = await store.history('Task', base.id, MOST_VERSIONS)
  return milestonesOf(
    versions
      .filter(({ deleted }) => !deleted)
      .map(asTask)
      .reverse(),
  )
}

/** By which Task each part belongs: the one it names, else the one whose owner has ordered it, else the last that is open. */
const parentOf = (part: Task, orderedBy: string | undefined, asked: readonly Stored[]): string | undefined => {
  const named = asked.find(({ task }) => part.partOf?.some(({ reference }) => reference === `Task/${task.id}`))
  const theirs = asked.find(({ task }) => orderedBy !== undefined && task.owner?.reference === orderedBy)
  return (named ?? (part.partOf?.length ? undefined : theirs))?.task.id
}

/** Requests that were placed in turn to carry this one out, and their Tasks. */
const partsOf = async (
  { search }: Careloop,
  request: Version,
  asked: readonly Stored[],
): Promise<Map<string, Task[]>> => {
  const parts = new Map<string, Map<string, Task>>()
  if (!asked.length) return new Map()
  const add = (part: Task, orderedBy?: string) => {
    const parent = parentOf(part, orderedBy, asked)
    if (parent === undefined || parent === part.id) return
    const own = parts.get(parent) ?? new Map<string, Task>()
    parts.set(parent, own.set(part.id!, part))
  }
  const [direct, fillers] = await Promise.all([
    search.all(
      'Task',
      `part-of=${ids(
        'Task',
        asked.map(({ base }) => base),
      )}&code=${FULFILL}`,
    ),
    search.all('ServiceRequest', `based-on=${ids('ServiceRequest', [request])}`),
  ])
  for (const version of direct) add(asTask(version))
  const requesters = new Map(
    fillers.map((version) => [`ServiceRequest/${version.id}`, asRequest(version).requester?.reference]),
  )
  const ordered = fillers.length
    ? await search.all('Task', `focus=${ids('ServiceRequest', fillers)}&code=${FULFILL}`)
    : []
  for (const version of ordered) {
    const part = asTask(version)
    add(part, requesters.get(part.focus?.reference ?? ''))
  }
  const inOrder = (tasks: Map<string, Task>) => [...tasks.values()].sort((a, b) => (a.id! < b.id! ? -1 : 1))
  return new Map([...parts].map(([id, tasks]) => [id, inOrder(tasks)]))
}

/** When the client was first reached about one of these. */
const contactsOf = async ({ search }: Careloop, { subject }: ServiceRequest): Promise<Communication[]> => {
  const patient = subject.reference
  if (!patient?.startsWith('Patient/')) return []
  const found = await search.all(
    'Communication',
    `patient=${encodeURIComponent(patient)}&category=${ATTEMPT}&status=completed`,
  )
  return found
    .map((version) => resourceOf(version) as unknown as Communication)
    .filter(({ extension }) =>
      extension?.some(({ url, valueCode }) => url === CONTACT_OUTCOME && valueCode === 'reached'),
    )
}

const contactAbout = (references: readonly string[], contacts: readonly Communication[]): Asked['contact'] => {
  const about = contacts.filter(({ about = [], basedOn = [], partOf = [] }) =>
    [...about, ...basedOn, ...partOf].some(({ reference }) => references.includes(reference ?? '')),
  )
  const [first] = about
    .flatMap(({ id, sent, received, meta }) => {
      const at = sent ?? received ?? meta!.lastUpdated!
      return [{ at, reference: `Communication/${id}` }]
    })
    .sort((a, b) => (a.at === b.at ? (a.reference < b.reference ? -1 : 1) : Date.parse(a.at) - Date.parse(b.at)))
  return first
}

/** What is stored of a referral; undefined when the request is gone. */
export const readReferral = async (careloop: Careloop, id: string): Promise<Referral | undefined> => {
  const { store, search } = careloop
  const base = await store.read('ServiceRequest', id)
  if (!base || base.deleted) return undefined
  const request = asRequest(base)
  const own = ids('ServiceRequest', [base])
  const [found, steps] = await Promise.all([
    search.all('Task', `focus=${own}&code=${FULFILL}`),
    search.all('Task', `based-on=${own}&code=${STEPS}`),
  ])
  const all = found.map((version): Stored => ({ base: version, task: asTask(version) }))
  const known = new Set(all.map(({ task }) => `Task/${task.id}`))
  const tops = all.filter(({ task }) => !task.partOf?.some(({ reference }) => known.has(reference ?? '')))
  const [parts, contacts, consents] = await Promise.all([
    partsOf(careloop, base, tops),
    all.length ? contactsOf(careloop, request) : [],
    all.length ? consentsOf(careloop, request.subject) : [],
  ])
  const asked = await Promise.all(
    all.map(async (stored): Promise<Asked> => {
      const contact = contactAbout([`Task/${stored.task.id}`], contacts)
      return {
        ...stored,
        parts: parts.get(stored.task.id!) ?? [],
        milestones: await historyOf(careloop, stored),
        ...(contact && { contact }),
      }
    }),
  )
  const inOrder = asked.sort((a, b) => (a.base.id < b.base.id ? -1 : 1))
  return {
    base,
    request,
    asked: inOrder,
    steps: steps.map((version) => ({ base: version, task: asTask(version) })),
    isPart: (request.basedOn ?? []).some(({ reference }) => reference?.startsWith('ServiceRequest/')),
    consents,
  }
}

/** Whether a Task is part of what somebody else was asked. */
export const isPart = ({ task }: Stored): boolean =>
  (task.partOf ?? []).some(({ reference }) => reference?.startsWith('Task/'))
