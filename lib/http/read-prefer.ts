import type { Prefer } from '../interactions/interaction.ts'
import type { Step } from './exchange.ts'

const RETURN = /(?:^|[,;\s])return\s*=\s*"?(minimal|representation|OperationOutcome)\b/i
const HANDLING = /(?:^|[,;\s])handling\s*=\s*"?(strict|lenient)\b/i
const RETURNS: readonly Prefer['return'][] = ['minimal', 'representation', 'OperationOutcome']

/** Preferences we do not know are left alone: https://www.rfc-editor.org/rfc/rfc7240#section-2 */
export const readPrefer = (): Step => ({
  before({ event: exchange }) {
    exchange.prefer = preferOf(exchange.headers.prefer ?? '')
  },
})

const preferOf = (header: string): Prefer => {
  const wanted = RETURN.exec(header)?.[1]?.toLowerCase()
  const handling = HANDLING.exec(header)?.[1]?.toLowerCase() === 'lenient' ? 'lenient' : 'strict'
  const known = RETURNS.find((preference) => preference?.toLowerCase() === wanted)
  return { handling, ...(known && { return: known }) }
}
