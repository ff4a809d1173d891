import type { Identifier } from 'fhir/r4'
import type { TenantSettings } from '../tenant.ts'
import { ASSIGNING_AUTHORITY } from './codes.ts'

/** Who gives out identifiers or is a facility, as HL7 v2 says it: a hierarchic designator. */
export interface Designator {
  namespace: string
  universalId: string
  universalIdType: string
}

export const nameOf = ({ namespace, universalId }: Designator): string => namespace || universalId

/** Types of universal ids that are part of a URI, with what goes before them. */
const PREFIX: Readonly<Record<string, string>> = { ISO: 'urn:oid:', UUID: 'urn:uuid:', GUID: 'urn:uuid:', URI: '' }

/**
 * The system of the identifiers of one type (`MR`, `VN`: table 0203) that an authority gives out: as the tenant has set it, else its universal id, else
 * below `base`. Undefined for nobody.
 */
export const systemOf = (
  { hl7v2 }: TenantSettings,
  authority: Designator,
  type: string,
  base: string = ASSIGNING_AUTHORITY,
): string | undefined => {
  const name = nameOf(authority)
  if (!name) return undefined
  const { assigningAuthorities: set = {} } = hl7v2 ?? {}
  // A bare name stands for record numbers: a hospital's visit numbers are another series.
  const own = set[`${name}/${type}`] ?? (type === 'VN' ? undefined : set[name])
  if (own) return own
  const prefix = PREFIX[authority.universalIdType.toUpperCase()]
  if (authority.universalId && prefix !== undefined) return `${prefix}${authority.universalId}`
  return `${base}/${encodeURIComponent(name)}`
}

/** Types of identifiers that other people may have too, or that are typed in by hand: they do not say who somebody is. */
const WEAK = ['SS', 'DL', 'PPN', 'EI', 'AN', 'VN', 'XX']

/** The identifiers that say who a patient is: record numbers and member numbers, with their system. */
export const identifying = (identifiers: readonly Identifier[]): Identifier[] =>
  identifiers.filter(
    ({ system, value, use, type }) =>
      system && value && use !== 'old' && !type?.coding?.some(({ code }) => WEAK.includes(code ?? '')),
  )
