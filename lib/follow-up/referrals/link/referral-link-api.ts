import type { APIGatewayProxyEvent, APIGatewayProxyHandler, APIGatewayProxyResult, Context } from 'aws-lambda'
import type { Careloop } from '../../../careloop.ts'
import { errorName, logLine } from '../../../events/log.ts'
import { askedBy } from '../../../http/audit-request.ts'
import type { Exchange } from '../../../http/exchange.ts'
import { exchangeOf } from '../../../http/open-exchange.ts'
import { FhirError } from '../../../outcome.ts'
import { COORDINATION_OF_CARE } from '../../../security/audit/codes.ts'
import { deedOn } from '../../../security/audit/deed.ts'
import type { Happening } from '../../../security/audit/happening.ts'
import { putOnRecord } from '../../../security/audit/put-on-record.ts'
import type { Version } from '../../../store/version.ts'
import { createLinkTokens, type Grant, type LinkTokens, REFERRAL_PATH } from './link-token.ts'
import { giveAnswer, readAnswer } from './referral-answer.ts'
import { noticePage, referralPage } from './referral-page.ts'
import { STYLE_HASH } from './referral-style.ts'
import { referralView } from './referral-view.ts'

/** A form with the longest text there may be is far smaller. */
const LARGEST_FORM = 16 * 1024
const FORM = 'application/x-www-form-urlencoded'

/** Nothing from elsewhere, no script at all, in no frame, sent nowhere else, and kept by nobody. https://www.w3.org/TR/CSP3/ */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src '${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  // The address of this page is what opens it: no other page is told of it.
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex, nofollow',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Strict-Transport-Security': 'max-age=63072000',
}

const answer = (statusCode: number, body: string, headers: Record<string, string> = {}): APIGatewayProxyResult => ({
  statusCode,
  headers: { ...HEADERS, ...headers },
  body,
})

const EXPIRED = noticePage('This link has expired', 'Ask whoever sent you the referral for a new link.')
const CLOSED = noticePage(
  'This link cannot be used any more',
  'The referral was taken back or given to somebody else, or the client does not want it to be shown. Ask whoever sent it to you.',
)
const UNKNOWN = noticePage(
  'This link is not complete',
  'Open it again from the message it came with, or copy all of it.',
)
const FAILED = noticePage(
  'This did not work',
  'Nothing can be said to have been changed. Wait a moment and open the link again.',
)

const headerOf = ({ headers, multiValueHeaders }: APIGatewayProxyEvent, name: string): string => {
  const several = Object.entries(multiValueHeaders ?? {}).map(([key, values]) => [key, values?.[0]] as const)
  return [...Object.entries(headers ?? {}), ...several].find(([key]) => key.toLowerCase() === name)?.[1] ?? ''
}

const tokenOf = ({ path, pathParameters }: APIGatewayProxyEvent): string =>
  pathParameters?.token ?? path.slice(path.lastIndexOf(REFERRAL_PATH) + REFERRAL_PATH.length)

/** One request by somebody who holds a link that opens something. */
interface Visit {
  grant: Grant
  event: APIGatewayProxyEvent
  exchange: Exchange
}

/** What was seen or done through the link, by whom it was given to. */
const onRecord = (
  careloop: Careloop,
  { grant, exchange }: Visit,
  what: Pick<Happening, 'kind' | 'status' | 'denied'>,
  seen: readonly Version[],
): Promise<void> =>
  putOnRecord(careloop, {
    ...askedBy(exchange),
    ...(seen.length ? deedOn(seen) : { things: [{ reference: `Task/${grant.task}` }], patients: [], queries: [] }),
    ...what,
    recipient: grant.owner,
    purposes: [COORDINATION_OF_CARE],
  })

const show = async (
  careloop: Careloop,
  visit: Visit,
  shown: Parameters<typeof referralPage>[1],
  status = 200,
): Promise<APIGatewayProxyResult> => {
  const view = await referralView(careloop, visit.grant)
  const kind = { disclosed: 'referral-page' }
  // Also a form that was refused shows the referral.
  await onRecord(careloop, visit, view ? { kind, status: 200 } : { kind, status: 410, denied: true }, view?.seen ?? [])
  return view ? answer(status, referralPage(view, shown)) : answer(410, CLOSED)
}

const CONFLICTS: Readonly<Partial<Record<FhirError['category'], string>>> = {
  preconditionFailed: 'Somebody has changed the referral since you opened it. This is how it stands now.',
  conflict: 'Somebody has changed the referral at the same time. This is how it stands now.',
  businessRule: 'The referral cannot be answered so any more. This is how it stands now.',
  notFound: 'The referral has just been changed. This is how it stands now.',
}

const formOf = ({ body, isBase64Encoded }: APIGatewayProxyEvent): URLSearchParams =>
  new URLSearchParams(isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? ''))

const post = async (careloop: Careloop, visit: Visit, requestId: string): Promise<APIGatewayProxyResult> => {
  const { event, grant } = visit
  // Nobody else knows the address, so no other page can send its form; should one come to know it, its browser says so.
  const isForm = headerOf(event, 'content-type').split(';')[0]!.trim().toLowerCase() === FORM
  const isElsewhere = ['cross-site', 'same-site'].includes(headerOf(event, 'sec-fetch-site'))
  if (!isForm || isElsewhere) return answer(400, UNKNOWN)
  if ((event.body?.length ?? 0) > LARGEST_FORM) return answer(413, FAILED)
  const form = formOf(event)
  const given = readAnswer(form)
  if ('field' in given) return show(careloop, visit, { resent: { incomplete: given, form } }, 422)
  try {
    const task = await giveAnswer(careloop, grant, given, requestId)
    await onRecord(careloop, visit, { kind: { rest: '$referral-answer' }, status: 200 }, [task])
  } catch (error) {
    const notice = error instanceof FhirError ? CONFLICTS[error.category] : undefined
    if (notice) return show(careloop, visit, { notice }, 409)
    throw error
  }
  // So that going back, or loading the page again, sends nothing twice.
  return answer(303, '', { Location: '?done=1' })
}

const respond = async (
  careloop: Careloop,
  tokens: LinkTokens,
  event: APIGatewayProxyEvent,
  context: Context,
): Promise<APIGatewayProxyResult> => {
  const { httpMethod: method } = event
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
    return answer(405, UNKNOWN, { Allow: 'GET, HEAD, POST' })
  const grant = await tokens.open(tokenOf(event))
  if (grant === 'expired') return answer(410, EXPIRED)
  if (grant === 'unknown') return answer(404, UNKNOWN)
  const visit = { grant, event, exchange: exchangeOf(event, context) }
  if (method === 'POST') return post(careloop, visit, context.awsRequestId)
  const done =
    (event.multiValueQueryStringParameters?.done ?? []).includes('1') || event.queryStringParameters?.done === '1'
  return show(careloop, visit, { done })
}

/** A Lambda function behind an API Gateway REST API: the page of a referral for those who have no account but a link. */
export const referralLinkApi = (careloop: Careloop): APIGatewayProxyHandler => {
  const tokens = createLinkTokens({ table: careloop.store.table, clock: careloop.clock })
  const handle = async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    // The address is as good as a password: of it nothing is logged.
    const log = (status: number, error?: unknown) =>
      logLine({
        event: 'referral-page',
        method: event.httpMethod,
        status,
        ...(error !== undefined && { error: errorName(error) }),
      })
    try {
      const result = await respond(careloop, tokens, event, context)
      log(result.statusCode)
      return event.httpMethod === 'HEAD' ? { ...result, body: '' } : result
    } catch (error) {
      log(500, error)
      return answer(500, FAILED)
    }
  }
  return handle as unknown as APIGatewayProxyHandler
}
