/**
 * What access ought to be, written down from the rules of docs/security/authorization.md and from nothing of lib/: the scopes are not parsed here,
 * what they mean is said beside them by hand.
 */

export type Letter = 'c' | 'r' | 'u' | 'd' | 's'

/** Whose a resource is. `own`: of Patient/anna, and what the Task of Organization/helpers refers to. `vitals`: the same, of another category. */
export type Ownership = 'own' | 'vitals' | 'other' | 'none'

export interface Given {
  /** letters by type, `*` for all others */
  letters: Record<string, string>
  whose: 'everybody' | 'anna' | 'helpers'
  /** of Observations only laboratory */
  laboratory?: true
  /** the types without patients are read as they are */
  shared?: true
}

export interface Caller {
  name: string
  token?: { scope?: string; fhirUser?: string; roles?: string; patient?: string }
  gives: Given[]
}

const CARE = { '*': 'cruds', AuditEvent: '' }
const AGENCY = { '*': 'rs', Task: 'rus', AuditEvent: '' }
const PERSON = { '*': 'rs', Task: 'rus', AuditEvent: '' }
const nora = 'Practitioner/nora'

export const callers: Caller[] = [
  { name: 'no token', gives: [] },
  { name: 'a token without scopes', token: { scope: '' }, gives: [] },
  {
    name: 'scopes that mean nothing',
    token: { scope: 'openid patient/*.sdurc system/*.execute system/task.rs patient/*', patient: 'anna' },
    gives: [],
  },
  {
    name: 'a query that means nothing',
    token: { scope: 'system/Observation.rs?colour=red system/Task.rs?' },
    gives: [],
  },
  {
    name: 'system all',
    token: { scope: 'system/*.cruds' },
    gives: [{ letters: { '*': 'cruds' }, whose: 'everybody' }],
  },
  {
    name: 'system all, version 1',
    token: { scope: 'system/*.*' },
    gives: [{ letters: { '*': 'cruds' }, whose: 'everybody' }],
  },
  {
    name: 'system reading',
    token: { scope: 'system/*.read' },
    gives: [{ letters: { '*': 'rs' }, whose: 'everybody' }],
  },
  {
    name: 'system writing',
    token: { scope: 'system/*.write' },
    gives: [{ letters: { '*': 'cud' }, whose: 'everybody' }],
  },
  {
    name: 'system reads Tasks',
    token: { scope: 'system/Task.rs' },
    gives: [{ letters: { Task: 'rs' }, whose: 'everybody' }],
  },
  {
    name: 'system changes Tasks',
    token: { scope: 'system/Task.u' },
    gives: [{ letters: { Task: 'u' }, whose: 'everybody' }],
  },
  {
    name: 'system creates',
    token: { scope: 'system/Observation.c system/Condition.cs' },
    gives: [{ letters: { Observation: 'c', Condition: 'cs' }, whose: 'everybody' }],
  },
  {
    name: 'system laboratory',
    token: { scope: 'system/Observation.cruds?category=laboratory' },
    gives: [{ letters: { Observation: 'cruds' }, whose: 'everybody', laboratory: true }],
  },
  {
    name: 'system laboratory, reads all',
    token: { scope: 'system/Observation.s?category=laboratory system/Observation.r' },
    gives: [
      { letters: { Observation: 's' }, whose: 'everybody', laboratory: true },
      { letters: { Observation: 'r' }, whose: 'everybody' },
    ],
  },
  {
    name: 'patient all',
    token: { scope: 'patient/*.cruds', patient: 'anna' },
    gives: [{ letters: { '*': 'cruds' }, whose: 'anna', shared: true }],
  },
  {
    name: 'patient reading, version 1',
    token: { scope: 'launch/patient patient/*.read', patient: 'anna' },
    gives: [{ letters: { '*': 'rs' }, whose: 'anna', shared: true }],
  },
  {
    name: 'patient writing',
    token: { scope: 'patient/*.write', patient: 'anna' },
    gives: [{ letters: { '*': 'cud' }, whose: 'anna' }],
  },
  {
    name: 'patient deletes Observations',
    token: { scope: 'patient/Observation.rd', patient: 'anna' },
    gives: [{ letters: { Observation: 'rd' }, whose: 'anna' }],
  },
  {
    name: 'patient laboratory, all Tasks',
    token: { scope: 'patient/Observation.rs?category=laboratory patient/Task.cruds', patient: 'anna' },
    gives: [
      { letters: { Observation: 'rs' }, whose: 'anna', laboratory: true },
      { letters: { Task: 'cruds' }, whose: 'anna' },
    ],
  },
  {
    name: 'patient and system together',
    token: { scope: 'patient/Observation.rs system/Task.rs', patient: 'anna' },
    gives: [
      { letters: { Observation: 'rs' }, whose: 'anna' },
      { letters: { Task: 'rs' }, whose: 'everybody' },
    ],
  },
  { name: 'patient without a launch', token: { scope: 'patient/*.cruds' }, gives: [] },
  { name: 'a user without a role', token: { scope: 'user/*.cruds', fhirUser: nora }, gives: [] },
  {
    name: 'a user with a role nobody knows',
    token: { scope: 'user/*.cruds', fhirUser: nora, roles: 'emperor' },
    gives: [],
  },
  {
    name: 'care manager',
    token: { scope: 'user/*.cruds', fhirUser: nora, roles: 'care-manager' },
    gives: [{ letters: CARE, whose: 'everybody' }],
  },
  {
    name: 'care manager who reads Tasks',
    token: { scope: 'user/Task.rs', fhirUser: nora, roles: 'care-manager' },
    gives: [{ letters: { Task: 'rs' }, whose: 'everybody' }],
  },
  {
    name: 'supervisor',
    token: { scope: 'user/*.*', fhirUser: nora, roles: 'supervisor' },
    gives: [{ letters: { '*': 'cruds', AuditEvent: 'rs' }, whose: 'everybody' }],
  },
  {
    name: 'auditor',
    token: { scope: 'user/*.cruds', fhirUser: nora, roles: 'auditor' },
    gives: [{ letters: { AuditEvent: 'rs' }, whose: 'everybody' }],
  },
  {
    name: 'agency by its people',
    token: { scope: 'user/*.cruds', fhirUser: 'Practitioner/hal', roles: 'agency' },
    gives: [{ letters: AGENCY, whose: 'helpers' }],
  },
  {
    name: 'agency by itself',
    token: { scope: 'user/*.rs', fhirUser: 'Organization/helpers' },
    gives: [{ letters: { '*': 'rs', AuditEvent: '' }, whose: 'helpers' }],
  },
  {
    name: 'agency that has been sent nothing',
    token: { scope: 'user/*.cruds', fhirUser: 'Organization/idle', roles: 'agency' },
    gives: [{ letters: AGENCY, whose: 'helpers', laboratory: undefined, nothing: true } as Given],
  },
  {
    name: 'a patient who is the user',
    token: { scope: 'user/*.cruds', fhirUser: 'Patient/anna' },
    gives: [{ letters: PERSON, whose: 'anna' }],
  },
]

/** Types that stand in the compartment of a Patient, or are one. */
const ABOUT_PATIENTS = ['Task', 'Observation', 'Condition', 'Patient', 'AuditEvent']

const lettersOf = ({ letters }: Given, type: string) => letters[type] ?? letters['*'] ?? ''

/** Whether a grant has to do with the type at all. */
const reaches = (given: Given, letter: Letter, type: string): boolean => {
  if (!lettersOf(given, type).includes(letter)) return false
  if (given.whose !== 'anna' || ABOUT_PATIENTS.includes(type)) return true
  return given.shared === true && (letter === 'r' || letter === 's')
}

export const covers = ({ gives }: Caller, letters: string, type: string): boolean =>
  gives.some((given) => [...letters].some((letter) => reaches(given, letter as Letter, type)))

export const allows = ({ gives }: Caller, letters: string, type: string, ownership: Ownership): boolean =>
  gives.some((given) => {
    if (![...letters].some((letter) => reaches(given, letter as Letter, type))) return false
    if (given.laboratory && ownership === 'vitals') return false
    if (given.laboratory && type === 'Observation' && ownership === 'none') return false
    if ('nothing' in given) return false
    if (given.whose === 'everybody') return true
    if (given.whose === 'anna' && !ABOUT_PATIENTS.includes(type)) return true
    return ownership === 'own' || ownership === 'vitals'
  })

export type Asking =
  | 'read'
  | 'vread'
  | 'history'
  | 'search'
  | 'list'
  | 'history of the type'
  | 'create'
  | 'create unless there'
  | 'update'
  | 'patch'
  | 'delete'
  | 'read in a batch'
  | 'update in a transaction'

export interface Expected {
  status: number
  /** of what lists: whether the resource is among it; of a write: whether its outcome is shown */
  shown?: boolean
  /** whether the resource is afterwards not what it was */
  changed?: boolean
}

const forbidden: Expected = { status: 403 }

export const expected = (caller: Caller, asking: Asking, type: string, ownership: Ownership): Expected => {
  const may = (letters: string) => allows(caller, letters, type, ownership)
  const has = (letters: string) => covers(caller, letters, type)
  const isKept = type === 'AuditEvent'
  if (isKept && ['update', 'patch', 'delete'].includes(asking)) return { status: 405 }
  if (!caller.token) return { status: 401 }
  const found = (letters: string): Expected => (may(letters) ? { status: 200, shown: true } : { status: 404 })
  const listed = (letters: string): Expected => (has(letters) ? { status: 200, shown: may(letters) } : forbidden)
  const changing = (letter: string, unseen: Expected, done: Expected): Expected => {
    if (!has(letter)) return forbidden
    // Whoever may do anything with it knows of it.
    if (!may('rsud')) return unseen
    return may(letter) ? done : forbidden
  }
  switch (asking) {
    case 'read':
    case 'vread':
    case 'history':
      return has('r') ? found('r') : forbidden
    case 'search':
    case 'list':
    case 'history of the type':
      return listed('s')
    case 'create':
      return has('c') && may('c') ? { status: 201, shown: may('rs') } : forbidden
    case 'create unless there':
      if (!has('c') || !has('s')) return forbidden
      if (may('s')) return { status: 200, shown: true }
      return may('c') ? { status: 201, shown: may('rs') } : forbidden
    case 'update':
      return changing('u', { status: 405 }, { status: 200, shown: may('rs'), changed: true })
    case 'patch':
      return changing('u', { status: 404 }, { status: 200, shown: may('rs'), changed: true })
    case 'delete':
      return changing('d', { status: 204 }, { status: 204, changed: true })
    case 'read in a batch':
      return { status: 200, shown: has('r') && may('r') }
    case 'update in a transaction':
      if (isKept) return { status: 405 }
      return changing('u', { status: 405 }, { status: 200, shown: may('rs'), changed: true })
  }
}
