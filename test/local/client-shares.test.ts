import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { systemClock } from '../../lib/clock.ts'
import { SHARES, shareKeys, shareOf } from '../../lib/security/token/client-share.ts'
import { type ApiGateway, startApiGateway } from '../../local/api-gateway.ts'
import { createAdmit } from '../../local/client-shares.ts'

const plan = { keys: ['busy', 'quiet'], requestsPerSecond: 10, burst: 5 }

describe('a share of the API', () => {
  test('takes a burst at once, then as many as are due by the second', () => {
    let now = 0
    const admit = createAdmit([plan], () => now)
    const asked = (times: number) =>
      Array.from({ length: times }, () => admit('busy')).filter((one) => one === 'admitted')
    expect(asked(20)).toHaveLength(5)
    now += 300
    expect(asked(20)).toHaveLength(3)
    now += 60_000
    expect(asked(20)).toHaveLength(5)
  })

  test('is of no use with a key of no plan, or with none', () => {
    const admit = createAdmit([plan], () => 0)
    expect([admit('other'), admit(undefined)]).toEqual(['unknown-key', 'unknown-key'])
  })

  test('that asks for no more than it may is never turned away, whatever another asks for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { maxLength: 100 }), (others) => {
        let now = 0
        const admit = createAdmit([plan], () => now)
        for (const many of others) {
          now += 1_000 / plan.requestsPerSecond
          for (let time = 0; time < many; time += 1) admit('busy')
          expect(admit('quiet')).toBe('admitted')
        }
      }),
    )
  })
})

describe('the clients of a tenant', () => {
  test('have the same share always, one that the tenant has', () => {
    fc.assert(
      fc.property(fc.string(), (client) => {
        expect(shareKeys('here')).toContain(shareOf('here', client))
        expect(shareOf('here', client)).toBe(shareOf('here', client))
      }),
    )
  })

  test('are spread over all shares, and share none with those of another tenant', () => {
    const used = new Set(Array.from({ length: 1_000 }, (_, client) => shareOf('here', `client-${client}`)))
    expect(used.size).toBe(SHARES)
    expect(shareKeys('there').some((key) => used.has(key))).toBe(false)
  })
})

describe('the gateway on one machine', () => {
  let gateway: ApiGateway
  afterEach(() => gateway.stop())

  const busy = 'ehr'
  const quiet = Array.from({ length: 100 }, (_, one) => `app-${one}`).find(
    (one) => shareOf('local', one) !== shareOf('local', busy),
  )!

  const serve = async () => {
    gateway = await startApiGateway(0)
    const host = {
      nameOf: (arn: string) => arn,
      dispose: () => undefined,
      async invoke(arn: string, event: unknown) {
        if (arn === 'task') return { statusCode: 200, headers: {}, body: '{}' }
        const client = (event as { headers: { authorization: string } }).headers.authorization
        return {
          principalId: client,
          usageIdentifierKey: shareOf('local', client),
          policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
        }
      },
    }
    const authorizer = { functionArn: 'authorizer', identityHeaders: ['Authorization'], remembersSeconds: 60 }
    gateway.serve({
      blueprint: {
        routes: [{ path: '/fhir/Task', method: 'ANY', functionArn: 'task', authorizer, keyRequired: true }],
        gatewayAnswers: new Map([
          ['THROTTLED', { status: 429, headers: { 'Retry-After': '1' }, body: '{"resourceType":"OperationOutcome"}' }],
        ]),
        usagePlans: [{ keys: shareKeys('local'), requestsPerSecond: 0.001, burst: 3 }],
      },
      host,
      clock: systemClock,
      open: false,
      ownEndpoint: async () => ({ status: 404, body: {} }),
      log: () => undefined,
    })
    return (client: string) =>
      fetch(`http://localhost:${gateway.port}/fhir/Task`, { headers: { authorization: client } })
  }

  test('turns a client away that asks for too much, with when to come again, and no other', async () => {
    const ask = await serve()
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await ask(busy)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(3)
    const refused = await ask(busy)
    expect({ status: refused.status, again: refused.headers.get('retry-after') }).toEqual({ status: 429, again: '1' })
    expect(await refused.json()).toEqual({ resourceType: 'OperationOutcome' })
    expect((await ask(quiet)).status).toBe(200)
  })
})
