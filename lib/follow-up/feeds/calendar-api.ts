import { createHash } from 'node:crypto'
import middy from '@middy/core'
import type { APIGatewayProxyHandler, APIGatewayProxyResult } from 'aws-lambda'
import type { Basic, Practitioner } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { referenceTo } from '../../fhir.ts'
import { askedBy } from '../../http/audit-request.ts'
import type { Exchange, Step } from '../../http/exchange.ts'
import { ANSWER_BEFORE_TIMEOUT_MS, tookTooLong } from '../../http/fhir-api.ts'
import { type Log, logRequest, logToConsole } from '../../http/log.ts'
import { openExchange } from '../../http/open-exchange.ts'
import { FhirError } from '../../outcome.ts'
import { putOnRecord } from '../../security/audit/put-on-record.ts'
import { calendarEntries } from './calendar-entries.ts'
import { digestOf, secretIn } from './calendar-secret.ts'
import { CALENDAR_SECRET } from './codes.ts'
import { iCalendarOf } from './icalendar.ts'

const PERSON = /^Practitioner\/([A-Za-z0-9\-.]{1,64})$/

/** Whose calendar the secret opens; undefined: nobody's, or that of somebody who works here no more. */
const personOf = async ({ store, search }: Careloop, secret: string | undefined): Promise<string | undefined> => {
  if (secret === undefined) return undefined
  const [link] = await search.all('Basic', `identifier=${encodeURIComponent(`${CALENDAR_SECRET}|${digestOf(secret)}`)}`)
  const [, id] = PERSON.exec((link?.content as unknown as Basic | undefined)?.subject?.reference ?? '') ?? []
  const person = id === undefined ? undefined : await store.read('Practitioner', id)
  const isHere = person && !person.deleted && (person.content as unknown as Practitioner).active !== false
  return isHere ? id : undefined
}

/** Says nothing of whether there ever was such a calendar. */
const NOT_FOUND: Answer = { statusCode: 404, text: 'There is no calendar at this address (any more).\n' }

interface Answer {
  statusCode: number
  /** whose it is, of one that there is */
  person?: string
  text?: string
  headers?: Record<string, string>
}

/** Whether a validator the client has is this one. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
const isKnown = (etag: string, ifNoneMatch: string | undefined): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === etag || each === '*')

const answerOf = async (careloop: Careloop, { event, method, headers, baseUrl }: Exchange): Promise<Answer> => {
  if (method !== 'GET' && method !== 'HEAD')
    return { statusCode: 405, text: 'A calendar is only read.\n', headers: { Allow: 'GET, HEAD' } }
  const person = await personOf(careloop, secretIn(event.path))
  if (person === undefined) return NOT_FOUND
  const { appUrl } = careloop.tenant.feeds ?? {}
  const tasksUrl = appUrl === undefined ? `${baseUrl}/Task` : `${appUrl.replace(/\/$/, '')}/tasks`
  const text = iCalendarOf(await calendarEntries(careloop, person, tasksUrl), careloop.tenant.timeZone)
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`
  const validators = { ETag: etag, 'Cache-Control': 'private, no-cache' }
  if (isKnown(etag, headers['if-none-match'])) return { statusCode: 304, person, headers: validators }
  return {
    statusCode: 200,
    person,
    text,
    headers: {
      ...validators,
      'Content-Type': 'text/calendar; charset=utf-8',
      'Content-Disposition': 'inline; filename="tasks.ics"',
    },
  }
}

const result = ({ method, requestId }: Exchange, { statusCode, text, headers }: Answer): APIGatewayProxyResult => ({
  statusCode,
  headers: {
    ...(text !== undefined && { 'Content-Type': 'text/plain; charset=utf-8' }),
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Request-Id': requestId,
    ...headers,
  },
  body: method === 'HEAD' ? '' : (text ?? ''),
})

const perform =
  (careloop: Careloop) =>
  async (exchange: Exchange): Promise<APIGatewayProxyResult> => {
    const answer = await answerOf(careloop, exchange)
    // An address that opens nothing says nothing of anybody: anyone could fill the record with such.
    if (answer.person !== undefined)
      await putOnRecord(careloop, {
        ...askedBy(exchange),
        kind: { rest: '$calendar' },
        status: answer.statusCode,
        things: [{ reference: referenceTo('Practitioner', answer.person) }],
        patients: [],
        queries: [],
      })
    exchange.answer = { status: answer.statusCode, interaction: '$calendar' }
    return result(exchange, answer)
  }

const respond = (): Step => ({
  onError(request) {
    const statusCode = request.error instanceof FhirError ? request.error.status : 500
    request.response = result(request.event, { statusCode, text: 'The calendar could not be made. Try again later.\n' })
  },
})

/** A Lambda function behind an API Gateway REST API that gives calendars to whoever knows their address. Neither logs nor answers it. */
export const calendarApi = (careloop: Careloop, { log = logToConsole }: { log?: Log } = {}): APIGatewayProxyHandler =>
  middy<Exchange, APIGatewayProxyResult>(perform(careloop), {
    timeoutEarlyInMillis: ANSWER_BEFORE_TIMEOUT_MS,
    timeoutEarlyResponse: tookTooLong,
  })
    .use(openExchange())
    .use(logRequest(log))
    .use(respond()) as unknown as APIGatewayProxyHandler
