import { ID } from '../../fhir.ts'
import { TokenRefused } from './token-refused.ts'
import type { Claims } from './verify-token.ts'

/**
 * What a token says of its bearer, as API Gateway hands it to the functions: texts alone. Lists are parted by spaces. A type, not an
 * interface: API Gateway's own type has an index signature.
 */
export type CallerContext = {
  sub: string
  clientId?: string
  /** granted scopes */
  scope?: string
  /** a reference or an absolute URL */
  fhirUser?: string
  roles?: string
  /** launch context: the id of a Patient */
  patient?: string
  tokenId?: string
  /** codes */
  purposeOfUse?: string
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() ? value.trim() : undefined

/**
 * A list, or text that is one already. What would become two things when joined and parted again is left out: `not admin` is no `admin`.
 */
const listOf = (value: unknown): string | undefined =>
  Array.isArray(value)
    ? textOf(value.filter((one) => typeof one === 'string' && /^[^\s,]+$/.test(one)).join(' '))
    : textOf(value)

/** https://profiles.ihe.net/ITI/IUA/index.html#371422-json-web-token-option */
const purposesOf = ({ purpose_of_use, extensions }: Claims): string | undefined => {
  const { purpose_of_use: codings } =
    (extensions as { ihe_iua?: { purpose_of_use?: unknown } } | undefined)?.ihe_iua ?? {}
  return listOf(purpose_of_use) ?? listOf(Array.isArray(codings) ? codings.map((coding) => coding?.code) : undefined)
}

/** @throws TokenRefused where the patient cannot be read: a token for one must not become a token for all */
const patientOf = ({ patient }: Claims): string | undefined => {
  if (patient === undefined) return undefined
  const id = typeof patient === 'string' ? patient.replace(/^Patient\//, '') : ''
  if (!ID.test(id)) throw new TokenRefused('claims')
  return id
}

/** `client_id` and `scope` as in RFC 9068, else as issuers had them before; `fhirUser` and `patient` as in SMART App Launch. @throws TokenRefused */
export const callerContext = (claims: Claims): CallerContext => {
  const { sub, client_id, azp, scope, scp, fhirUser, roles, jti } = claims
  const found = {
    clientId: textOf(client_id) ?? textOf(azp),
    scope: listOf(scope) ?? listOf(scp),
    fhirUser: textOf(fhirUser),
    roles: listOf(roles),
    patient: patientOf(claims),
    tokenId: textOf(jti),
    purposeOfUse: purposesOf(claims),
  }
  return { sub, ...Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) }
}
