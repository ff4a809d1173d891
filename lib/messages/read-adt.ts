import { Hl7Message } from '@medplum/core'
import type { Encounter, Identifier, Reference } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import { FhirError, fail } from '../outcome.ts'
import type { TenantSettings } from '../tenant.ts'
import { type Designator, nameOf, systemOf } from './authority.ts'
import { ACT_CODE, IDENTIFIER_TYPE, PATIENT_LOCATION, SENDER, tableSystem, VISIT_NUMBER } from './codes.ts'
import { dateTimeOf, designatorAt, designatorIn, repetitionsOf, valueAt } from './hl7-fields.ts'
import type { Facts, Notification, StatusClaim } from './notification.ts'

/** What a message does not say itself. */
export interface AdtContext {
  tenant: TenantSettings
  /** IANA name, of the facility: of times without an offset */
  timeZone: string
  serviceProvider: Reference
  received: Instant
}

/** @throws FhirError malformed (400): the text is no single HL7 v2 message */
export const parseHl7 = (text: string): Hl7Message => {
  const trimmed = text.trim()
  // The message is never repeated: not in part either.
  if (!/^MSH[^\w\s]{5}/.test(trimmed))
    throw fail('malformed', 'Send one HL7 v2 message in ER7: it begins with MSH and its delimiters.', 'MSH')
  const message = Hl7Message.parse(trimmed)
  if (message.getAllSegments('MSH').length > 1)
    throw fail('malformed', 'Send one message at a time: there is a second MSH.', 'MSH')
  return message
}

/** Where the patient is cared for: PV1-3.4, else who sends, MSH-4. */
export const facilityOf = (message: Hl7Message): Designator => {
  const facility = designatorAt(message, 'PV1', 3, { component: 4 })
  return nameOf(facility) ? facility : designatorIn(message, 'MSH', 4)
}

const problem = (code: 'required' | 'value' | 'not-supported', place: string, text: string): FhirError =>
  new FhirError('unprocessable', [{ code, expression: place, text: `${place} ${text}` }])

const required = <Value>(value: Value | undefined, place: string, what: string): Value => {
  if (!value) throw problem('required', place, `is missing: ${what}.`)
  return value
}

/** What each event says of the status. https://hl7.org/fhir/uv/v2mappings */
const STATUS: Readonly<Record<string, StatusClaim | undefined>> = {
  A01: 'in-progress',
  A02: 'underway',
  A03: 'finished',
  A04: 'preadmitted',
  A05: 'preadmitted',
  A06: 'underway',
  A07: 'underway',
  A08: undefined,
  A11: 'cancelled',
  A12: 'underway',
  A13: 'in-progress',
  A21: 'left',
  A22: 'returned',
}
const MERGE = 'A40'
/** Events at which a patient is in the house: one that has left all the same, by PV1-45, has been discharged. */
const IN_THE_HOUSE = ['A01', 'A02', 'A04', 'A06', 'A07', 'A12']
/** Classes of which a registration is an arrival, not a plan. */
const ARRIVALS = ['EMER', 'IMP', 'ACUTE', 'NONAC', 'OBSENC']

/** https://hl7.org/fhir/uv/v2mappings/ConceptMap-table-hl70004-to-v3-actcode.html; other codes are passed through */
const CLASSES: Readonly<Record<string, string>> = { E: 'EMER', I: 'IMP', O: 'AMB', P: 'PRENC' }

const classOf = (code: string, { hl7v2 }: TenantSettings): Encounter['class'] | undefined => {
  if (!code) return undefined
  const mapped = hl7v2?.patientClasses?.[code] ?? CLASSES[code]
  return mapped ? { system: ACT_CODE, code: mapped } : { system: tableSystem('0004'), code }
}

const statusOf = (trigger: string, kind: Encounter['class'] | undefined, hasEnd: boolean): StatusClaim | undefined => {
  if (hasEnd && IN_THE_HOUSE.includes(trigger)) return 'finished'
  const isArrival = trigger === 'A04' && kind?.system === ACT_CODE && ARRIVALS.includes(kind.code ?? '')
  return isArrival ? 'registered' : STATUS[trigger]
}

/** A field of type CX, all its repetitions. */
const identifiersIn = (message: Hl7Message, segment: string, field: number, tenant: TenantSettings): Identifier[] =>
  Array.from({ length: repetitionsOf(message, segment, field) }, (_, repetition) => {
    const value = valueAt(message, segment, field, { repetition })
    const type = valueAt(message, segment, field, { component: 5, repetition })
    const authority = designatorAt(message, segment, field, { component: 4, repetition })
    const system = systemOf(tenant, nameOf(authority) ? authority : designatorIn(message, 'MSH', 4), type || 'MR')
    return {
      ...(type && { type: { coding: [{ system: IDENTIFIER_TYPE, code: type }] } }),
      ...(system && { system }),
      value,
    }
  }).filter(({ value }) => value)

/** PV1-19, else the account number of PID-18: with who gives it out it is the visit's key. */
const visitOf = (message: Hl7Message, tenant: TenantSettings) => {
  const [segment, field] = valueAt(message, 'PV1', 19) ? (['PV1', 19] as const) : (['PID', 18] as const)
  const value = required(valueAt(message, segment, field), 'PV1-19', 'the visit number says which visit this is about')
  const authority = designatorAt(message, segment, field, { component: 4 })
  const giver = nameOf(authority) ? authority : facilityOf(message)
  const system = required(
    systemOf(tenant, giver, 'VN', VISIT_NUMBER),
    'MSH-4',
    'the facility makes visit numbers unique',
  )
  return { type: { coding: [{ system: IDENTIFIER_TYPE, code: 'VN' }] }, system, value }
}

/** The bed, room and point of care of PV1-3; undefined when it names none. */
const locationOf = (message: Hl7Message): Encounter['location'] => {
  const parts = [1, 2, 3].map((component) => valueAt(message, 'PV1', 3, { component }))
  if (!parts.some(Boolean)) return undefined
  const value = [nameOf(facilityOf(message)), ...parts].join('^')
  const display = parts.filter(Boolean).join(' ')
  return [{ location: { identifier: { system: PATIENT_LOCATION, value }, display } }]
}

const coded = (code: string, table: string) => (code ? { coding: [{ system: tableSystem(table), code }] } : undefined)

const factsOf = (message: Hl7Message, trigger: string, { tenant, timeZone, serviceProvider }: AdtContext): Facts => {
  const time = (segment: string, field: number): string | undefined => {
    const text = valueAt(message, segment, field)
    const read = dateTimeOf(text, timeZone)
    if (text && !read) throw problem('value', `${segment}-${field}`, 'is no date or time such as 20261120143000-0600.')
    return read
  }
  const happened = () => time('EVN', 6) ?? time('EVN', 2) ?? time('MSH', 7)
  const kind = classOf(valueAt(message, 'PV1', 2), tenant)
  if (trigger === 'A11') return kind ? { class: kind } : {}
  const isUndone = trigger === 'A13'
  const isPlanned = trigger === 'A05'
  const start = time('PV1', 44) ?? (trigger === 'A01' ? happened() : undefined)
  const end = isPlanned ? undefined : (time('PV1', 45) ?? (trigger === 'A03' ? happened() : undefined))
  const facts: Record<string, unknown> = {
    class: kind,
    location: locationOf(message),
    serviceProvider,
    'period.start': start,
    'period.end': isUndone ? null : end,
    'hospitalization.admitSource': coded(valueAt(message, 'PV1', 14), '0023'),
    'hospitalization.dischargeDisposition': isUndone ? null : coded(valueAt(message, 'PV1', 36), '0112'),
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

const MINUTE_DIGITS = 12

/** When it was recorded: EVN-2, else MSH-7, of what says at least the hour; else now. */
const recordedAt = (message: Hl7Message, { timeZone, received }: AdtContext): Instant => {
  const recorded = valueAt(message, 'EVN', 2)
  const sent = valueAt(message, 'MSH', 7)
  // Of one minute: the header is often more exact.
  const isCoarse = recorded.length === MINUTE_DIGITS && sent.startsWith(recorded)
  const times = (isCoarse ? [sent] : [recorded, sent]).map((text) => dateTimeOf(text, timeZone))
  const exact = times.find((time) => time?.includes('T'))
  return exact ? instantOf(Date.parse(exact)) : received
}

/**
 * An ADT message, read. Pure. The mapping is docs/api/adt.md's.
 * @throws FhirError unprocessable (422) that names the field: its problems have the codes required, value and not-supported
 */
export const readAdt = (message: Hl7Message, context: AdtContext): Notification => {
  const { tenant } = context
  const type = valueAt(message, 'MSH', 9)
  const trigger = valueAt(message, 'MSH', 9, { component: 2 }) || valueAt(message, 'EVN', 1)
  if (type !== 'ADT') throw problem('not-supported', 'MSH-9', 'must be ADT: other messages are not taken here.')
  const sender = designatorIn(message, 'MSH', 4)
  const source = nameOf(sender) || valueAt(message, 'MSH', 3) || 'unknown'
  const sent = {
    source: `${SENDER}/${encodeURIComponent(source)}`,
    messageId: required(
      valueAt(message, 'MSH', 10),
      'MSH-10',
      'without a control id a message cannot be told from another',
    ),
    trigger: { system: tableSystem('0003'), code: required(trigger, 'MSH-9.2', 'the event says what is to be done') },
    at: recordedAt(message, context),
  }
  if (trigger !== MERGE && !(trigger in STATUS)) return { kind: 'other', ...sent }
  const patient = identifiersIn(message, 'PID', 3, tenant)
  required(patient[0], 'PID-3', 'the identifiers of the patient')
  if (trigger === MERGE) {
    const prior = identifiersIn(message, 'MRG', 1, tenant)
    required(prior[0], 'MRG-1', 'the identifiers of the record that is replaced')
    return { kind: 'merge', ...sent, patient, prior }
  }
  const facts = factsOf(message, trigger, context)
  const status = statusOf(
    trigger,
    facts.class as Encounter['class'] | undefined,
    typeof facts['period.end'] === 'string',
  )
  return {
    kind: 'visit',
    ...sent,
    patient,
    visit: visitOf(message, tenant),
    ...(status && { status }),
    facts,
    related: [],
  }
}
