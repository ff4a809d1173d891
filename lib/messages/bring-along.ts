import type { CodeableConcept, Identifier, Reference } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import { type Links, referencesIn, rewriteLinks } from '../interactions/bundle-links.ts'
import { requireValid } from '../interactions/resource-body.ts'
import { sameContent } from '../interactions/same-content.ts'
import type { Write } from '../store/plan-write.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { tokenOf } from './identify-patient.ts'
import type { RelatedResource, VisitNotification } from './notification.ts'
import { lastEventAt, lastEventExtension } from './visit-facts.ts'

/** What belongs to the patient or the visit: the newest message has the last word. Anything else stands for itself, and is only added. */
const OWN: Readonly<Record<string, (resource: Resource) => string>> = {
  Condition: ({ code }) => conceptKey(code as CodeableConcept | undefined),
  Coverage: ({ subscriberId, type }) => JSON.stringify([subscriberId, conceptKey(type as CodeableConcept | undefined)]),
}

const conceptKey = (concept: CodeableConcept | undefined): string =>
  JSON.stringify(concept?.coding?.map(({ system, code }) => `${system}|${code}`).sort() ?? concept?.text)

export interface Brought {
  /** from the names in the message to what is stored */
  links: Links
  writes: Write[]
}

const whoseIs = ({ subject, beneficiary }: Resource): string | undefined =>
  ((subject ?? beneficiary) as Reference | undefined)?.reference

const identifierOf = ({ identifier }: Resource): Identifier | undefined =>
  (Array.isArray(identifier) ? (identifier as Identifier[]) : []).find(({ system, value }) => system && value)

/** What the visit is about or refers to, directly or by what it refers to. */
const needed = ({ facts, related, names }: VisitNotification): RelatedResource[] => {
  const wanted = related.filter(({ resource }) => resource.resourceType in OWN && whoseIs(resource) === names?.patient)
  const named = new Set([facts, ...wanted.map(({ resource }) => resource)].flatMap(urlsIn))
  const others = related.filter((each) => !wanted.includes(each))
  for (let next = nextOf(others, named, wanted); next; next = nextOf(others, named, wanted)) {
    wanted.push(next)
    for (const url of urlsIn(next.resource)) named.add(url)
  }
  return wanted
}

const urlsIn = (value: unknown): string[] => [...referencesIn(value)].map(({ reference }) => reference)

const nextOf = (others: readonly RelatedResource[], named: ReadonlySet<string>, wanted: readonly RelatedResource[]) =>
  others.find((each) => named.has(each.fullUrl) && !wanted.includes(each))

interface Place {
  fullUrl: string
  resource: Resource
  id: string
  current?: Version
}

/** Where a resource of the message is kept, or is to be. */
const placeOf = async (
  { store, search }: Careloop,
  { fullUrl, resource }: RelatedResource,
  notification: VisitNotification,
  patient: string,
): Promise<Place> => {
  const type = resource.resourceType
  const isOwn = type in OWN
  const identifier = identifierOf(resource)
  const known = identifier ? await search.all(type, `identifier=${encodeURIComponent(tokenOf(identifier))}`) : []
  // Another patient's with the same identifier (the policy of a family) is not this one.
  const [found] = known
    .filter((version) => !isOwn || whoseIs(resourceOf(version)) === patient)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  if (found) return { fullUrl, resource, id: found.id, current: found }
  const name = identifier ? tokenOf(identifier) : OWN[type]?.(resource)
  const owner = isOwn ? [patient, ...(type === 'Condition' ? [tokenOf(notification.visit)] : [])] : []
  const key = name === undefined ? [notification.source, fullUrl] : [...owner, name]
  const id = deterministicId(type, ...key)
  return { fullUrl, resource, id, current: await store.read(type, id) }
}

const writeOf = async (
  careloop: Careloop,
  { resource, id, current }: Place,
  links: Links,
  notification: VisitNotification,
): Promise<Write | undefined> => {
  const { resourceType: type, meta: _meta, text: _text, ...content } = rewriteLinks(resource, links)
  const isThere = current !== undefined && !current.deleted
  if (isThere && !(type in OWN)) return undefined
  const extensions = isThere ? ((resourceOf(current).extension ?? []) as Parameters<typeof lastEventAt>[0]) : undefined
  if (isThere && (lastEventAt(extensions) ?? current.updated) > notification.at) return undefined
  const written: Resource = {
    resourceType: type,
    ...content,
    id,
    ...(type in OWN && { extension: [lastEventExtension(notification.at)] }),
  }
  await requireValid(careloop, written)
  if (isThere && sameContent(current, written)) return undefined
  return { type, id, resource: written, ...(current && { base: current }), method: 'PUT' }
}

/**
 * What a message brings along with a visit: whom and what it refers to, found by identifier or added, and the diagnoses and coverage of the
 * patient.
 * @throws FhirError unprocessable (422)
 */
export const bringAlong = async (
  careloop: Careloop,
  notification: VisitNotification,
  { encounter, patient }: { encounter: string; patient: string },
): Promise<Brought> => {
  const places = await Promise.all(
    needed(notification).map((related) => placeOf(careloop, related, notification, patient)),
  )
  const links = new Map(places.map(({ fullUrl, resource, id }) => [fullUrl, referenceTo(resource.resourceType, id)]))
  const { names } = notification
  if (names) links.set(names.encounter, encounter).set(names.patient, patient)
  const writes = new Map<string, Write>()
  for (const place of places) {
    const write = await writeOf(careloop, place, links, notification)
    if (write) writes.set(referenceTo(write.type, write.id), write)
  }
  return { links, writes: [...writes.values()] }
}
