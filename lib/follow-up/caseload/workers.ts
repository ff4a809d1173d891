import type {
  CarePlan,
  CareTeam,
  EpisodeOfCare,
  Flag,
  Practitioner,
  PractitionerRole,
  RiskAssessment,
  Task,
} from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { instantOf } from '../../clock.ts'
import { type Instant, referenceTo } from '../../fhir.ts'
import { lastInstantOf } from '../../pathways/date-time.ts'
import { dueInstant } from '../../pathways/due.ts'
import { openTaskStatuses } from '../../resources/task-clocks.ts'
import { dateRange } from '../../search/date.ts'
import { zoneOf } from '../../search/zone.ts'
import { boundedly, chunksOf } from '../../store/backoff.ts'
import type { Version } from '../../store/version.ts'
import { acuityOf } from './acuity.ts'
import { ASSIGNED } from './codes.ts'
import { type Case, type Load, loadOf, type OpenWork } from './load.ts'

/** A role of somebody, and what they have to do in this and all their roles: a person has one working day. */
export interface Worker {
  /** `PractitionerRole/id` */
  reference: string
  role: PractitionerRole
  practitioner?: Practitioner
  /** who they are as an owner: the role, the person, the person's other roles */
  references: readonly string[]
  cases: readonly Case[]
  work: readonly (OpenWork & { task: Task })[]
  load: Load
  lastAssigned?: Instant
}

const MOST_ROLES = 200
const MOST_FOUND = 5_000
/** Persons looked at, and lists of patients asked for, at the same time. */
const AT_ONCE = 8
const PATIENTS_A_SEARCH = 50

const PATIENT = /^Patient\//

const contentsOf = <Type>(versions: readonly Version[]): Type[] =>
  versions.map(({ content }) => content as unknown as Type)

const listOf = (references: readonly string[]): string => references.map(encodeURIComponent).join()

const earliest = (...moments: readonly (Instant | undefined)[]): Instant | undefined =>
  moments.filter((moment) => moment !== undefined).sort()[0]

/** Since when somebody has looked after patients, by patient. */
type Since = Map<string, Instant | undefined>

const note = (since: Since, patient: string, moment: Instant | undefined): void => {
  since.set(patient, earliest(since.get(patient), moment))
}

/** The patients of a person: those of their active episodes, and those with an active plan whose care manager they are. */
const patientsOf = async ({ search, clock, tenant }: Careloop, references: readonly string[]): Promise<Since> => {
  const since: Since = new Map()
  const zone = zoneOf(tenant.timeZone)
  const begun = (date: string | undefined): Instant | undefined => {
    const range = date === undefined ? undefined : dateRange(date, zone)
    return range && instantOf(range.low)
  }
  const people = references.filter((reference) => reference.startsWith('Practitioner/'))
  const episodes = people.length
    ? await search.all('EpisodeOfCare', `care-manager=${listOf(people)}&status=active`, MOST_FOUND)
    : []
  for (const { patient, period } of contentsOf<EpisodeOfCare>(episodes))
    if (patient.reference) note(since, patient.reference, begun(period?.start))

  const now = clock.now()
  const teams = await search.all('CareTeam', `participant=${listOf(references)}&status=active`, MOST_FOUND)
  const managed: Since = new Map()
  for (const { subject, participant = [] } of contentsOf<CareTeam>(teams))
    for (const { member, role = [], period } of participant) {
      const isManager = role.some(({ coding = [] }) =>
        coding.some(({ system, code }) => tenant.careManagerRoles.includes(`${system}|${code}`)),
      )
      const isOver = ((period?.end && lastInstantOf(period.end, tenant.timeZone)) || now) < now
      if (
        isManager &&
        !isOver &&
        references.includes(member?.reference ?? '') &&
        PATIENT.test(subject?.reference ?? '')
      )
        note(managed, subject!.reference!, begun(period?.start))
    }
  for (const patients of chunksOf([...managed.keys()], PATIENTS_A_SEARCH)) {
    const plans = await search.all('CarePlan', `patient=${listOf(patients)}&status=active`, MOST_FOUND)
    for (const { subject, period, created } of contentsOf<CarePlan>(plans)) {
      const patient = subject.reference!
      note(since, patient, managed.get(patient) ?? begun(period?.start ?? created))
    }
  }
  return since
}

/** Cases without what they weigh. */
type Known = Pick<Worker, 'reference' | 'role' | 'practitioner' | 'references'> & { since: Since }

const assignedAt = ({ extension = [] }: Task): Instant | undefined =>
  extension.find(({ url }) => url === ASSIGNED)?.valueInstant

const latest = (moments: readonly (Instant | undefined)[]): Instant | undefined =>
  moments
    .filter((moment) => moment !== undefined)
    .sort()
    .at(-1)

/** What is said of how much attention patients need, by patient. */
const acuitiesOf = async ({ search }: Careloop, patients: readonly string[]) => {
  const found = await boundedly(chunksOf(patients, PATIENTS_A_SEARCH), AT_ONCE, async (chunk) => {
    const [flags, assessments] = await Promise.all([
      search.all('Flag', `patient=${listOf(chunk)}`, MOST_FOUND),
      search.all('RiskAssessment', `patient=${listOf(chunk)}`, MOST_FOUND),
    ])
    return { flags: contentsOf<Flag>(flags), assessments: contentsOf<RiskAssessment>(assessments) }
  })
  const flags = Map.groupBy(
    found.flatMap((each) => each.flags),
    ({ subject }) => subject.reference,
  )
  const assessments = Map.groupBy(
    found.flatMap((each) => each.assessments),
    ({ subject }) => subject.reference,
  )
  return new Map(
    patients.map((patient) => [patient, acuityOf(flags.get(patient) ?? [], assessments.get(patient) ?? [])] as const),
  )
}

const livePractitioners = async ({ store }: Careloop, roles: readonly PractitionerRole[]) => {
  const ids = roles.flatMap(({ practitioner }) => /^Practitioner\/(.+)$/.exec(practitioner?.reference ?? '')?.[1] ?? [])
  const versions = await store.readMany([...new Set(ids)].map((id) => ({ type: 'Practitioner', id })))
  return new Map(
    versions
      .filter(({ deleted }) => !deleted)
      .map((version) => [referenceTo('Practitioner', version.id), version.content as unknown as Practitioner]),
  )
}

/** The roles to look at: those named, else all that are not inactive. @throws RangeError when there are more than 200 */
const rolesIn = async ({ store, search }: Careloop, ids: readonly string[] | undefined): Promise<Version[]> => {
  if (!ids) return search.all('PractitionerRole', 'active:not=false', MOST_ROLES)
  const versions = await store.readMany([...new Set(ids)].map((id) => ({ type: 'PractitionerRole', id })))
  return versions.filter(({ deleted }) => !deleted)
}

/**
 * Roles with the cases and the open work of whoever holds them, in order of id.
 * @param ids of PractitionerRoles; none: all that are not inactive. @throws RangeError for more than 200
 */
export const workersOf = async (careloop: Careloop, ids?: readonly string[]): Promise<Worker[]> => {
  const { search, clock, tenant } = careloop
  const versions = await rolesIn(careloop, ids)
  const roles = contentsOf<PractitionerRole>(versions).sort((a, b) => (a.id! < b.id! ? -1 : 1))
  const practitioners = await livePractitioners(careloop, roles)

  const known = await boundedly(roles, AT_ONCE, async (role): Promise<Known & { tasks: Version[] }> => {
    const reference = referenceTo('PractitionerRole', role.id!)
    const person = role.practitioner?.reference
    const others = person
      ? await search.all('PractitionerRole', `practitioner=${encodeURIComponent(person)}&active:not=false`, MOST_ROLES)
      : []
    const own = [reference, ...(person ? [person] : []), ...others.map(({ id }) => referenceTo('PractitionerRole', id))]
    const references = [...new Set(own)]
    const [since, tasks] = await Promise.all([
      patientsOf(careloop, references),
      search.all('Task', `owner=${listOf(references)}&status=${openTaskStatuses.join()}`, MOST_FOUND),
    ])
    const practitioner = person === undefined ? undefined : practitioners.get(person)
    return { reference, role, ...(practitioner && { practitioner }), references, since, tasks }
  })

  const acuities = await acuitiesOf(careloop, [...new Set(known.flatMap(({ since }) => [...since.keys()]))])
  const now = clock.now()
  return known.map(({ since, tasks, ...worker }) => {
    const cases = [...since].map(([patient, start]): Case => {
      return { patient, ...acuities.get(patient)!, ...(start !== undefined && { since: start }) }
    })
    const work = contentsOf<Task>(tasks).map((task) => {
      const due = dueInstant(task, tenant.timeZone)
      return { reference: referenceTo('Task', task.id!), task, ...(due !== undefined && { due }) }
    })
    const lastAssigned = latest(work.map(({ task }) => assignedAt(task)))
    return { ...worker, cases, work, load: loadOf(cases, work, now), ...(lastAssigned && { lastAssigned }) }
  })
}
