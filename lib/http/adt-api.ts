import middy from '@middy/core'
import type { APIGatewayProxyHandler, APIGatewayProxyResult } from 'aws-lambda'
import type { Careloop } from '../careloop.ts'
import { refusal } from '../messages/acknowledgement.ts'
import { type AdtAnswer, processAdt } from '../messages/process-adt.ts'
import { type FhirError, fail } from '../outcome.ts'
import type { Exchange, Step } from './exchange.ts'
import { ANSWER_BEFORE_TIMEOUT_MS, tookTooLong } from './fhir-api.ts'
import { type Log, logRequest, logToConsole } from './log.ts'
import { parseMediaType } from './media-type.ts'
import { openExchange } from './open-exchange.ts'
import { requireMediaType, textOf } from './read-body.ts'

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

/** The message of a request. @throws FhirError methodNotAllowed, unsupportedMediaType, tooLarge, malformed */
const messageIn = (exchange: Exchange): string => {
  if (exchange.method !== 'POST') throw fail('methodNotAllowed', 'Messages are taken by POST.')
  requireMediaType(exchange, ER7_TYPES)
  return textOf(exchange)
}

const perform =
  (careloop: Careloop) =>
  async (exchange: Exchange): Promise<APIGatewayProxyResult> => {
    const answer = await processAdt(careloop, () => messageIn(exchange), exchange.requestId)
    const { status, unexpected } = answer
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
