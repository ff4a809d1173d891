import type { Bundle, CareTeam, Encounter, Patient, Practitioner, Task } from 'fhir/r4'

export const IDENTIFIERS = 'urn:careloop:chaos'
export const OWNERS = ['Practitioner/ana', 'Practitioner/ben', 'CareTeam/night'] as const
export const GROUPS = ['one', 'two', 'three'] as const
export const PATIENTS = ['ada', 'bea', 'cai', 'dee'] as const

export const patientOf = (id: string, mark: string): Patient => ({
  resourceType: 'Patient',
  id,
  identifier: [{ system: IDENTIFIERS, value: mark }],
  birthDate: '1950-03-14',
})

export interface TaskParts {
  id?: string
  mark: string
  identifier: string
  owner: string
  group: string
  patient: string
  priority: NonNullable<Task['priority']>
  due?: string
}

export const taskOf = ({ id, mark, identifier, owner, group, patient, priority, due }: TaskParts): Task => ({
  resourceType: 'Task',
  ...(id && { id }),
  identifier: [{ system: IDENTIFIERS, value: identifier }],
  groupIdentifier: { system: IDENTIFIERS, value: group },
  status: 'requested',
  intent: 'order',
  priority,
  for: { reference: `Patient/${patient}` },
  owner: { reference: owner },
  ...(due && { restriction: { period: { end: due } } }),
  note: [{ text: mark }],
})

/** Those who own Tasks. */
export const owners = (): (Practitioner | CareTeam)[] =>
  OWNERS.map((reference) => {
    const [resourceType, id] = reference.split('/') as ['Practitioner' | 'CareTeam', string]
    return { resourceType, id }
  })

/** The Encounter with a mark of its own. */
export const marked = (encounter: Encounter, mark: string): Encounter => ({
  ...encounter,
  identifier: [{ system: IDENTIFIERS, value: mark }],
})

export interface TransactionEntry {
  resource: Task
  method: 'PUT' | 'POST'
  ifMatch?: number
}

export const transactionOf = (entries: readonly TransactionEntry[]): Bundle => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: entries.map(({ resource, method, ifMatch }) => ({
    resource,
    request: {
      method,
      url: method === 'PUT' ? `Task/${resource.id}` : 'Task',
      ...(ifMatch !== undefined && { ifMatch: `W/"${ifMatch}"` }),
    },
  })),
})
