import type { Consent, ConsentProvision, HealthcareService, Organization, PractitionerRole, Reference } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { Instant } from '../../fhir.ts'
import { hasCode } from '../../pathways/codes.ts'
import { lastInstantOf } from '../../pathways/date-time.ts'
import { resourceOf } from '../../store/version.ts'
import { ORGANIZATION_KIND, OUTSIDE_PARTY } from '../codes.ts'

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
/** https://terminology.hl7.org/CodeSystem-v3-ActCode.html: information disclosure */
const DISCLOSURE = 'IDSCL'
const LITERAL = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})$/

const literalOf = (reference: Reference | undefined): string | undefined =>
  LITERAL.test(reference?.reference ?? '') ? reference!.reference : undefined

const read = async <Type>({ store }: Careloop, reference: string | undefined): Promise<Type | undefined> => {
  const [, type, id] = LITERAL.exec(reference ?? '') ?? []
  const version = type === undefined ? undefined : await store.read(type, id!)
  return version && !version.deleted ? (resourceOf(version) as Type) : undefined
}

const isOutside = ({ extension, type }: Pick<Organization, 'extension' | 'type'>): boolean =>
  (extension ?? []).some(({ url, valueBoolean }) => url === OUTSIDE_PARTY && valueBoolean === true) ||
  (type ?? []).some((kind) => hasCode(kind, ORGANIZATION_KIND, 'outside-party'))

/** Whom a consent may name so that it permits to ask this owner; none: they need no consent. */
export const outsideParties = async (careloop: Careloop, owner: Reference | undefined): Promise<string[]> => {
  const reference = literalOf(owner)
  if (reference?.startsWith('Organization/')) {
    const organization = await read<Organization>(careloop, reference)
    return organization && isOutside(organization) ? [reference] : []
  }
  if (reference?.startsWith('HealthcareService/')) {
    const service = await read<HealthcareService>(careloop, reference)
    const parties = await outsideParties(careloop, service?.providedBy)
    return parties.length || (service && isOutside({ extension: service.extension ?? [] }))
      ? [reference, ...parties]
      : []
  }
  if (reference?.startsWith('PractitionerRole/')) {
    const role = await read<PractitionerRole>(careloop, reference)
    const parties = await outsideParties(careloop, role?.organization)
    return parties.length ? [reference, ...parties] : []
  }
  return []
}

/** Whether a provision is in force. Instants sort after the dates they begin with, so a date of start counts from its day on. */
export const isInForce = ({ period }: ConsentProvision, now: Instant, timeZone: string): boolean => {
  const start = period?.start?.includes('T') ? lastInstantOf(period.start, timeZone) : period?.start
  const end = period?.end && lastInstantOf(period.end, timeZone)
  return (!start || start <= now) && (!end || end >= now)
}

const names = ({ actor = [] }: ConsentProvision, parties: readonly string[]): boolean =>
  actor.some(({ reference }) => parties.includes(reference?.reference ?? ''))

/** What the provisions say of these parties: the innermost that names them decides. Undefined: nothing. */
const ruling = (
  provision: ConsentProvision,
  parties: readonly string[],
  now: Instant,
  timeZone: string,
): 'permit' | 'deny' | undefined => {
  const inner = (provision.provision ?? []).map((each) => ruling(each, parties, now, timeZone))
  if (inner.includes('deny')) return 'deny'
  if (inner.includes('permit')) return isInForce(provision, now, timeZone) ? 'permit' : undefined
  if (!names(provision, parties)) return undefined
  if (provision.type === 'deny') return 'deny'
  return isInForce(provision, now, timeZone) ? 'permit' : undefined
}

/**
 * Whether a Consent lets these parties be told: it is active, for the disclosure of information, and names one of them, as its
 * organization or as an actor of a provision that permits. A provision that denies goes before. Pure.
 * https://hl7.org/fhir/R4/consent.html and SDOHCC-Consent of http://hl7.org/fhir/us/sdoh-clinicalcare
 */
export const permits = (consent: Consent, parties: readonly string[], now: Instant, timeZone: string): boolean => {
  const { status, category, organization, provision = {} } = consent
  if (status !== 'active' || !category.some((each) => hasCode(each, ACT_CODE, DISCLOSURE))) return false
  const said = ruling(provision, parties, now, timeZone)
  if (said !== undefined) return said === 'permit'
  const isNamed = (organization ?? []).some(({ reference }) => parties.includes(reference ?? ''))
  return isNamed && provision.type !== 'deny' && isInForce(provision, now, timeZone)
}

/** Consents that count for a request: those of its patient, of which its supportingInfo need name none. */
export const consentsOf = async ({ search }: Careloop, subject: Reference | undefined): Promise<Consent[]> => {
  const patient = literalOf(subject)
  if (!patient?.startsWith('Patient/')) return []
  const found = await search.all('Consent', `patient=${encodeURIComponent(patient)}`)
  return found.map((version) => resourceOf(version) as unknown as Consent)
}

/** Whether these parties may be told now, by which Consent, or whether one that would have let them holds no more. */
export type Permission = { consent: Consent } | 'missing' | 'withdrawn'

export const permissionOf = (
  consents: readonly Consent[],
  parties: readonly string[],
  now: Instant,
  timeZone: string,
): Permission => {
  const inOrder = [...consents].sort((a, b) => (a.id! < b.id! ? -1 : 1))
  const provisionOf = ({ provision }: Consent): ConsentProvision => provision ?? {}
  // One that denies what another permits goes before, whichever is younger: who is told too much cannot be untold.
  const isDenied = inOrder.some(
    (consent) => consent.status === 'active' && ruling(provisionOf(consent), parties, now, timeZone) === 'deny',
  )
  const consent = isDenied ? undefined : inOrder.find((each) => permits(each, parties, now, timeZone))
  if (consent) return { consent }
  const withdrawn = inOrder.some(
    (each) => each.status !== 'active' && permits({ ...each, status: 'active' }, parties, now, timeZone),
  )
  return isDenied || withdrawn ? 'withdrawn' : 'missing'
}
