import type { CareTeam, CareTeamParticipant, Patient, Reference } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import type { Store } from '../store/store.ts'
import type { Pool, TenantSettings } from '../tenant.ts'
import { absent } from './commit.ts'
import { lastInstantOf } from './date-time.ts'
import { provenanceOf } from './provenance.ts'

/** Who is to do the work. */
export interface Owner {
  reference: string
  /** the CareTeam to create if it is not there yet, when the work goes to a pool */
  pool?: Resource
}

/** A pool of workers as a CareTeam. https://hl7.org/fhir/R4/careteam.html */
export const poolOwner = ({ id, name }: Pool): Owner => {
  const pool: CareTeam = { resourceType: 'CareTeam', id, status: 'active', name }
  return { reference: `CareTeam/${id}`, pool: pool as unknown as Resource }
}

const MEMBER = /^(?:Practitioner|PractitionerRole|CareTeam)\//
const CLINICIAN = /^(?:Practitioner|PractitionerRole)\//

const literal = (candidates: readonly (Reference | undefined)[], type: RegExp): string | undefined =>
  candidates.map((candidate) => candidate?.reference).find((reference) => reference && type.test(reference))

const isCareManager = ({ role, period }: CareTeamParticipant, tenant: TenantSettings, now: Instant): boolean => {
  const until = period?.end && lastInstantOf(period.end, tenant.timeZone)
  if (until && until < now) return false
  return (role ?? []).some(({ coding = [] }) =>
    coding.some(({ system, code }) => tenant.careManagerRoles.includes(`${system}|${code}`)),
  )
}

/** A pool's CareTeam and the record of its making, which does not depend on which of several acts found the pool missing. */
const poolResources = (pool: Resource, now: Instant): Resource[] => {
  const reference = referenceTo('CareTeam', pool.id!)
  return [pool, provenanceOf({ act: [reference], targets: [reference], activity: 'CREATE' }, now)]
}

/** What is to be created of the pools that work goes to: nothing of one that is there, whoever made it, or was deleted. */
export const missingPools = async (
  store: Store,
  pools: readonly (Resource | undefined)[],
  now: Instant,
): Promise<Resource[]> => {
  const distinct = new Map(pools.flatMap((pool) => (pool ? [[pool.id, pool] as const] : [])))
  if (!distinct.size) return []
  return (await absent(store, [...distinct.values()])).flatMap((pool) => poolResources(pool, now))
}

/** Who looks after this patient: the care manager of an active CareTeam, else the patient's own clinician, else the tenant's pool. */
export const ownerFor = async (
  { search, clock, tenant }: Careloop,
  subject: Reference,
  patient: Resource | undefined,
): Promise<Owner> => {
  const teams = subject.reference
    ? await search.all('CareTeam', `patient=${encodeURIComponent(subject.reference)}&status=active`)
    : []
  const participants = [...teams]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((version) => (version.content as unknown as CareTeam).participant ?? [])
  const managers = participants.filter((participant) => isCareManager(participant, tenant, clock.now()))
  const reference =
    literal(
      managers.map(({ member }) => member),
      MEMBER,
    ) ?? literal((patient as unknown as Patient | undefined)?.generalPractitioner ?? [], CLINICIAN)
  return reference ? { reference } : poolOwner(tenant.careManagementPool)
}
