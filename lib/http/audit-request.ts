import type { Careloop } from '../careloop.ts'
import { asFhirError } from '../interactions/as-fhir-error.ts'
import type { Answer } from '../interactions/interaction.ts'
import type { FhirError } from '../outcome.ts'
import { breakGlassIn, purposesOf } from '../security/audit/break-glass.ts'
import { deedOf } from '../security/audit/deed.ts'
import type { Happening, Requester } from '../security/audit/happening.ts'
import { putOnRecord } from '../security/audit/put-on-record.ts'
import { callerOf } from './caller.ts'
import type { Exchange, Step } from './exchange.ts'
import { OPEN } from './require-caller.ts'
import { requestIdOf } from './respond.ts'

/** What can be carried away as a whole. */
const EXPORTS = ['$everything', '$disclosures']
const CSV = /^text\/csv/

/**
 * Puts each request that found its way to an interaction on record, before it is answered: the answer is not given when that fails. A failure of the
 * interaction is recorded too.
 */
export const auditRequest = (careloop: Careloop): Step => ({
  async after({ event: exchange, response }) {
    await record(careloop, exchange, { answer: response as Answer })
  },
  async onError(request) {
    try {
      await record(careloop, request.event, { error: asFhirError(request.error, request.event.requestId) })
    } catch (failed) {
      request.error = failed as Error
    }
  },
})

interface Outcome {
  answer?: Answer
  error?: FhirError
}

/** @throws AuditFailed */
const record = async (careloop: Careloop, exchange: Exchange, outcome: Outcome): Promise<void> => {
  if (!careloop.audit || exchange.audited) return
  if (!exchange.match || OPEN.includes(exchange.match.route.interaction)) return
  exchange.audited = true
  await putOnRecord(careloop, happeningOf(exchange, outcome))
}

const happeningOf = (exchange: Exchange, { answer, error }: Outcome): Omit<Happening, 'at'> => {
  const { match, method, segments, query, headers, baseUrl } = exchange
  const { route, type, id, versionId } = match!
  const interaction = answer?.interaction ?? route.interaction
  const criteria = headers['if-none-exist']
  const asked = { interaction, type, id, versionId, method, path: segments.join('/'), query, baseUrl }
  const isExport = EXPORTS.includes(interaction) || CSV.test(answer?.mediaType ?? '')
  return {
    ...deedOf({ ...asked, ...(criteria !== undefined && { criteria }) }, answer),
    ...askedBy(exchange),
    kind: { rest: interaction },
    status: answer?.status ?? error!.status,
    ...(error?.denied && { denied: true }),
    ...(answer && isExport && { exported: true }),
  }
}

const PRODUCT = /^[\w.-]{1,40}(?:\/[\w.-]{1,40})?/

const requesterOf = ({ event, headers, baseUrl }: Exchange): Requester => {
  const caller = callerOf(event, baseUrl)
  const address = event.requestContext?.identity?.sourceIp
  const [software] = PRODUCT.exec(headers['user-agent'] ?? '') ?? []
  return { ...(caller && { caller }), ...(address && { address }), ...(software && { software }) }
}

/** Of a request: who asks, as far as API Gateway and its authorizer know, why, and under which id. */
export const askedBy = (
  exchange: Exchange,
): Pick<Happening, 'requester' | 'server' | 'requestId' | 'purposes' | 'breakGlass'> => {
  const requester = requesterOf(exchange)
  const breakGlass = breakGlassIn(exchange.headers, requester.caller)
  return {
    requester,
    server: exchange.baseUrl,
    requestId: requestIdOf(exchange),
    purposes: purposesOf(requester.caller),
    ...(breakGlass !== undefined && { breakGlass }),
  }
}
