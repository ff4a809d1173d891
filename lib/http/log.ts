import type { APIGatewayProxyResult } from 'aws-lambda'
import { writeLog } from '../log.ts'
import { FhirError } from '../outcome.ts'
import { AuditFailed } from '../security/audit/audit.ts'
import type { Exchange, Step } from './exchange.ts'

/** All that is ever logged of a request. No body, query, header, error message or cause: they can hold what is known of a patient. */
export interface LogLine {
  requestId: string
  interaction?: string
  type?: string
  id?: string
  version?: number
  status: number
  milliseconds: number
  /** names of errors that nobody expected */
  errors?: readonly string[]
}

export type Log = (line: LogLine) => void

export const logToConsole: Log = writeLog

/** One line a request, once its answer is known. */
export const logRequest = (log: Log): Step => ({
  after(request) {
    log(lineOf(request.event, request.response as APIGatewayProxyResult, request.event.answer?.unexpected))
  },
  onError(request) {
    const response = request.response as APIGatewayProxyResult
    const isExpected =
      response.statusCode < INTERNAL || (request.error instanceof FhirError && !(request.error instanceof AuditFailed))
    log(lineOf(request.event, response, isExpected ? undefined : [request.error?.name ?? 'unknown']))
  },
})

const INTERNAL = 500

const lineOf = (
  { requestId, startedAt, match, answer }: Exchange,
  { statusCode }: APIGatewayProxyResult,
  errors: readonly string[] | undefined,
): LogLine => {
  const type = match?.type || undefined
  const id = answer?.version?.id ?? (match?.id || undefined)
  const interaction = answer?.interaction ?? match?.route.interaction
  return {
    requestId,
    ...(interaction && { interaction }),
    ...(type && { type }),
    ...(id && { id }),
    ...(answer?.version && { version: answer.version.v }),
    status: statusCode,
    milliseconds: Math.round(performance.now() - startedAt),
    ...(errors && { errors }),
  }
}
