import type { Encounter } from 'fhir/r4'
import { type Careloop, onStore } from '../careloop.ts'
import { idIn, referenceTo } from '../fhir.ts'
import { type Reference, type Snapshot, snapshotOf } from '../store/snapshot.ts'
import { carePlanId, taskId } from './apply.ts'
import { placesOf } from './facility-time-zone.ts'
import type { Pathway } from './pathway.ts'

/** The service as of one look at what is stored: whatever several pathways need of it is read once. */
export type Look = Careloop & { store: Snapshot }

export const lookOf = (careloop: Careloop): Look => onStore(careloop, snapshotOf(careloop.store))

/**
 * A new look at what others may have written since an earlier one, which goes by what that one itself has written: whoever changes that
 * afterwards finds it there, and has an event of their own.
 */
export const nextLook = (careloop: Careloop, before: Look): Look =>
  onStore(careloop, snapshotOf(careloop.store, before.store.written))

/** A look at a patient, `Patient/id`: what there is of them is found out at once. */
export const lookAtPatient = async (careloop: Careloop, patient: string): Promise<Look> => {
  const look = lookOf(careloop)
  await look.store.compartment(idIn(patient))
  return look
}

const PATIENT = /^Patient\/[A-Za-z0-9\-.]{1,64}$/
/** What any pathway may ask of a patient: what plans there are, who looks after them, and when we were told of the Encounter. */
const TYPES = ['CarePlan', 'CareTeam', 'Communication']
/** Of a type that a patient has more of than this, it is better to read what is searched for. */
const FEW = 100

interface Aim {
  pathway: Pathway
  encounterId: string
}

const encounterOf = ({ encounterId: id }: Aim): Reference => ({ type: 'Encounter', id })

const planOf = ({ pathway, encounterId }: Aim): Reference => ({
  type: 'CarePlan',
  id: carePlanId(referenceTo('Encounter', encounterId), pathway),
})

/** The plan and the Tasks that there may be. */
const workOf = (aim: Aim): Reference[] => {
  const { pathway, encounterId } = aim
  const trigger = referenceTo('Encounter', encounterId)
  // Which occurrences there are of what recurs only the plan tells.
  const once = pathway.steps.filter(({ recurrence }) => !recurrence)
  const tasks = once.map((step) => ({ type: 'Task', id: taskId(trigger, pathway, step) }))
  return [planOf(aim), ...tasks]
}

/** What is in a patient's compartment of what these pathways look at. */
const recordOf = async ({ store }: Look, patient: string, pathways: readonly Pathway[]): Promise<Reference[]> => {
  const types = new Set([...TYPES, ...pathways.flatMap((pathway) => [...pathway.types])])
  const id = idIn(patient)
  const byType = Map.groupBy(await store.compartment(id), ({ type }) => type)
  const few = [...byType].flatMap(([type, listed]) => (types.has(type) && listed.length <= FEW ? listed : []))
  return [{ type: 'Patient', id }, ...few]
}

/**
 * Reads a patient's record ahead of all questions, so far as these pathways look at it, and along with it one Encounter.
 * @param v the version of the Encounter that is news, so that the one before may be asked for
 */
export const readRecord = async (
  look: Look,
  patient: string,
  pathways: readonly Pathway[],
  encounterId: string,
  v: number,
): Promise<void> => {
  const encounter = { type: 'Encounter', id: encounterId }
  const record = await recordOf(look, patient, pathways)
  await look.store.readAhead([encounter, ...record], v > 1 ? [{ ...encounter, v: v - 1 }] : [])
}

/**
 * Those whose plans the records of these patients do not know: they have not begun. A plan that is not in the record of its Encounter's patient
 * (it was deleted, or the Encounter is another patient's by now) is found out about by the write.
 */
const notBegun = async ({ store }: Look, aims: readonly Aim[], patients: Iterable<string>): Promise<Set<Aim>> => {
  const records = await Promise.all([...patients].map((patient) => store.compartment(idIn(patient))))
  // There is an Encounter: a record that lists nothing is too long to be listed.
  if (!records.length || records.some((listed) => !listed.length)) return new Set()
  const listed = new Set(records.flatMap((record) => record.map(({ type, id }) => referenceTo(type, id))))
  return new Set(
    aims.filter((aim) => {
      const plan = planOf(aim)
      return !listed.has(referenceTo(plan.type, plan.id)) && !store.holds(plan)
    }),
  )
}

/**
 * Reads ahead what these pathways of Encounters are decided on, in as few requests as can be. What is not among it is read when it is
 * asked for.
 * @param before an earlier look at the same, if there was one: it tells whose records are wanted
 */
export const readAhead = async (look: Look, aims: readonly Aim[], before: Look = look): Promise<void> => {
  const encounters = (await before.store.readMany(aims.map(encounterOf))).flatMap((version) =>
    version.deleted ? [] : [version.content as unknown as Encounter],
  )
  const patients = new Set(
    encounters.flatMap(({ subject }) => (PATIENT.test(subject?.reference ?? '') ? subject!.reference! : [])),
  )
  const pathways = aims.map(({ pathway }) => pathway)
  const records = await Promise.all([...patients].map((patient) => recordOf(look, patient, pathways)))
  const isFirst = look === before
  const unbegun = isFirst ? await notBegun(look, aims, patients) : new Set<Aim>()
  look.store.supposeAbsent([...unbegun].flatMap(workOf))
  await look.store.readAhead([
    ...aims.map(encounterOf),
    ...aims.filter((aim) => !unbegun.has(aim)).flatMap(workOf),
    ...records.flat(),
    ...encounters.flatMap(placesOf),
  ])
}
