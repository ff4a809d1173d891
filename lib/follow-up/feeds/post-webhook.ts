import { type Sleep, sleep as wait } from '../../store/backoff.ts'

const ATTEMPTS = 3
/** Three attempts and the waits between them fit the 29 seconds of the function. */
const ATTEMPT_MS = 5_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 5_000
const SECOND_MS = 1_000

const TRANSIENT = [408, 425, 429]
const isTransient = (status: number): boolean => status >= 500 || TRANSIENT.includes(status)

/** The other side did not take it. Says how it answered, never where it is. */
export class WebhookFailed extends Error {
  constructor(why: string) {
    super(`the webhook did not take the notification: ${why}`)
    this.name = 'WebhookFailed'
  }
}

/** What the other side asks to wait, if it says so in seconds, else longer each time; never longer than the function lives. */
const waitFor = (attempt: number, retryAfter: string | null): number => {
  const asked = Number(retryAfter) * SECOND_MS
  return Math.min(LONGEST_WAIT_MS, asked > 0 ? asked : FIRST_WAIT_MS * 2 ** attempt * (1 + Math.random()))
}

export interface PostParts {
  fetch?: typeof fetch
  sleep?: Sleep
}

/**
 * Posts JSON, again after failures that may pass, each time under the same `Idempotency-Key`. Follows no redirect.
 * @throws WebhookFailed when it was not taken
 */
export const postWebhook = async (
  address: URL,
  message: object,
  key: string,
  { fetch: post = globalThis.fetch, sleep = wait }: PostParts = {},
): Promise<void> => {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await post(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
      body: JSON.stringify(message),
      redirect: 'error',
      signal: AbortSignal.timeout(ATTEMPT_MS),
    }).catch((error: unknown) => (error instanceof Error ? error.name : 'Error'))
    // What it says is of no use, and unread it would hold the connection.
    if (typeof answer !== 'string') await answer.body?.cancel()
    if (typeof answer !== 'string' && answer.ok) return
    const why = typeof answer === 'string' ? answer : `status ${answer.status}`
    const mayPass = typeof answer === 'string' || isTransient(answer.status)
    if (!mayPass || attempt + 1 === ATTEMPTS) throw new WebhookFailed(why)
    await sleep(waitFor(attempt, typeof answer === 'string' ? null : answer.headers.get('Retry-After')))
  }
}
