import type { Careloop } from '../../lib/careloop.ts'
import type { Resource } from '../../lib/fhir.ts'

/** Who the measured searches ask for: this owner has all Tasks, this patient 25 of them at any size. */
export const OWNER = 'Practitioner/case-manager'
export const PATIENT = 'Patient/p-0'
export const PATIENT_IDENTIFIER = 'urn:bench:mrn|0'

/** The measured patient; the others are but referred to. */
export const aPatient = (): Resource => ({
  resourceType: 'Patient',
  id: 'p-0',
  identifier: [{ system: 'urn:bench:mrn', value: '0' }],
  name: [{ family: 'Bench' }],
})

/** Somebody with a role, which has a team. */
export const MEMBER = 'Practitioner/nurse'
export const PLAN_URL = 'urn:bench:plan'

/** What the measured searches find besides Tasks. */
export const aroundTheTasks = (): Resource[] => [
  aPatient(),
  { resourceType: 'PractitionerRole', id: 'nurse', practitioner: { reference: MEMBER } },
  { resourceType: 'CareTeam', id: 'nurses', participant: [{ member: { reference: 'PractitionerRole/nurse' } }] },
  { resourceType: 'PlanDefinition', id: 'plan', url: PLAN_URL, status: 'active' },
  ...['PractitionerRole/nurse', 'CareTeam/nurses'].flatMap((owner) =>
    Array.from({ length: 15 }, (_, n) => ({
      ...task(-2, `shared-${n}`, day(n)),
      id: `${owner.slice(-5)}-${n}`,
      owner: { reference: owner },
    })),
  ),
  ...Array.from({ length: 25 }, (_, n) => ({ ...observation(0, n), id: `weight-${n}` })),
]

const observation = (patient: number, n: number): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'urn:bench', code: 'weight' }] },
  subject: { reference: `Patient/p-${patient}` },
  effectiveDateTime: day(n),
  valueQuantity: { value: 70 + n, system: 'http://unitsofmeasure.org', code: 'kg' },
})

const TASKS_PER_PATIENT = 25
const AT_ONCE = 16
const NOTE =
  'Called the daughter, who looks after the pills. Blood pressure cuff arrived. Wants the visit in the morning because the bus does not run later. '

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10)

/** A work Task of about 2 KB with eight indexed values: patient, owner, requester, focus, encounter, identifier, group identifier, due date. */
const task = (patient: number, identifier: string, due: string): Resource => ({
  resourceType: 'Task',
  identifier: [{ system: 'urn:bench', value: identifier }],
  groupIdentifier: { system: 'urn:bench:group', value: `group-${patient}` },
  status: 'requested',
  intent: 'order',
  priority: 'routine',
  code: {
    coding: [{ system: 'https://careloop.dev/fhir/CodeSystem/care-task-type', code: 'tcm-interactive-contact' }],
    text: 'Reach the patient or caregiver after discharge',
  },
  description:
    'Call within two business days of discharge, ask about symptoms, medication, equipment and the next visit.',
  focus: { reference: `CarePlan/plan-${patient}` },
  for: { reference: `Patient/p-${patient}` },
  encounter: { reference: `Encounter/stay-${patient}` },
  authoredOn: '2026-01-01T09:00:00-05:00',
  lastModified: '2026-01-01T09:00:00-05:00',
  requester: { reference: 'Organization/plan' },
  owner: { reference: OWNER },
  reasonCode: { text: 'Discharged home after heart failure' },
  note: Array.from({ length: 5 }, (_, index) => ({
    time: `2026-01-0${index + 1}T09:00:00-05:00`,
    text: `${index + 1}. ${NOTE}`,
  })),
  restriction: { period: { start: '2026-01-01T09:00:00-05:00', end: `${due}T23:59:59-05:00` } },
})

export const aTask = (n: number): Resource => task(Math.floor(n / TASKS_PER_PATIENT), `task-${n}`, day(n % 365))

/** A Task of a patient nobody else measures. */
export const measuredTask = (identifier: string): Resource => task(-1, identifier, '2027-06-01')

/** Creates the Tasks number `from` to `to` (exclusive), and one patient and one Observation for every ten of them. */
export const fill = async ({ store, ids }: Careloop, from: number, to: number): Promise<void> => {
  let n = from
  const worker = async (): Promise<void> => {
    while (n < to) {
      const batch = Array.from({ length: Math.min(10, to - n) }, (_, index) => aTask(n + index))
      n += batch.length
      // For every tenth Task a patient and a weight, so that their lists grow too.
      const { id: _id, ...patient } = aPatient()
      const others: Resource[] = [
        { ...patient, identifier: [{ system: 'urn:bench:mrn', value: `other-${n}` }] },
        observation(-3, n % 365),
      ]
      await store.write(
        [...batch, ...others].map((resource) => ({
          type: resource.resourceType,
          id: ids.next(),
          resource,
          method: 'POST',
        })),
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
