import type { Patient } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { referenceTo } from '../fhir.ts'
import { rewriteLinks } from '../interactions/bundle-links.ts'
import { retryConflicts } from '../interactions/retry-conflicts.ts'
import { provenanceOf } from '../pathways/provenance.ts'
import type { Write } from '../store/plan-write.ts'
import { resourceOf, type Version } from '../store/version.ts'
import {
  confirmedIdentifiers,
  identifyPatient,
  patientsWith,
  patientWrite,
  type Unidentified,
} from './identify-patient.ts'
import type { MergeNotification } from './notification.ts'

export type Merge =
  /** it cannot be told who one of the two is */
  | { kind: 'unknown'; identity: Unidentified }
  /** the record that is replaced is not here, or is the other one */
  | { kind: 'nothing'; survivor?: string; writes: Write[] }
  | { kind: 'merge'; survivor: string; prior: string; writes: Write[] }

const linked = (
  patient: Version,
  other: string,
  type: 'replaces' | 'replaced-by',
  changed: Partial<Patient> = {},
): Write => {
  const { link = [] } = resourceOf(patient) as unknown as Patient
  return patientWrite(patient, { ...changed, link: [...link, { other: { reference: other }, type }] })
}

/** The writes that say of two records that one has taken the place of the other. */
export const linkPatients = async (careloop: Careloop, { patient, prior }: MergeNotification): Promise<Merge> => {
  const [survivors, replaced] = await Promise.all([patientsWith(careloop, patient), patientsWith(careloop, prior)])
  if (!replaced.length) {
    const [survivor] = survivors
    return { kind: 'nothing', writes: [], ...(survivor && { survivor: referenceTo('Patient', survivor.id) }) }
  }
  const told = await identifyPatient(careloop, patient)
  if (!told.patient) return { kind: 'unknown', identity: told }
  const old = await identifyPatient(careloop, prior)
  if (!old.patient) return { kind: 'unknown', identity: old }
  const survivor = referenceTo('Patient', told.patient.id)
  const confirmed = told.confirmed ? confirmedIdentifiers(told.patient, patient) : undefined
  if (old.patient.id === told.patient.id)
    return { kind: 'nothing', survivor, writes: confirmed ? [patientWrite(told.patient, confirmed)] : [] }
  const reference = referenceTo('Patient', old.patient.id)
  return {
    kind: 'merge',
    survivor,
    prior: reference,
    writes: [
      linked(told.patient, reference, 'replaces', confirmed),
      linked(old.patient, survivor, 'replaced-by', { active: false }),
    ],
  }
}

/** What runs for a patient; the rest of the record stays where it is and is found by the link. */
const MOVED = ['Encounter', 'CarePlan', 'Task']
const MOVED_AT_ONCE = 40

/**
 * Makes the visits, plans and Tasks of a patient another's, so many in each commit with a Provenance. Running it again goes on where it stopped.
 * @param because `Type/id` of what gave rise to it
 */
export const movePatient = async (
  { store, search, clock }: Careloop,
  { survivor, prior }: { survivor: string; prior: string },
  because: string,
): Promise<void> => {
  const links = new Map([[prior, survivor]])
  const moveSome = async (type: string): Promise<boolean> => {
    const parameters = [
      ['patient', prior],
      ['_count', String(MOVED_AT_ONCE)],
    ] as const
    const { versions } = await search.page({ type, parameters })
    const writes = versions.flatMap((base): Write[] => {
      const content = resourceOf(base)
      const resource = rewriteLinks(content, links)
      return resource === content ? [] : [{ type, id: base.id, resource, base, method: 'PUT' }]
    })
    if (!writes.length) return false
    const targets = writes.map(({ id, base }) => `${referenceTo(type, id)}/_history/${base!.v + 1}`)
    const provenance = provenanceOf(
      {
        act: ['patient-merged', because, ...targets],
        targets,
        trigger: because,
        activity: 'UPDATE',
        reason: 'patient-merged',
      },
      clock.now(),
    )
    await store.write([...writes, { type: 'Provenance', id: provenance.id!, resource: provenance, method: 'PUT' }])
    return true
  }
  for (const type of MOVED) while (await retryConflicts(() => moveSome(type)));
}
