import type { Careloop } from '../careloop.ts'
import type { Caller } from '../interactions/interaction.ts'
import { fail } from '../outcome.ts'
import { callerOf } from './caller.ts'
import type { Step } from './exchange.ts'

/** What tells what this service does, and nothing of anybody. */
export const OPEN = ['capabilities', '$openapi', '$smart-configuration']

/** @throws FhirError unauthenticated (401) for who has no token, where one is needed. https://www.rfc-editor.org/rfc/rfc6750#section-3 */
export const requireToken = ({ access }: Careloop, caller: Caller | undefined): void => {
  if (access === 'open' || caller?.scopes !== undefined) return
  throw fail('unauthenticated', 'This takes an access token: Authorization: Bearer and the token.', undefined, {
    'WWW-Authenticate': 'Bearer',
  })
}

/** Lets nobody on without a token, before anything of the request but its URL is looked at. */
export const requireCaller = (careloop: Careloop): Step => ({
  before({ event: { event, baseUrl, match } }) {
    if (match && !OPEN.includes(match.route.interaction)) requireToken(careloop, callerOf(event, baseUrl))
  },
})
