import type { Identifier, Patient, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import { openTaskStatuses } from '../resources/task.ts'
import { escaped } from '../search/escape.ts'
import type { Write } from '../store/plan-write.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { identifying } from './authority.ts'

export interface Identified {
  patient: Version
  /** somebody said so: the identifiers of the message are the patient's */
  confirmed: boolean
}

export interface Unidentified {
  patient?: undefined
  /** id of the Task that asks, or is to ask, who it is */
  task: string
  state: 'absent' | 'open' | 'not-ours'
  candidates: readonly Version[]
}

/** Whom a message is about, as far as it can be told. */
export type Identity = Identified | Unidentified

const REPLACED_BY = /^Patient\/([A-Za-z0-9\-.]{1,64})$/
const LONGEST_CHAIN = 5
/** A Task that was completed without an answer is followed by the next. */
const MOST_TASKS = 20

/** `system|value` as a search parameter has it. */
export const tokenOf = ({ system = '', value = '' }: Identifier): string => `${escaped(system)}|${escaped(value)}`

/** The record that took the place of this one, if any did; undefined when there is none any more. */
const survivorOf = async ({ store }: Careloop, version: Version | undefined): Promise<Version | undefined> => {
  let current = version
  for (let steps = 0; current && !current.deleted && steps < LONGEST_CHAIN; steps += 1) {
    const { link = [] } = resourceOf(current) as unknown as Patient
    const [, id] = REPLACED_BY.exec(link.find(({ type }) => type === 'replaced-by')?.other.reference ?? '') ?? []
    if (id === undefined) return current
    current = await store.read('Patient', id)
  }
  return undefined
}

/** The patients who have one of these identifiers, each once; of merged records the one that is left. */
export const patientsWith = async (careloop: Careloop, identifiers: readonly Identifier[]): Promise<Version[]> => {
  const tokens = identifying(identifiers).map(tokenOf)
  if (!tokens.length) return []
  const found = await careloop.search.all('Patient', `identifier=${encodeURIComponent(tokens.join(','))}`)
  const survivors = await Promise.all(found.map((version) => survivorOf(careloop, version)))
  return [...new Map(survivors.flatMap((version) => (version ? [[version.id, version] as const] : []))).values()]
}

const answerOf = (task: Task): string | undefined =>
  (task.output ?? []).map(({ valueReference }) => REPLACED_BY.exec(valueReference?.reference ?? '')?.[1]).find(Boolean)

/** What somebody has said, or is to say, about `question`. */
const asked = async (
  careloop: Careloop,
  question: readonly string[],
  candidates: readonly Version[],
): Promise<Identity> => {
  for (let round = 0; round < MOST_TASKS; round += 1) {
    const task = deterministicId('resolve-identity', String(round), ...question)
    const version = await careloop.store.read('Task', task)
    if (!version || version.deleted) return { task, state: 'absent', candidates }
    const content = resourceOf(version) as unknown as Task
    if (openTaskStatuses.includes(content.status)) return { task, state: 'open', candidates }
    if (content.status !== 'completed') return { task, state: 'not-ours', candidates }
    const id = answerOf(content)
    const patient = id === undefined ? undefined : await survivorOf(careloop, await careloop.store.read('Patient', id))
    if (patient) return { patient, confirmed: true }
  }
  throw new Error('a question of identity was answered too often without a patient')
}

/** The one patient with these identifiers, else whom somebody has said it is, else the Task that asks. */
export const identifyPatient = async (careloop: Careloop, identifiers: readonly Identifier[]): Promise<Identity> => {
  const found = await patientsWith(careloop, identifiers)
  const [only] = found
  if (only && found.length === 1) return { patient: only, confirmed: false }
  return asked(careloop, identifiers.map(tokenOf).sort(), found)
}

/** Whose a visit is that is known as one patient's and told of as another's. */
export const settleVisit = (
  careloop: Careloop,
  visit: Identifier,
  candidates: readonly [known: Version, told: Version],
): Promise<Identity> => asked(careloop, ['visit', tokenOf(visit), ...candidates.map(({ id }) => id)], candidates)

/** The patient of a reference of a stored resource; of a merged record the one that is left. */
export const patientAt = async (careloop: Careloop, reference: string | undefined): Promise<Version | undefined> => {
  const [, id] = REPLACED_BY.exec(reference ?? '') ?? []
  return id === undefined ? undefined : survivorOf(careloop, await careloop.store.read('Patient', id))
}

/** The identifiers of a patient with those of a message that somebody has said is about them; undefined when they have them all. */
export const confirmedIdentifiers = (
  patient: Version,
  told: readonly Identifier[],
): Pick<Patient, 'identifier'> | undefined => {
  const { identifier = [] } = resourceOf(patient) as unknown as Patient
  const known = new Set(identifier.map(tokenOf))
  const added = identifying(told).filter((each) => !known.has(tokenOf(each)))
  return added.length ? { identifier: [...identifier, ...added] } : undefined
}

export const patientWrite = (base: Version, changed: Partial<Patient>): Write => ({
  type: base.type,
  id: base.id,
  resource: { ...resourceOf(base), ...changed } as Resource,
  base,
  method: 'PUT',
})
