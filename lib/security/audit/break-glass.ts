import type { Caller } from '../../interactions/interaction.ts'
import { BREAK_THE_GLASS } from './codes.ts'

/** In lower case, as headers are kept. */
export const BREAK_GLASS_HEADER = 'x-careloop-break-glass'
const LONGEST_REASON = 500

/**
 * The reason with which somebody breaks the glass: the text of the header, or an empty text where the token's purpose of use says that it is an
 * emergency and no reason is given. Undefined for everybody else. Pure.
 */
export const breakGlassIn = (
  headers: Readonly<Record<string, string | undefined>>,
  caller: Caller | undefined,
): string | undefined => {
  // Control characters would be no FHIR string.
  const reason = headers[BREAK_GLASS_HEADER]
    ?.replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_REASON)
  if (reason) return reason
  return purposesOf(caller).includes(BREAK_THE_GLASS) ? '' : undefined
}

/** The codes of v3-ActReason for which a caller asks, parted by spaces in the token. */
export const purposesOf = (caller: Caller | undefined): string[] =>
  (caller?.purposeOfUse ?? '').split(/[\s,]+/).filter(Boolean)
