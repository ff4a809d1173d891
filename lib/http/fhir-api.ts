import middy from '@middy/core'
import type { APIGatewayProxyHandler } from 'aws-lambda'
import type { Careloop } from '../careloop.ts'
import type { Answer } from '../interactions/interaction.ts'
import { fail } from '../outcome.ts'
import { auditRequest } from './audit-request.ts'
import type { Exchange } from './exchange.ts'
import { type Log, logRequest, logToConsole } from './log.ts'
import { negotiate } from './negotiate.ts'
import { openExchange } from './open-exchange.ts'
import { perform } from './perform.ts'
import { readBody } from './read-body.ts'
import { readPrefer } from './read-prefer.ts'
import { readUrl } from './read-url.ts'
import { requireCaller } from './require-caller.ts'
import { respond } from './respond.ts'
import { route } from './route.ts'

/** How long before Lambda would cut us off we answer that it takes too long. */
export const ANSWER_BEFORE_TIMEOUT_MS = 500

export const tookTooLong = (): never => {
  throw fail(
    'timeout',
    'This took too long. A write may have happened or not: look before trying again, and ask for less.',
  )
}

/**
 * A Lambda function behind an API Gateway REST API that serves the FHIR interactions of `types`, or those of the whole system. The steps stand in
 * the order in which a request meets them; on the way back the answer meets `respond`, then `logRequest`.
 */
export const fhirApi = (
  careloop: Careloop,
  types: readonly string[] | 'system',
  { log = logToConsole }: { log?: Log } = {},
): APIGatewayProxyHandler =>
  middy<Exchange, Answer>(perform(careloop), {
    timeoutEarlyInMillis: ANSWER_BEFORE_TIMEOUT_MS,
    timeoutEarlyResponse: tookTooLong,
  })
    .use(openExchange())
    .use(logRequest(log))
    .use(respond())
    .use(auditRequest(careloop))
    .use(readUrl())
    .use(readPrefer())
    .use(route(types))
    .use(requireCaller(careloop))
    .use(negotiate())
    .use(readBody()) as unknown as APIGatewayProxyHandler
