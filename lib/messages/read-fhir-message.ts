import type { Bundle, Coding, Encounter, Identifier, MessageHeader, Patient } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Instant, Resource } from '../fhir.ts'
import { referencesIn, rewriteLinks } from '../interactions/bundle-links.ts'
import { FhirError, fail } from '../outcome.ts'
import type { Facts, Notification, RelatedResource } from './notification.ts'
import { RELATED } from './require-structure.ts'

/** https://hl7.org/fhir/us/davinci-alerts */
const EVENTS = 'http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event'
const ADMIT = 'notification-admit'
const DISCHARGE = 'notification-discharge'
const TRANSFER = 'notification-transfer'

/** What says nothing of the visit, or is said by more than one. */
const NO_FACTS = [
  ...['resourceType', 'id', 'meta', 'implicitRules', 'language', 'text', 'contained', 'extension', 'modifierExtension'],
  ...['identifier', 'subject', 'status', 'period', 'hospitalization'],
]

type Entry = RelatedResource

const entriesOf = (bundle: Bundle): Entry[] =>
  (bundle.entry ?? []).flatMap(({ fullUrl = '', resource }) =>
    resource ? [{ fullUrl, resource: resource as unknown as Resource }] : [],
  )

const problem = (text: string, expression: string): FhirError =>
  new FhirError('unprocessable', [{ code: 'required', text, expression }])

const RESTFUL = /^(https?:\/\/.*\/)[A-Z][A-Za-z]*\/[A-Za-z0-9\-.]{1,64}$/

/** The URL that a reference of the resource with this fullUrl means. https://hl7.org/fhir/R4/bundle.html#references */
const absoluteReference = (reference: string, fullUrl: string): string => {
  const [, base] = RESTFUL.exec(fullUrl) ?? []
  return base && /^[A-Z][A-Za-z]*\/[^/]/.test(reference) ? base + reference : reference
}

/** The entry that a reference leads to: by fullUrl, else by type and id, which senders that give no RESTful URLs use all the same. */
const entryOf = (entries: readonly Entry[], reference: string | undefined, from: string): Entry | undefined => {
  if (!reference) return undefined
  const url = absoluteReference(reference, from)
  return (
    entries.find(({ fullUrl }) => fullUrl === url) ??
    entries.find(({ resource }) => `${resource.resourceType}/${resource.id}` === reference)
  )
}

/**
 * The resource with each reference as the fullUrl of the entry it leads to, or as the URL of something elsewhere.
 * @throws FhirError unprocessable (422) for one that leads nowhere: it would come to mean something of ours
 */
const withFullUrls = (entries: readonly Entry[], { resource, fullUrl }: Entry): Resource => {
  const links = new Map<string, string>()
  for (const { reference, path } of referencesIn(resource)) {
    const url = entryOf(entries, reference, fullUrl)?.fullUrl || absoluteReference(reference, fullUrl)
    if (
      !/^(?:https?:|#|urn:uuid:|urn:oid:)/.test(url) ||
      (url.startsWith('urn:') && !entries.some((entry) => entry.fullUrl === url))
    )
      throw new FhirError('unprocessable', [
        {
          code: 'not-found',
          text: 'No entry of the message is what this refers to.',
          expression: `${resource.resourceType}.${path}`,
        },
      ])
    links.set(reference, url)
  }
  return rewriteLinks(resource, links)
}

const instantIn = (text: string | undefined): Instant | undefined => {
  const milliseconds = Date.parse(text ?? '')
  return Number.isNaN(milliseconds) ? undefined : instantOf(milliseconds)
}

/** The identifier by which the sender knows the visit: a visit number, else the first with a system. */
const visitOf = ({ identifier = [], id }: Encounter, source: string) => {
  const usable = identifier.filter(({ system, value }) => system && value) as (Identifier & {
    system: string
    value: string
  })[]
  const isVisitNumber = ({ type }: Identifier) => type?.coding?.some(({ code }) => code === 'VN')
  const found = usable.find(isVisitNumber) ?? usable[0]
  if (found) return found
  if (id) return { system: source, value: id }
  throw problem(
    'The Encounter needs an identifier with system and value: it says which visit this is about.',
    'Encounter.identifier',
  )
}

const factsOf = (encounter: Encounter, isOver: boolean): Facts => {
  const { period, hospitalization } = encounter
  const parts = (name: string, value: object | undefined) =>
    Object.entries(value ?? {}).map(([part, content]): [string, unknown] => [`${name}.${part}`, content])
  return Object.fromEntries([
    ...Object.entries(encounter).filter(([name]) => !NO_FACTS.includes(name) && !name.startsWith('_')),
    // Of a stay that goes on an end is at best a plan, and pathways would take it for the discharge.
    ...parts('period', period).filter(([path]) => isOver || path !== 'period.end'),
    ...parts('hospitalization', hospitalization),
  ])
}

const statusOf = (code: string | undefined, { status }: Encounter): Encounter['status'] | undefined => {
  if (code === DISCHARGE && status !== 'entered-in-error' && status !== 'cancelled') return 'finished'
  return status === 'unknown' ? undefined : status
}

const patientsOf = (entries: readonly Entry[], { subject }: Encounter): Identifier[] => {
  const patient = entryOf(entries, subject?.reference, '')?.resource as unknown as Patient | undefined
  const found = [...(patient?.identifier ?? []), ...(subject?.identifier ? [subject.identifier] : [])]
  if (!found.length)
    throw problem(
      'The subject of the Encounter must be a Patient of the message that has an identifier.',
      'Encounter.subject',
    )
  return found
}

/**
 * A message Bundle whose structure is right (require-structure.ts), read. Pure.
 * @throws FhirError invalid (400) when it is no message, unprocessable (422) when it does not say what is needed
 */
export const readFhirMessage = (bundle: Bundle, received: Instant): Notification => {
  if (bundle.type !== 'message') throw fail('invalid', 'The Bundle must have the type message.', 'Bundle.type')
  const entries = entriesOf(bundle)
  const header = entries[0]?.resource as unknown as MessageHeader | undefined
  if (header?.resourceType !== 'MessageHeader')
    throw fail('invalid', 'The first entry must be the MessageHeader.', 'Bundle.entry[0].resource')
  const messageId = header.id ?? /^urn:uuid:(.+)$/.exec(entries[0]!.fullUrl)?.[1]
  if (!messageId)
    throw problem('The MessageHeader needs an id: it tells the message from any other.', 'MessageHeader.id')
  if (!header.source?.endpoint)
    throw problem('The MessageHeader needs the endpoint of its source.', 'MessageHeader.source.endpoint')
  const { endpoint: source } = header.source
  const trigger: Coding = header.eventCoding ?? { system: header.eventUri }
  const sentAt = instantIn(bundle.timestamp) ?? received
  const isVisit = trigger.system === EVENTS && [ADMIT, DISCHARGE, TRANSFER].includes(trigger.code ?? '')
  if (!isVisit) return { kind: 'other', source, messageId, trigger, at: sentAt }

  const focus = (header.focus ?? []).map(({ reference }) => entryOf(entries, reference, entries[0]!.fullUrl))
  const found = focus.find((entry) => entry?.resource.resourceType === 'Encounter')
  if (!found)
    throw problem('The focus of the MessageHeader must be an Encounter of the message.', 'MessageHeader.focus')
  const encounter = withFullUrls(entries, found) as unknown as Encounter
  if (encounter.modifierExtension)
    throw new FhirError('unprocessable', [
      {
        code: 'extension',
        text: 'No modifier extension of an Encounter is understood.',
        expression: 'Encounter.modifierExtension',
      },
    ])
  const status = statusOf(trigger.code, encounter)
  return {
    kind: 'visit',
    source,
    messageId,
    trigger,
    // When the sender's record changed: a forwarder's timestamp says only when it passed the news on.
    at: instantIn(encounter.meta?.lastUpdated) ?? sentAt,
    patient: patientsOf(entries, encounter),
    visit: visitOf(encounter, source),
    ...(status && { status }),
    facts: factsOf(encounter, status === 'finished'),
    related: entries
      .filter(({ resource }) => RELATED.includes(resource.resourceType))
      .map((entry) => ({ fullUrl: entry.fullUrl, resource: withFullUrls(entries, entry) })),
    names: { encounter: found.fullUrl, patient: encounter.subject?.reference ?? '' },
  }
}
