import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { JSONWebKeySet } from 'jose'
import { isLoopback, isTrustworthy } from '../../../../lib/security/token/fetch-json.ts'
import { publishedKeys } from '../../../../lib/security/token/published-keys.ts'
import { keyPair, published } from './tokens.ts'

let keys: JSONWebKeySet
beforeAll(async () => {
  keys = published(await keyPair('one'))
})

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** The origin of a server that answers so. */
const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}
const json =
  (content: unknown): RequestListener =>
  (_request, response) =>
    void response.end(JSON.stringify(content))
/** An issuer that publishes `jwks` and, of itself, `metadata`. */
const issuer = async (
  jwks: RequestListener,
  metadata: (origin: string) => unknown = (origin) => ({ issuer: origin, jwks_uri: `${origin}/jwks` }),
) => {
  const origin: string = await serve((request, response) =>
    request.url === '/.well-known/openid-configuration'
      ? json(metadata(origin))(request, response)
      : jwks(request, response),
  )
  return origin
}

describe('the keys that an issuer publishes', () => {
  test('are found where the settings say, or else its metadata', async () => {
    const origin = await issuer(json(keys))
    expect(await publishedKeys({ issuer: origin })).toEqual(keys)
    expect(await publishedKeys({ issuer: 'http://localhost', jwksUri: `${origin}/jwks` })).toEqual(keys)
  })

  test('are not taken from the metadata of another issuer', async () => {
    const origin = await issuer(json(keys), (own) => ({ issuer: 'https://other.example', jwks_uri: `${own}/jwks` }))
    await expect(publishedKeys({ issuer: origin })).rejects.toThrow(/another issuer/)
  })

  test.each([
    ['http://login.example/jwks'],
    ['file:///etc/passwd'],
    ['data:application/json,{"keys":[]}'],
    ['undefined'],
  ])('are not taken from %s', async (uri) => {
    const origin = await issuer(json(keys), (own) => ({ issuer: own, jwks_uri: uri }))
    await expect(publishedKeys({ issuer: origin })).rejects.toThrow(/https only/)
    await expect(publishedKeys({ issuer: 'https://login.example', jwksUri: uri })).rejects.toThrow(/https only/)
  })

  test('are not taken from this machine for an issuer that is elsewhere', async () => {
    const origin = await serve(json(keys))
    await expect(publishedKeys({ issuer: 'https://login.example', jwksUri: origin })).rejects.toThrow(/https only/)
  })

  test('are not followed elsewhere', async () => {
    let followed = 0
    const elsewhere = await serve((request, response) => {
      followed += 1
      json(keys)(request, response)
    })
    const origin = await issuer((_request, response) => void response.writeHead(302, { location: elsewhere }).end())
    await expect(publishedKeys({ issuer: origin })).rejects.toThrow()
    expect(followed).toBe(0)
  })

  test('are not read beyond 64 KB', async () => {
    let sent = 0
    const origin = await issuer((_request, response) => {
      const send = (): void => {
        sent += 16_384
        if (!response.destroyed && response.write(' '.repeat(16_384))) setImmediate(send)
      }
      response.on('drain', send)
      send()
    })
    await expect(publishedKeys({ issuer: origin })).rejects.toThrow(/64 KB/)
    // What was on its way already, of what would never have ended.
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  test('are not waited for without end', async () => {
    const origin = await issuer(() => undefined)
    await expect(publishedKeys({ issuer: origin })).rejects.toThrow(/timeout/)
  })

  test.each([
    ['an error', (_request, response) => void response.writeHead(500).end()],
    ['words', (_request, response) => void response.end('keys')],
    ['nothing', json(null)],
    ['no set', json({ keys: 'x' })],
    ['more than anybody has', json({ keys: Array.from({ length: 51 }, () => ({ kty: 'EC' })) })],
  ] as [string, RequestListener][])('are not %s', async (_what, answer) => {
    await expect(publishedKeys({ issuer: await issuer(answer) })).rejects.toThrow()
  })
})

test.each([
  ['http://localhost:3000/_local/issuer', true],
  ['http://127.0.0.1:3000', true],
  ['http://[::1]:3000', true],
  ['http://localhost.evil.example', false],
  ['http://127.0.0.1.evil.example', false],
  ['http://evil.example/localhost', false],
  ['http://localhost@evil.example', false],
  ['https://localhost', false],
])('whether %s is of this machine: %s', (url, expected) => {
  expect(isLoopback(url)).toBe(expected)
})

test('https is trustworthy, whoever it is', () => {
  expect(isTrustworthy('https://login.example/jwks', { loopback: false })).toBe(true)
  expect(isTrustworthy('http://localhost/jwks', { loopback: false })).toBe(false)
})
