import type { Condition, Patient, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { instantOf } from '../../clock.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { versionReference } from '../../pathways/apply.ts'
import { calendarOf } from '../../pathways/calendar.ts'
import type { AutomationReason } from '../../pathways/codes.ts'
import { absent, commit, creation, type Decision, nothing, revision } from '../../pathways/commit.ts'
import { isOpen } from '../../pathways/due.ts'
import { isWithdrawn, provenTask, reopenedTask, withdrawnTask } from '../../pathways/follow-task.ts'
import { missingPools, type Owner, ownerFor, poolOwner } from '../../pathways/owner.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import { taskTimeZone } from '../../pathways/task-time-zone.ts'
import type { Write } from '../../store/plan-write.ts'
import type { Version } from '../../store/version.ts'
import { crisisPool } from '../../tenant.ts'
import { closingEvidence, isExcused, type Scenery } from './closing-evidence.ts'
import { LOINC } from './codes.ts'
import { isPresentDepression } from './depression.ts'
import { isPositive, isValid, type Observed, observedOf } from './findings.ts'
import {
  companions,
  findingsOf,
  flagId,
  followUpId,
  followUpTask,
  proposalId,
  ruleOf,
  withFindings,
} from './follow-up-task.ts'
import { type FollowUp, followUps } from './follow-ups.ts'
import { screeningCodes } from './relevance.ts'
import { isUntouched } from './untouched.ts'

const DAY_MS = 86_400_000
/** So many results, or diagnoses, a patient may have. */
const MOST = 10_000

/** What the automation itself changes of a Task and of what comes with it. */
const OURS = ['status', 'statusReason', 'businessStatus', 'executionPeriod', 'input', 'extension', 'lastModified']

/** All that is stored about a patient's screenings. */
interface Scene extends Scenery {
  careloop: Careloop
  person: Resource | undefined
  hasDepression: boolean
  /** who looks after the patient, asked once */
  careManager(): Promise<Owner>
}

/** What a row comes to. */
interface Act {
  row: FollowUp
  /** of the Task and what comes with it */
  writes: readonly Write[]
  pool?: Resource
  findings: readonly Observed[]
  /** `Type/id` of what shows that the work was done */
  evidence?: string
  reason?: AutomationReason
}

const asTask = (version: Version): Task => version.content as unknown as Task
const asResource = (task: Task): Resource => task as unknown as Resource

const observations = async ({ search, tenant }: Careloop, patient: string): Promise<Observed[]> => {
  const codes = [...screeningCodes].map((code) => encodeURIComponent(`${LOINC}|${code}`)).join()
  const about = `patient=${encodeURIComponent(patient)}`
  const found = await search.all('Observation', `${about}&combo-code=${codes}`, MOST)
  const orderOf = ({ at, reference }: Observed) => `${at} ${reference}`
  return found.map((version) => observedOf(version, tenant.timeZone)).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

const readScene = async (careloop: Careloop, patient: string): Promise<Scene> => {
  const { store, search, tenant } = careloop
  const version = await store.read('Patient', patient.slice('Patient/'.length))
  const conditions = await search.all('Condition', `patient=${encodeURIComponent(patient)}`, MOST)
  const person = version && !version.deleted ? version.content : undefined
  let careManager: Promise<Owner> | undefined
  return {
    careloop,
    search,
    patient,
    person,
    careManager: () => {
      careManager ??= ownerFor(careloop, { reference: patient }, person)
      return careManager
    },
    observed: await observations(careloop, patient),
    hasDepression: conditions.some(({ content }) => isPresentDepression(content as unknown as Condition)),
    timeZone: tenant.timeZone,
  }
}

/** The Tasks that a row has ever had for a patient, the first first; only the last can be open. */
const slotsOf = async (
  { careloop: { store }, patient }: Scene,
  row: FollowUp,
  first: Version | undefined,
): Promise<Version[]> => {
  const slots: Version[] = []
  for (let slot = first; slot; slot = await store.read('Task', followUpId(patient, row, slots.length))) slots.push(slot)
  return slots
}

/** What a Task is about, or was when it was deleted. */
const findingsIn = async ({ careloop: { store } }: Scene, slot: Version): Promise<string[]> => {
  if (!slot.deleted) return findingsOf(asTask(slot))
  const last = await store.vread('Task', slot.id, slot.v - 1)
  return last && !last.deleted ? findingsOf(asTask(last)) : []
}

/** Whether a finding still is one. */
const stands = ({ person }: Scene, row: FollowUp, each: Observed): boolean =>
  row.outlastsAmendment && each.observation.status === 'amended'
    ? true
    : isValid(each) && isPositive(each, row, person as unknown as Patient | undefined)

const isDeceased = (person: Resource | undefined): boolean => {
  const { deceasedBoolean, deceasedDateTime } = (person ?? {}) as Partial<Patient>
  return deceasedBoolean === true || deceasedDateTime !== undefined
}

/** What is positive now and calls for work: not of long ago, of nobody who died. */
const positives = ({ careloop, observed, person, hasDepression }: Scene, row: FollowUp): Observed[] => {
  const { clock, tenant } = careloop
  if (isDeceased(person) || (row.needs === 'depression-diagnosis' && !hasDepression)) return []
  const oldest: Instant = instantOf(Date.parse(clock.now()) - tenant.lateNoticeDays * DAY_MS)
  return observed.filter(
    (each) => each.at >= oldest && isValid(each) && isPositive(each, row, person as unknown as Patient | undefined),
  )
}

const ownerOf = ({ careloop: { tenant }, careManager }: Scene, row: FollowUp): Promise<Owner> | Owner =>
  row.owner === 'crisis-pool' ? poolOwner(tenant.crisisPool ?? crisisPool) : careManager()

const created = async (scene: Scene, row: FollowUp, n: number, findings: readonly Observed[]): Promise<Act> => {
  const { careloop, patient } = scene
  const { tenant, clock } = careloop
  const { encounter } = findings[0]!.observation
  const timeZone = await taskTimeZone(careloop, { encounter } as Task)
  const owner = await ownerOf(scene, row)
  const times = { calendar: calendarOf(tenant), timeZone, tenant, now: clock.now() }
  const parts = { id: followUpId(patient, row, n), row, patient, findings, owner, times }
  const resources = [asResource(followUpTask(parts)), ...(await absent(careloop.store, companions(parts)))]
  return { row, writes: resources.map(creation), findings, ...(owner.pool && { pool: owner.pool }) }
}

/** The Flag and the ServiceRequest of a Task with another status, where nobody has worked on them. */
const companionWrites = async (
  { careloop: { store } }: Scene,
  task: string,
  statuses: Readonly<Record<string, string>>,
): Promise<Write[]> => {
  const found = await store.readMany([
    { type: 'Flag', id: flagId(task) },
    { type: 'ServiceRequest', id: proposalId(task) },
  ])
  const writes: Write[] = []
  for (const version of found) {
    if (version.deleted || !(await isUntouched(store, version, ['status']))) continue
    const status = statuses[`${version.type} ${version.content.status}`]
    if (status) writes.push(revision(version, { ...version.content, status } as Resource))
  }
  return writes
}

const WITHDRAWN = { 'Flag active': 'entered-in-error', 'ServiceRequest draft': 'revoked' }
const TAKEN_UP = { 'Flag entered-in-error': 'active', 'ServiceRequest revoked': 'draft' }

const revisedTask = ({ careloop: { clock } }: Scene, base: Version, task: Task): Write =>
  revision(base, asResource({ ...task, lastModified: clock.now() }))

/** What becomes of the open Task of a row. */
const followOpen = async (
  scene: Scene,
  row: FollowUp,
  base: Version,
  fresh: readonly Observed[],
): Promise<Act | undefined> => {
  const { observed, careloop } = scene
  const task = fresh.length ? withFindings(asTask(base), fresh) : asTask(base)
  const about = findingsOf(task)
  const standing = observed.filter((each) => about.includes(each.reference) && stands(scene, row, each))
  if (!standing.length && task.status === 'ready' && (await isUntouched(careloop.store, base, OURS))) {
    const withdrawn = revisedTask(scene, base, withdrawnTask(task, 'no-longer-applies'))
    const others = await companionWrites(scene, base.id, WITHDRAWN)
    const findings = observed.filter(({ reference }) => about.includes(reference))
    return { row, writes: [withdrawn, ...others], findings, reason: 'no-longer-applies' }
  }
  const evidence = await closingEvidence(row, scene, task)
  if (evidence) {
    const { reference, date } = evidence
    const proven = provenTask(task, { references: [reference], versions: [], result: 'completed', date })
    return { row, writes: [revisedTask(scene, base, proven)], findings: fresh, evidence: reference }
  }
  return fresh.length ? { row, writes: [revisedTask(scene, base, task)], findings: fresh } : undefined
}

/** What is to be done about one row; nothing when it is as it should be. */
const followRow = async (scene: Scene, row: FollowUp, first: Version | undefined): Promise<Act | undefined> => {
  const positive = positives(scene, row)
  if (!positive.length && !first) return undefined
  const slots = await slotsOf(scene, row, first)
  const known = (await Promise.all(slots.map((slot) => findingsIn(scene, slot)))).flat()
  const fresh = positive.filter(({ reference }) => !known.includes(reference))
  const last = slots.at(-1)
  const task = last && !last.deleted ? asTask(last) : undefined
  if (last && task && isOpen(task)) return followOpen(scene, row, last, fresh)
  if (last && task && isWithdrawn(task)) {
    const about = findingsOf(task)
    if (positive.some(({ reference }) => about.includes(reference))) {
      const again = revisedTask(scene, last, withFindings(reopenedTask(task), fresh))
      return { row, writes: [again, ...(await companionWrites(scene, last.id, TAKEN_UP))], findings: positive }
    }
  }
  if (!fresh.length || isExcused(row, scene, fresh)) return undefined
  return created(scene, row, slots.length, fresh)
}

const recordOf = ({ careloop: { clock } }: Scene, { row, writes, findings, evidence, reason }: Act): Resource => {
  const references = writes.map(({ type, id }) => referenceTo(type, id))
  const versions = writes.map(({ base }, n) => versionReference(references[n]!, (base?.v ?? 0) + 1))
  const observed = findings.map(({ reference, v }) => versionReference(reference, v))
  const [trigger, ...sources] = evidence ? [evidence, ...observed] : observed
  return provenanceOf(
    {
      act: versions,
      targets: references,
      ...(trigger && { trigger }),
      sources,
      policy: ruleOf(row),
      activity: writes.some(({ base }) => base) ? 'UPDATE' : 'CREATE',
      ...(reason && { reason }),
    },
    clock.now(),
  )
}

const decide = async (careloop: Careloop, patient: string): Promise<Decision> => {
  const { store, clock } = careloop
  const scene = await readScene(careloop, patient)
  const ids = followUps.map((row) => followUpId(patient, row, 0))
  const firsts = new Map(
    (await store.readMany(ids.map((id) => ({ type: 'Task', id })))).map((version) => [version.id, version]),
  )
  const acts: Act[] = []
  for (const [n, row] of followUps.entries()) {
    const act = await followRow(scene, row, firsts.get(ids[n]!))
    if (act) acts.push(act)
  }
  if (!acts.length) return nothing('unchanged')
  const pools = acts.map(({ pool }) => pool)
  const others = [...(await missingPools(store, pools, clock.now())), ...acts.map((act) => recordOf(scene, act))]
  return { outcome: 'followed-up', writes: [...acts.flatMap(({ writes }) => writes), ...others.map(creation)] }
}

/**
 * Lets the follow-up Tasks of a patient's screenings follow what is observed now: made, given further findings, completed where that is
 * shown, withdrawn where nobody has touched them. Any number of times. `patient`: `Patient/id`
 */
export const followPatient = (careloop: Careloop, patient: string): Promise<string> =>
  commit(careloop.store, () => decide(careloop, patient))
