import type { AuditEvent, AuditEventAgent, AuditEventEntity, CodeableConcept, Coding } from 'fhir/r4'
import { software } from '../../pathways/codes.ts'
import {
  ACT_REASON,
  APPLICATION_SERVER,
  AUDIT_SUBTYPE,
  BREAK_THE_GLASS,
  DISCLOSE,
  DOMAIN_RESOURCE,
  EMERGENCY_OVERRIDE,
  EXPORT,
  LIFECYCLES,
  PATIENT_ROLE,
  PERSON,
  QUERY_ROLE,
  REQUEST_ID,
  REST,
  REST_INTERACTION,
  SYSTEM_OBJECT,
  TRANSMIT,
} from './codes.ts'
import type { Happening, Thing } from './happening.ts'
import { type Pattern, patternOf } from './pattern.ts'

/** An event of more than so many resources and patients is written as several: an item holds 400 KB. */
const MOST_ENTITIES = 200

const FAILED = 400
const SERVER_FAILED = 500

/** https://hl7.org/fhir/R4/valueset-audit-event-outcome.html: denied and broken is serious, anything else that did not work is minor. */
const outcomeOf = ({ status, denied }: Happening): NonNullable<AuditEvent['outcome']> => {
  if (status < FAILED) return '0'
  return denied || status >= SERVER_FAILED ? '8' : '4'
}

const concept = (coding: Coding): CodeableConcept => ({ coding: [coding] })
const reasons = (codes: readonly string[]): CodeableConcept[] =>
  codes.map((code) => concept({ system: ACT_REASON, code }))

const typeOf = ({ kind }: Happening): Coding => ('rest' in kind ? REST : 'disclosed' in kind ? EXPORT : TRANSMIT)

const subtypesOf = ({ kind, exported, breakGlass }: Happening): Coding[] => [
  ...('rest' in kind
    ? kind.rest.startsWith('$')
      ? [
          { system: REST_INTERACTION, code: 'operation' },
          { system: AUDIT_SUBTYPE, code: kind.rest.slice(1) },
        ]
      : [{ system: REST_INTERACTION, code: kind.rest }]
    : 'disclosed' in kind
      ? [DISCLOSE, { system: AUDIT_SUBTYPE, code: kind.disclosed }]
      : [{ system: AUDIT_SUBTYPE, code: kind.transmitted }]),
  ...(exported ? [EXPORT] : []),
  ...(breakGlass === undefined ? [] : [EMERGENCY_OVERRIDE]),
]

/** https://hl7.org/fhir/R4/valueset-network-type.html */
const MACHINE_NAME = '1'
const IP_ADDRESS = '2'
const URI = '5'
const IP = /^[\d.]+$|:/

/** The client, the server, and the user if one is known. */
const agentsOf = (happening: Happening, { client, server, user }: Pattern): AuditEventAgent[] => {
  const { requester, recipient, purposes = [] } = happening
  const { caller = {}, address, software: product } = requester
  const { clientId, reference, roles = [], tokenId } = caller
  const person = recipient ?? reference
  const purposeOfUse = reasons(purposes)
  return [
    {
      type: concept(client),
      who: {
        ...(clientId && { identifier: { value: clientId } }),
        display: product ?? (clientId ? undefined : 'unknown'),
      },
      ...(tokenId && { altId: tokenId }),
      requestor: person === undefined,
      ...(address && { network: { address, type: IP.test(address) ? IP_ADDRESS : MACHINE_NAME } }),
      ...(person === undefined && purposes.length && { purposeOfUse }),
    },
    {
      type: concept(server),
      who: { identifier: software },
      requestor: false,
      network: { address: happening.server, type: URI },
    },
    ...(person === undefined
      ? []
      : [
          {
            type: concept(user),
            who: { reference: person },
            requestor: true,
            ...(roles.length && { role: roles.map((code) => concept({ code })) }),
            ...(purposes.length && { purposeOfUse }),
          },
        ]),
  ]
}

const ofPatient = (reference: string): AuditEventEntity => ({ what: { reference }, type: PERSON, role: PATIENT_ROLE })

const ofThing = ({ reference, type, lifecycle, status }: Thing): AuditEventEntity => ({
  what: { ...(reference === undefined ? { type } : { reference }) },
  type: SYSTEM_OBJECT,
  role: DOMAIN_RESOURCE,
  ...(lifecycle && { lifecycle: LIFECYCLES[lifecycle] }),
  ...(status !== undefined && { detail: [{ type: 'status', valueString: String(status) }] }),
})

const ofQuery = (query: string): AuditEventEntity => ({
  type: SYSTEM_OBJECT,
  role: QUERY_ROLE,
  query: Buffer.from(query).toString('base64'),
})

const chunks = <Value>(values: readonly Value[]): Value[][] => {
  const count = Math.max(1, Math.ceil(values.length / MOST_ENTITIES))
  return Array.from({ length: count }, (_, chunk) => values.slice(chunk * MOST_ENTITIES, (chunk + 1) * MOST_ENTITIES))
}

/**
 * What goes on record of something that happened, in the shape of IHE BALP; several events, under one request id, only for what touched very many
 * resources. Holds references and codes: of free text nothing but the reason that was given for breaking the glass, and what was searched for, which
 * BALP wants as it was, in base64. Pure. https://profiles.ihe.net/ITI/BALP
 */
export const auditEventsOf = (happening: Happening): AuditEvent[] => {
  const { at, requestId, queries, patients, things, status, breakGlass, purposes = [] } = happening
  const pattern = patternOf(happening)
  const outcome = outcomeOf(happening)
  // The profiles are of what went well.
  const profile = outcome === '0' ? pattern.profile : undefined
  const event: Omit<AuditEvent, 'entity'> = {
    resourceType: 'AuditEvent',
    ...(profile && { meta: { profile: [profile] } }),
    type: typeOf(happening),
    subtype: subtypesOf(happening),
    action: pattern.action,
    recorded: at,
    outcome,
    ...(outcome !== '0' && { outcomeDesc: `HTTP ${status}` }),
    ...(breakGlass !== undefined
      ? { purposeOfEvent: [{ coding: [{ system: ACT_REASON, code: BREAK_THE_GLASS }], text: breakGlass }] }
      : 'disclosed' in happening.kind && purposes.length && { purposeOfEvent: reasons(purposes) }),
    agent: agentsOf(happening, pattern),
    source: { observer: { identifier: software }, type: [APPLICATION_SERVER] },
  }
  const request: AuditEventEntity = { what: { identifier: { value: requestId } }, type: REQUEST_ID }
  return chunks([...patients.map(ofPatient), ...things.map(ofThing)]).map((part) => ({
    ...event,
    entity: [request, ...queries.map(ofQuery), ...part],
  }))
}
