import { describe, expect, test } from '@jest/globals'
import { postWebhook, WebhookFailed } from '../../../../lib/follow-up/feeds/post-webhook.ts'

const ADDRESS = new URL('https://hooks.slack.com/services/secret')

/** The other side: answers these one after the other. */
const chat = (...answers: (number | Response | Error)[]) => {
  const requests: RequestInit[] = []
  const waits: number[] = []
  const fetch = (async (_url: unknown, request: RequestInit) => {
    requests.push(request)
    const answer = answers.shift()!
    if (answer instanceof Error) throw answer
    return answer instanceof Response ? answer : new Response('ok', { status: answer })
  }) as typeof globalThis.fetch
  const sleep = async (milliseconds: number) => void waits.push(milliseconds)
  return { requests, waits, post: () => postWebhook(ADDRESS, { text: 'Task 7F3K' }, 'key-1', { fetch, sleep }) }
}

describe('a post', () => {
  test('is JSON under its key, and follows no redirect', async () => {
    const { post, requests, waits } = chat(200)
    await post()
    expect(requests).toEqual([
      expect.objectContaining({ method: 'POST', body: '{"text":"Task 7F3K"}', redirect: 'error' }),
    ])
    expect(requests[0]!.headers).toEqual({ 'Content-Type': 'application/json', 'Idempotency-Key': 'key-1' })
    expect(waits).toEqual([])
  })

  test('is done again, later each time and under the same key, while it may pass', async () => {
    const { post, requests, waits } = chat(503, new TypeError('fetch failed'), 202)
    await post()
    expect(requests.map(({ headers }) => (headers as Record<string, string>)['Idempotency-Key'])).toEqual([
      'key-1',
      'key-1',
      'key-1',
    ])
    expect(waits[0]).toBeGreaterThanOrEqual(500)
    expect(waits[1]).toBeGreaterThanOrEqual(1_000)
  })

  test('waits as long as it is asked to, within reason', async () => {
    const slow = (seconds: string) => new Response('', { status: 429, headers: { 'Retry-After': seconds } })
    const { post, waits } = chat(slow('2'), slow('600'), 200)
    await post()
    expect(waits).toEqual([2_000, 5_000])
  })

  test.each([
    ['what will not pass', [404], 1],
    ['what does not pass in time', [500, 500, 500], 3],
  ])('gives up on %s, and says nothing of the address', async (_name, answers, attempts) => {
    const { post, requests } = chat(...answers)
    const failure = await post().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(WebhookFailed)
    expect(String(failure)).not.toContain('secret')
    expect(requests).toHaveLength(attempts)
  })
})
