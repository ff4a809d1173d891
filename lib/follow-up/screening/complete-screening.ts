import type { QuestionnaireResponse, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { instantOf } from '../../clock.ts'
import { patientOf } from '../../events/contract.ts'
import { type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { calendarOf } from '../../pathways/calendar.ts'
import { CARE_TASK_TYPE } from '../../pathways/codes.ts'
import { creation, revision } from '../../pathways/commit.ts'
import { lastInstantOf } from '../../pathways/date-time.ts'
import { isOpen } from '../../pathways/due.ts'
import { isProven, isWithdrawn, provenTask, reopenedTask, withdrawnTask } from '../../pathways/follow-task.ts'
import { missingPools, ownerFor } from '../../pathways/owner.ts'
import type { Write } from '../../store/plan-write.ts'
import type { Version } from '../../store/version.ts'
import { businessDays, newTask, withWindow } from '../timed-task.ts'
import { LOINC, SCREENING_INPUT } from './codes.ts'
import { type Answered, missingItems } from './read-response.ts'
import { observationId } from './survey-observations.ts'
import { isUntouched } from './untouched.ts'

const CODE = 'complete-screening'
const DUE = businessDays(5)
const DAY_MS = 86_400_000

/** What the automation itself changes of such a Task. */
const OURS = [
  'status',
  'statusReason',
  'businessStatus',
  'executionPeriod',
  'input',
  'output',
  'extension',
  'lastModified',
]

export interface Completion {
  writes: readonly Write[]
  /** the pool it goes to and the record of its making, where they are not there yet */
  pools: readonly Resource[]
}

const NONE: Completion = { writes: [], pools: [] }

const asTask = (version: Version): Task => version.content as unknown as Task
const asResource = (task: Task): Resource => task as unknown as Resource

/** Says which items, by their codes; never what was answered. */
const inputsOf = (missing: readonly string[]): NonNullable<Task['input']> =>
  missing.map((code) => ({
    type: { coding: [{ system: SCREENING_INPUT, code: 'missing-item' }] },
    valueCodeableConcept: { coding: [{ system: LOINC, code }] },
  }))

const created = async (
  careloop: Careloop,
  version: Version,
  id: string,
  missing: readonly string[],
): Promise<Completion> => {
  const { store, clock, tenant } = careloop
  const { subject, encounter, authored } = version.content as unknown as QuestionnaireResponse
  const patient = patientOf(subject)
  if (!patient) return NONE
  const now = clock.now()
  const at = (authored && lastInstantOf(authored, tenant.timeZone)) ?? version.updated
  const from = [at, now].sort()[0]!
  if (from < instantOf(Date.parse(now) - tenant.lateNoticeDays * DAY_MS)) return NONE
  const known = await store.read('Patient', patient.slice('Patient/'.length))
  const owner = await ownerFor(careloop, { reference: patient }, known && !known.deleted ? known.content : undefined)
  const plain = newTask(
    {
      id,
      code: { coding: [{ system: CARE_TASK_TYPE, code: CODE, display: 'Complete a screening' }] },
      focus: { reference: referenceTo(version.type, version.id) },
      subject: { reference: patient },
      ...(encounter && { encounter }),
      priority: 'routine',
      description: 'Ask what is still to be answered, so that the screening can be scored.',
      owner,
    },
    now,
  )
  const times = { calendar: calendarOf(tenant), timeZone: tenant.timeZone, tenant, now }
  const task = withWindow({ ...plain, input: inputsOf(missing) }, from, DUE, times)
  return {
    writes: [creation(asResource(task))],
    pools: await missingPools(store, [owner.pool], now),
  }
}

/** The Task when nothing is missing any more: done where the answers came, withdrawn where they do not count. */
const closed = async (
  { store, clock }: Careloop,
  base: Version,
  answered: readonly Answered[],
): Promise<Task | undefined> => {
  const task = asTask(base)
  if (!isOpen(task)) return undefined
  const now = clock.now()
  const results = answered.flatMap(({ instrument: { panel, result } }) =>
    result ? [`Observation/${observationId(task.focus!.reference!, panel, result.code)}`] : [],
  )
  if (!results.length)
    return (await isUntouched(store, base, OURS))
      ? { ...withdrawnTask(task, 'no-longer-applies'), lastModified: now }
      : undefined
  return {
    ...provenTask(task, { references: results, versions: [], result: 'completed', date: now }),
    lastModified: now,
  }
}

const stillMissing = ({ clock }: Careloop, base: Version, missing: readonly string[]): Task | undefined => {
  const task = asTask(base)
  const others = (task.input ?? []).filter(
    ({ type }) => !type.coding?.some(({ system, code }) => system === SCREENING_INPUT && code === 'missing-item'),
  )
  const input = [...others, ...inputsOf(missing)]
  const isSame = JSON.stringify(input) === JSON.stringify(task.input)
  if (isOpen(task)) return isSame ? undefined : { ...task, input, lastModified: clock.now() }
  if (!isWithdrawn(task) && !isProven(task)) return undefined
  return { ...reopenedTask(task), input, lastModified: clock.now() }
}

/**
 * What becomes of the Task to complete a response: there is one while a result waits for answers. What people have closed stays closed.
 * `answered`: nothing, when the answers of the response do not count.
 */
export const completeScreening = async (
  careloop: Careloop,
  version: Version,
  answered: readonly Answered[],
): Promise<Completion> => {
  const missing = answered.flatMap(missingItems)
  const id = deterministicId(referenceTo(version.type, version.id), CODE)
  const base = await careloop.store.read('Task', id)
  if (!base) return missing.length ? created(careloop, version, id, missing) : NONE
  if (base.deleted) return NONE
  const task = missing.length ? stillMissing(careloop, base, missing) : await closed(careloop, base, answered)
  return task ? { writes: [revision(base, asResource(task))], pools: [] } : NONE
}
