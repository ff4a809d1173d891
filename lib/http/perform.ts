import type { Careloop } from '../careloop.ts'
import type { Answer, Conditions, InteractionRequest, Resolve } from '../interactions/interaction.ts'
import { accessOf } from '../security/access/access.ts'
import { guarded } from '../security/access/decide.ts'
import { BREAK_GLASS_HEADER } from '../security/audit/break-glass.ts'
import { callerOf } from './caller.ts'
import type { Exchange } from './exchange.ts'
import { matchRoute } from './match-route.ts'

/** Does what the exchange asks for: the last step inwards. */
export const perform =
  (careloop: Careloop) =>
  async (exchange: Exchange): Promise<Answer> => {
    const request = requestOf(exchange)
    const access = await accessOf(careloop, request.caller, request.baseUrl)
    const { interaction, handle } = exchange.match!.route
    const reason = exchange.headers[BREAK_GLASS_HEADER]
    if (reason !== undefined) {
      const { breakGlass } = await import('../security/consent/break-glass.ts')
      await breakGlass(careloop, access, reason, { ...request, segments: exchange.segments })
    }
    const answer = await guarded(interaction, handle)(careloop, { ...request, access }, resolve)
    exchange.answer = answer
    return answer
  }

const resolve: Resolve = (method, segments) => {
  const { route, type, id, versionId } = matchRoute(method, segments)
  return { interaction: route.interaction, handle: guarded(route.interaction, route.handle), type, id, versionId }
}

const requestOf = (exchange: Exchange): InteractionRequest => {
  const { event, match, query, headers, prefer, body, baseUrl, requestId, mediaType } = exchange
  const { type, id, versionId } = match!
  const provenance = headers['x-provenance']
  const conditions = conditionsOf(headers)
  const caller = callerOf(event, baseUrl)
  return {
    type,
    id,
    versionId,
    query,
    conditions,
    prefer,
    body,
    baseUrl,
    requestId,
    ...(caller && { caller }),
    ...(provenance && { provenance }),
    ...(mediaType && { mediaType }),
  }
}

const conditionsOf = (headers: Exchange['headers']): Conditions => ({
  ifMatch: headers['if-match'],
  ifNoneMatch: headers['if-none-match'],
  ifModifiedSince: headers['if-modified-since'],
  ifNoneExist: headers['if-none-exist'],
})
