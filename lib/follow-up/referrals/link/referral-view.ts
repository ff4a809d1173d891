import type { CodeableConcept, ContactPoint, HumanName, Organization, Patient, ServiceRequest, Task } from 'fhir/r4'
import type { Careloop } from '../../../careloop.ts'
import { isOpen } from '../../../pathways/due.ts'
import { noticeFor } from '../../../security/consent/labels.ts'
import { resourceOf, type Version } from '../../../store/version.ts'
import { isFulfillment } from '../../codes.ts'
import { mayShare } from '../may-share.ts'
import type { Grant } from './link-token.ts'

/** What a link shows of a referral: as little as the one who was asked needs now. Plain text throughout. */
export interface ReferralView {
  /** of the Task, for a change that is decided on what was seen */
  version: number
  /** what it was made of, for the audit */
  seen: readonly Version[]
  status: Task['status']
  /** what is asked for */
  service: string
  from?: string
  to?: string
  priority: string
  /** the day it was sent */
  sent?: string
  instruction?: string
  /** who the client is and how to reach them: only once the referral was accepted and as long as it goes on */
  client?: { name: string; phones: readonly string[]; language?: string; interpreter: boolean }
  /** the client must not be contacted by those who were asked */
  noContact: boolean
  /** what the law wants said of what is shown */
  notice?: string
}

const textOf = (concept: CodeableConcept | undefined): string | undefined =>
  concept?.text ?? concept?.coding?.find(({ display }) => display)?.display

const nameOf = ({ text, given = [], family }: HumanName): string => text ?? [...given, family].filter(Boolean).join(' ')

const usualName = (names: readonly HumanName[] = []): string =>
  nameOf(names.find(({ use }) => use === 'usual') ?? names.find(({ use }) => use === 'official') ?? names[0] ?? {})

const phonesOf = (telecom: readonly ContactPoint[] = []): string[] =>
  telecom.flatMap(({ system, value, use }) =>
    value && use !== 'old' && (system === 'phone' || system === 'sms') ? [value] : [],
  )

const LITERAL = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})$/

const live = async ({ store }: Careloop, reference: string | undefined): Promise<Version | undefined> => {
  const [, type, id] = LITERAL.exec(reference ?? '') ?? []
  const version = type === undefined ? undefined : await store.read(type, id!)
  return version?.deleted ? undefined : version
}

const contentOf = <Type>(version: Version | undefined): Type | undefined => version && (resourceOf(version) as Type)

/** What an organization or a person is called today; of a role, its organization. */
export const partyName = async (careloop: Careloop, reference: string | undefined): Promise<string | undefined> => {
  const party = contentOf<Organization & { name?: string | HumanName[]; organization?: { reference?: string } }>(
    await live(careloop, reference),
  )
  if (typeof party?.name === 'string') return party.name
  if (Array.isArray(party?.name)) return usualName(party.name as HumanName[]) || undefined
  return party?.organization ? partyName(careloop, party.organization.reference) : undefined
}

const clientOf = ({ name, telecom, communication = [], extension = [] }: Patient): ReferralView['client'] => {
  const preferred = communication.find(({ preferred: is }) => is) ?? communication[0]
  const language = textOf(preferred?.language) ?? preferred?.language.coding?.[0]?.code
  const interpreter = extension.some(
    ({ url, valueCoding, valueBoolean }) =>
      /interpreter/i.test(url) &&
      (valueBoolean === true || valueCoding?.display === 'Yes' || valueCoding?.code === '373066001'),
  )
  return {
    name: usualName(name) || 'Not recorded',
    phones: phonesOf(telecom),
    ...(language && { language }),
    interpreter,
  }
}

const PROHIBITED = 'contacting-subject-prohibited'
const ACCEPTED: readonly Task['status'][] = ['accepted', 'ready', 'in-progress', 'on-hold']
const PRIORITIES: Readonly<Record<string, string>> = {
  urgent: 'Urgent',
  asap: 'As soon as possible',
  stat: 'Immediately',
}

/** The Task of a grant, as long as it grants anything. */
export const grantedTask = async (
  careloop: Careloop,
  grant: Grant,
): Promise<{ task: Task; stored: Version; version: number } | undefined> => {
  const version = await careloop.store.read('Task', grant.task)
  if (!version || version.deleted) return undefined
  const task = resourceOf(version) as unknown as Task
  const isTheirs = task.owner?.reference === grant.owner && isFulfillment(task)
  return isTheirs && (await mayShare(careloop, task)) ? { task, stored: version, version: version.v } : undefined
}

/** What a link shows now; undefined when it shows nothing any more. */
export const referralView = async (careloop: Careloop, grant: Grant): Promise<ReferralView | undefined> => {
  const granted = await grantedTask(careloop, grant)
  if (!granted) return undefined
  const { task, stored, version } = granted
  const asked = await live(careloop, task.focus?.reference)
  const request = contentOf<ServiceRequest>(asked)
  const isNeeded = ACCEPTED.includes(task.status)
  const told = isNeeded ? await live(careloop, task.for?.reference) : undefined
  const patient = contentOf<Patient>(told)
  const [from, to] = await Promise.all([
    partyName(careloop, (task.requester ?? request?.requester)?.reference),
    partyName(careloop, task.owner?.reference),
  ])
  const client = patient && clientOf(patient)
  const seen = [stored, asked, told].filter((each) => each !== undefined)
  const notice = noticeFor(seen.map(({ content }) => content))
  return {
    version,
    seen,
    ...(notice && { notice }),
    status: task.status,
    service: textOf(request?.code) ?? textOf(request?.category?.[0]) ?? 'A service for a client',
    ...(from && { from }),
    ...(to && { to }),
    priority: PRIORITIES[task.priority ?? ''] ?? 'Routine',
    ...(task.authoredOn && { sent: task.authoredOn.slice(0, 10) }),
    ...(isOpen(task) && isNeeded && request?.patientInstruction && { instruction: request.patientInstruction }),
    ...(client && { client }),
    noContact: (request?.orderDetail ?? []).some(({ coding }) => coding?.some(({ code }) => code === PROHIBITED)),
  }
}
