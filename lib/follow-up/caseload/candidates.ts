import type { Patient, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { Instant } from '../../fhir.ts'
import { dueInstant } from '../../pathways/due.ts'
import { unavailable } from './availability.ts'
import type { Candidate, Wanted } from './choose.ts'
import { capacityOf, defaultLanguages, rolesOf } from './settings.ts'
import type { Worker } from './workers.ts'

const INTERPRETER_REQUIRED = 'http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired'

/** A worker as somebody who might be given what is due then. */
export const candidateOf = (
  { tenant }: Careloop,
  worker: Worker,
  now: Instant,
  due: Instant | undefined,
): Candidate => {
  const { reference, role, practitioner, load, lastAssigned } = worker
  const spoken = (practitioner?.communication ?? []).flatMap(({ coding = [] }) =>
    coding.flatMap(({ code }) => code ?? []),
  )
  const why = unavailable(role, now, due, tenant.timeZone)
  return {
    worker: reference,
    load: load.total,
    capacity: capacityOf(role, tenant),
    languages: spoken.length ? spoken : defaultLanguages(tenant),
    roles: rolesOf(role),
    ...(why && { unavailable: why }),
    ...(lastAssigned && { lastAssigned }),
  }
}

/** The language the patient prefers, else those the patient speaks. */
const languagesOf = (patient: Patient | undefined): string[] => {
  const all = patient?.communication ?? []
  const preferred = all.filter((each) => each.preferred)
  return (preferred.length ? preferred : all).flatMap(({ language }) =>
    (language.coding ?? []).flatMap(({ code }) => code ?? []),
  )
}

/** Who of the workers has the patient's work: whose case it is, else who owned the patient's last Task. */
export const priorOf = async (
  { search }: Careloop,
  subject: string | undefined,
  workers: readonly Worker[],
): Promise<string | undefined> => {
  if (subject === undefined || !workers.length) return undefined
  const manager = workers.find(({ cases }) => cases.some(({ patient }) => patient === subject))
  if (manager) return manager.reference
  const page = await search.page({
    type: 'Task',
    parameters: [
      ['patient', subject],
      ['_sort', '-_lastUpdated'],
      ['_count', '20'],
    ],
  })
  const owners = page.versions.map(({ content }) => (content as unknown as Task).owner?.reference)
  return owners.flatMap((owner) => workers.find(({ references }) => owner && references.includes(owner)) ?? [])[0]
    ?.reference
}

/** What a Task asks of whoever is to do it. */
export const wantedFor = async (careloop: Careloop, task: Task, workers: readonly Worker[]): Promise<Wanted> => {
  const subject = task.for?.reference
  const [, id] = /^Patient\/(.+)$/.exec(subject ?? '') ?? []
  const version = id === undefined ? undefined : await careloop.store.read('Patient', id)
  const patient = version && !version.deleted ? (version.content as unknown as Patient) : undefined
  const prior = await priorOf(careloop, subject, workers)
  return {
    languages: languagesOf(patient),
    interpreter: (patient?.extension ?? []).some(
      ({ url, valueBoolean }) => url === INTERPRETER_REQUIRED && valueBoolean,
    ),
    roles: (task.performerType ?? []).flatMap(({ coding = [] }) =>
      coding.flatMap(({ system = '', code }) => (code ? [`${system}|${code}`] : [])),
    ),
    ...(prior !== undefined && { prior }),
  }
}

export const dueOf = ({ tenant }: Careloop, task: Task): Instant | undefined => dueInstant(task, tenant.timeZone)
