import type { Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { instantOf } from '../../clock.ts'
import { ID, type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { businessDays, newTask, withWindow } from '../../follow-up/timed-task.ts'
import { deterministicId } from '../../ids.ts'
import type { Caller, InteractionRequest } from '../../interactions/interaction.ts'
import { fail } from '../../outcome.ts'
import { calendarOf } from '../../pathways/calendar.ts'
import { CARE_TASK_TYPE } from '../../pathways/codes.ts'
import { absent, creation } from '../../pathways/commit.ts'
import { missingPools, poolOwner } from '../../pathways/owner.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import { VersionConflict } from '../../store/store.ts'
import { ConditionFailed } from '../../store/table.ts'
import type { Access } from '../access/access.ts'
import { rolesOf } from '../access/roles.ts'
import { parseScopes } from '../access/scopes.ts'
import { patientsIn, patientsOf } from '../audit/patients.ts'
import { brokenUntil, glassKey } from './broken-glass.ts'
import { labelled } from './withhold-labelled.ts'

export const SHORTEST_REASON = 10
export const OPEN_HOURS = 4
const HOUR_MS = 3_600_000
export const BREAK_GLASS_REVIEW = 'break-glass-review'

export type Asked = Pick<InteractionRequest, 'type' | 'id' | 'query' | 'baseUrl'> & {
  /** of the path below the base */
  segments: readonly string[]
}

/** Somebody who cares for patients, in their own name and with their own rights. */
const mayBreak = ({ reference, roles = [], scopes = [] }: Caller): boolean =>
  /^Practitioner(?:Role)?\//.test(reference ?? '') &&
  parseScopes(scopes).some(({ context }) => context === 'user') &&
  rolesOf({ reference: reference!, roles }).some(({ duties }) => duties.includes('emergency'))

/** `Patient/id` of whom a request is about; none where the URL leads to nothing. @throws FhirError invalid (400) */
const patientOf = async ({ store }: Careloop, asked: Asked): Promise<string | undefined> => {
  const { type, id, query, baseUrl, segments } = asked
  const [root, second = ''] = segments
  if (root === 'Patient' && ID.test(second)) return referenceTo(root, second)
  const version = id ? await store.read(type, id) : undefined
  if (id && (!version || version.deleted)) return undefined
  const patients = new Set(version ? patientsOf(version.content) : patientsIn(type, query, baseUrl))
  const [patient, ...others] = patients
  if (patient === undefined || others.length)
    throw fail(
      'invalid',
      'X-Careloop-Break-Glass is for one patient. Read a resource of theirs, or search with patient=Patient/[id].',
    )
  return patient
}

/**
 * Opens what is labelled of one patient to who asks, for four hours: the window is kept, and a Task asks the supervisors to review it within a
 * business day, which they are told of at once. While it is open nothing more happens. The reason is for the AuditEvent of the request.
 * @param careloop unrestricted
 * @throws FhirError invalid (400) for no reason or no patient, forbidden (403) for who may not
 */
export const breakGlass = async (careloop: Careloop, access: Access, reason: string, asked: Asked): Promise<void> => {
  if (!labelled.concerns(careloop, access)) return
  const { caller = {} } = access
  if (!mayBreak(caller))
    throw fail('forbidden', 'Breaking the glass is for users with user/ scopes and a clinical role.')
  if (reason.trim().length < SHORTEST_REASON)
    throw fail('invalid', `X-Careloop-Break-Glass takes the reason, in at least ${SHORTEST_REASON} characters.`)
  const patient = await patientOf(careloop, asked)
  const version = patient && (await careloop.store.read('Patient', patient.slice('Patient/'.length)))
  // Who may not see the patient learns nothing of there being one.
  if (!version || version.deleted || !access.sees('rs', version)) return
  await open(careloop, caller.reference!, patient)
}

const open = async (careloop: Careloop, user: string, patient: string): Promise<void> => {
  const { clock, store } = careloop
  const now = clock.now()
  const before = await brokenUntil(careloop, user, patient)
  if (before !== undefined && now < before) return
  await review(careloop, { user, patient, now, act: ['break-glass', user, patient, before ?? ''] })
  const until = instantOf(Date.parse(now) + OPEN_HOURS * HOUR_MS)
  try {
    await store.table.put({ ...glassKey(user, patient), until }, before === undefined ? 'absent' : { until: before })
  } catch (error) {
    // Another request of theirs has just done it.
    if (!(error instanceof ConditionFailed)) throw error
  }
}

interface Opening {
  user: string
  patient: string
  now: Instant
  /** tells this time from any other */
  act: readonly string[]
}

/** The Task is there before anything can be seen. */
const review = async (careloop: Careloop, { user, patient, now, act }: Opening): Promise<void> => {
  const { store, tenant } = careloop
  const calendar = calendarOf(tenant)
  const owner = poolOwner(tenant.supervisorPool)
  const plain: Task = {
    ...newTask(
      {
        id: deterministicId(...act),
        code: { coding: [{ system: CARE_TASK_TYPE, code: BREAK_GLASS_REVIEW, display: 'Review of emergency access' }] },
        focus: { reference: patient },
        subject: { reference: patient },
        priority: 'urgent',
        description:
          'Somebody has opened what is kept back of this patient, as an emergency. The reason is in the AuditEvent of that time.',
        owner,
      },
      now,
    ),
    input: [{ type: { text: 'opened by' }, valueReference: { reference: user } }],
  }
  const { timeZone } = tenant
  const task = withWindow(plain, now, businessDays(1), { calendar, timeZone, tenant, now }) as unknown as Resource
  const made = await absent(store, [task])
  if (!made.length) return
  const record = provenanceOf({ act, targets: [referenceTo('Task', plain.id!)], activity: 'CREATE' }, now)
  const pools = await missingPools(store, [owner.pool], now)
  try {
    await store.write([...pools, ...made, record].map(creation))
  } catch (error) {
    if (!(error instanceof VersionConflict) || (await absent(store, [task])).length) throw error
  }
}
