import type { AuditEvent, Coding } from 'fhir/r4'
import type { AuditSettings } from '../../tenant.ts'
import { EXPORT, PATIENT_ROLE, QUERY_ROLE, REST } from './codes.ts'

/** What left for somebody outside: a line of the accounting of disclosures. https://www.ecfr.gov/current/title-45/section-164.528 */
export interface Disclosure {
  /** instant */
  date: string
  /** `Type/id` or the address of who received it, if one is known */
  recipient?: string
  /** the client it went through */
  clientId?: string
  /** what kinds of data; never the data */
  description: string
  purposes: readonly Coding[]
  /** id of the AuditEvent */
  event: string
}

/**
 * What need not be accounted for: treatment, payment and health care operations, what goes to the patient, and emergencies, which are treatment. Codes
 * of v3-ActReason; 45 CFR 164.528(a)(1).
 */
const EXEMPT = ['TREAT', 'ETREAT', 'CAREMGT', 'COC', 'HPAYMT', 'HOPERAT', 'PATRQT', 'BTG']

const isSame = (one: Coding | undefined, other: Coding): boolean =>
  one?.system === other.system && one?.code === other.code

const purposesOf = ({ agent, purposeOfEvent = [] }: AuditEvent): Coding[] => {
  const all = [...purposeOfEvent, ...agent.flatMap(({ purposeOfUse = [] }) => purposeOfUse)]
  return [...new Map(all.flatMap(({ coding = [] }) => coding).map((coding) => [coding.code, coding])).values()]
}

const clientIn = ({ agent }: AuditEvent): string | undefined => agent[0]?.who?.identifier?.value

const isRead = ({ type, action }: AuditEvent): boolean => isSame(type, REST) && (action === 'R' || action === 'E')

/** What was handed out goes without saying; what was read counts for a purpose that does, or by a client that is outside. */
const isDisclosure = (event: AuditEvent, purposes: readonly Coding[], settings: Partial<AuditSettings>): boolean => {
  if (event.outcome !== undefined && event.outcome !== '0') return false
  if (isSame(event.type, EXPORT)) return true
  if (!isRead(event)) return false
  const { exemptPurposes = EXEMPT, outsideClients = [] } = settings
  const clientId = clientIn(event)
  if (clientId !== undefined && outsideClients.includes(clientId)) return true
  return purposes.length > 0 && !purposes.some(({ code }) => exemptPurposes.includes(code!))
}

const typeIn = (text: string): string | undefined => /^(?:[A-Z]+ )?([A-Z][A-Za-z]+)\b/.exec(text)?.[1]

const descriptionOf = ({ entity = [], subtype = [] }: AuditEvent): string => {
  const types = entity.flatMap(({ what, role, query }) => {
    if (isSame(role, PATIENT_ROLE)) return []
    if (isSame(role, QUERY_ROLE)) return typeIn(Buffer.from(query ?? '', 'base64').toString()) ?? []
    return typeIn(what?.reference ?? what?.type ?? '') ?? []
  })
  const how = subtype.at(-1)
  return `${[...new Set(types)].sort().join(', ') || 'not said'} (${how?.display ?? how?.code ?? 'not said how'})`
}

/** What an event has to say in an account of disclosures; undefined when it says nothing there. Pure. */
export const disclosureIn = (event: AuditEvent, settings: Partial<AuditSettings> = {}): Disclosure | undefined => {
  const purposes = purposesOf(event)
  if (!isDisclosure(event, purposes, settings)) return undefined
  const recipient = event.agent.find(({ requestor, who }) => requestor && who?.reference)?.who?.reference
  const clientId = clientIn(event)
  return {
    date: event.recorded,
    ...(recipient && { recipient }),
    ...(clientId && { clientId }),
    description: descriptionOf(event),
    purposes,
    event: event.id!,
  }
}
