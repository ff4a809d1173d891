import middy from '@middy/core'
import type { APIGatewayProxyHandler, APIGatewayProxyResult } from 'aws-lambda'
import type { Careloop } from '../careloop.ts'
import { refusal } from '../messages/acknowledgement.ts'
import { type AdtAnswer, processAdt } from '../messages/process-adt.ts'
import { type FhirError, fail } from '../outcome.ts'
import { accessOf } from '../security/access/access.ts'
import { requirePermitted } from '../security/access/decide.ts'
import { deedOn } from '../security/audit/deed.ts'
import { putOnRecord } from '../security/audit/put-on-record.ts'
import { askedBy } from './audit-request.ts'
import { callerOf } from './caller.ts'
import type { Exchange, Step } from './exchange.ts'
import { ANSWER_BEFORE_TIMEOUT_MS, tookTooLong } from './fhir-api.ts'
import { type Log, logRequest, logToConsole } from './log.ts'
import { parseMediaType } from './media-type.ts'
import { openExchange } from './open-exchange.ts'
import { requireMediaType, textOf } from './read-body.ts'
import { requireToken } from './require-caller.ts'

/** Where HL7 v2 messages are posted to. */
export const ADT_PATH = '/v2/adt'

/** The names under which ER7 is sent over HTTP. */
const ER7_TYPES = ['application/hl7-v2', 'x-application/hl7-v2+er7', 'text/plain']

const result = ({ headers, requestId }: Exchange, { status, text }: AdtAnswer): APIGatewayProxyResult => {
  const { type } = parseMediaType(headers['content-type'] ?? '')
  return {
    statusCode: status,
    headers: {
      'Content-Type': `${ER7_TYPES.includes(type) ? type : ER7_TYPES[0]}; charset=utf-8`,
      'Cache-Control': 'no-store',
      'X-Request-Id': requestId,
      ...(status === METHOD_NOT_ALLOWED && { Allow: 'POST' }),
    },
    body: text,
  }
}
const METHOD_NOT_ALLOWED = 405

/** The message of a request. @throws FhirError unsupportedMediaType, tooLarge, malformed */
const messageIn = (exchange: Exchange): string => {
  requireMediaType(exchange, ER7_TYPES)
  return textOf(exchange)
}

/** @throws FhirError unauthenticated (401), forbidden (403) */
const requireAccess = async (careloop: Careloop, { event, baseUrl }: Exchange): Promise<void> => {
  const caller = callerOf(event, baseUrl)
  requireToken(careloop, caller)
  const access = await accessOf(careloop, caller, baseUrl)
  requirePermitted(access, { interaction: '$process-adt', type: '', id: '', conditions: {} })
}

const perform =
  (careloop: Careloop) =>
  async (exchange: Exchange): Promise<APIGatewayProxyResult> => {
    const answer = await processAdt(
      careloop,
      async () => {
        if (exchange.method !== 'POST') throw fail('methodNotAllowed', 'Messages are taken by POST.')
        await requireAccess(careloop, exchange)
        return messageIn(exchange)
      },
      exchange.requestId,
    )
    const { status, unexpected, denied, seen = [] } = answer
    await putOnRecord(careloop, {
      ...deedOn(seen),
      ...askedBy(exchange),
      kind: { rest: '$process-adt' },
      status,
      denied,
    })
    exchange.answer = { status, interaction: '$process-adt', ...(unexpected && { unexpected: [unexpected] }) }
    return result(exchange, answer)
  }

/** What takes too long gets an acknowledgement too. */
const respond = (careloop: Careloop): Step => ({
  onError(request) {
    const error = request.error as FhirError
    request.response = result(request.event, { status: error.status, text: refusal(careloop, error) })
  },
})

/** A Lambda function behind an API Gateway REST API that takes HL7 v2 messages in ER7 and answers their acknowledgements. */
export const adtApi = (careloop: Careloop, { log = logToConsole }: { log?: Log } = {}): APIGatewayProxyHandler =>
  middy<Exchange, APIGatewayProxyResult>(perform(careloop), {
    timeoutEarlyInMillis: ANSWER_BEFORE_TIMEOUT_MS,
    timeoutEarlyResponse: tookTooLong,
  })
    .use(openExchange())
    .use(logRequest(log))
    .use(respond(careloop)) as unknown as APIGatewayProxyHandler
