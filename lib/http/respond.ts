import type { APIGatewayProxyResult } from 'aws-lambda'
import { asFhirError } from '../interactions/as-fhir-error.ts'
import { versionHeaders } from '../interactions/etag.ts'
import type { Answer } from '../interactions/interaction.ts'
import { versionedReference } from '../interactions/links.ts'
import { contentOf, statusWith } from '../interactions/prefer-return.ts'
import { stringifyJson } from '../json.ts'
import { type FhirError, fail, outcomeOf } from '../outcome.ts'
import type { Exchange, Step } from './exchange.ts'
import { FHIR_JSON } from './media-type.ts'

/** What a Lambda function can hand back is 6 MB, the body quoted as a JSON string inside it. */
const LARGEST_BODY = 5 * 1024 * 1024

/** Writes the answer, or the error, as HTTP. The only place where an error becomes an answer. */
export const respond = (): Step => ({
  after(request) {
    request.response = answered(request.response as Answer, request.event)
  },
  onError(request) {
    request.response = refused(asFhirError(request.error, request.event.requestId), request.event)
  },
})

const answered = (answer: Answer, exchange: Exchange): APIGatewayProxyResult => {
  const { version, located } = answer
  const content = contentOf(answer, exchange.prefer.return ?? 'representation')
  const status = statusWith(content, answer)
  const headers = {
    ...(version && versionHeaders(version)),
    ...(located && version && { Location: `${exchange.baseUrl}/${versionedReference(version)}` }),
    ...answer.headers,
  }
  const body = answer.text ?? (content && stringifyJson(content, indentOf(exchange)))
  if (body === undefined || Buffer.byteLength(body) <= LARGEST_BODY)
    return result(status, { ...headers, ...(answer.mediaType && { 'Content-Type': answer.mediaType }) }, body, exchange)
  // A write stands; the client can read what it wrote.
  if (!answer.resource && answer.text === undefined) return result(status, headers, undefined, exchange)
  throw fail(
    'tooLarge',
    'The answer does not fit 6 MB. Ask for less at a time: fewer resources with _count, fewer entries in a Bundle.',
  )
}

const refused = (error: FhirError, exchange: Exchange): APIGatewayProxyResult =>
  result(error.status, error.headers, stringifyJson(outcomeOf(error), indentOf(exchange)), exchange)

const indentOf = ({ pretty }: Exchange): number | undefined => (pretty ? 2 : undefined)

/** What a client may have called its request; anything else is not put into a header. */
const REQUEST_ID = /^[\w.:-]{1,128}$/

/** What the answer calls the request: as its client does, or as we do. */
export const requestIdOf = ({ headers, requestId }: Pick<Exchange, 'headers' | 'requestId'>): string => {
  const theirs = headers['x-request-id'] ?? ''
  return REQUEST_ID.test(theirs) ? theirs : requestId
}

const result = (
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
  exchange: Exchange,
): APIGatewayProxyResult => ({
  statusCode,
  headers: {
    ...(body !== undefined && { 'Content-Type': FHIR_JSON }),
    'Cache-Control': 'no-store',
    'X-Request-Id': requestIdOf(exchange),
    ...headers,
  },
  body: exchange.method === 'HEAD' ? '' : (body ?? ''),
})
