import { describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import type { AuthorizerBlueprint } from '../../local/blueprint.ts'
import { createAuthorize } from '../../local/gateway-authorizer.ts'

const authorizer: AuthorizerBlueprint = { functionArn: 'arn', identityHeaders: ['Authorization'], remembersSeconds: 60 }

const event = (headers: Record<string, string>, path = '/fhir/Task/1'): APIGatewayProxyEvent =>
  ({ httpMethod: 'GET', path, headers, body: 'secret', requestContext: { apiId: 'local', stage: 'local' } }) as never

const ARN = 'arn:aws:execute-api:us-east-1:000000000000:local/local'
const statement = (changes: object = {}) => ({
  Action: 'execute-api:Invoke',
  Effect: 'Allow',
  Resource: `${ARN}/*`,
  ...changes,
})
const answering = (...Statement: object[]) => ({
  principalId: 'ehr',
  policyDocument: { Version: '2012-10-17', Statement },
  context: { scope: 'system/*.rs', number: 7, yes: true },
})

/** API Gateway in front of an authorizer that answers so, or throws; with a clock that stands still until it is moved. */
const setUp = (answer: (asked: APIGatewayRequestAuthorizerEvent) => unknown) => {
  let time = Date.parse('2026-11-23T12:00:00Z')
  const asked: APIGatewayRequestAuthorizerEvent[] = []
  const lines: string[] = []
  const host = {
    nameOf: () => 'functions/authorizer.ts',
    dispose: () => undefined,
    async invoke(_arn: string, request: unknown) {
      asked.push(request as APIGatewayRequestAuthorizerEvent)
      return answer(request as APIGatewayRequestAuthorizerEvent)
    },
  }
  const authorize = createAuthorize(
    host,
    () => time,
    (line) => lines.push(line),
  )
  return {
    asked,
    lines,
    ask: (token = 'a', path?: string) => authorize(authorizer, event({ authorization: token }, path)),
    without: () => authorize(authorizer, event({ Accept: '*/*' })),
    pass: (seconds: number) => {
      time += seconds * 1_000
    },
  }
}
const denied = { refused: 'ACCESS_DENIED', status: 403 }

describe('a Lambda authorizer', () => {
  test('is told of the request without its body, and what it says are texts', async () => {
    const { ask, asked } = setUp(() => answering(statement()))
    expect(await ask()).toEqual({ context: { principalId: 'ehr', scope: 'system/*.rs', number: '7', yes: 'true' } })
    expect(asked).toEqual([
      expect.objectContaining({
        type: 'REQUEST',
        methodArn: `${ARN}/GET/fhir/Task/1`,
        headers: { authorization: 'a' },
      }),
    ])
    expect(asked[0]).not.toHaveProperty('body')
  })

  test('is not asked without the header that says who calls', async () => {
    const { without, asked } = setUp(() => answering(statement()))
    expect(await without()).toEqual({ refused: 'UNAUTHORIZED', status: 401 })
    expect(asked).toEqual([])
  })

  test('is asked once a minute for the same header, whatever the path', async () => {
    const { ask, asked, pass } = setUp(() => answering(statement()))
    await ask('a')
    await ask('a', '/fhir/Goal')
    await ask('b')
    expect(asked).toHaveLength(2)
    pass(60)
    await ask('a')
    expect(asked).toHaveLength(3)
  })

  test('refuses by throwing Unauthorized, which is not remembered', async () => {
    let isAway = true
    const { ask } = setUp(() => {
      if (isAway) throw new Error('Unauthorized')
      return answering(statement())
    })
    expect(await ask()).toEqual({ refused: 'UNAUTHORIZED', status: 401 })
    isAway = false
    expect(await ask()).toHaveProperty('context')
  })

  test('fails by throwing anything else, and what it threw is not told', async () => {
    const { ask, lines } = setUp(() => {
      throw new TypeError('Bearer abc')
    })
    expect(await ask()).toEqual({ refused: 'AUTHORIZER_FAILURE', status: 500 })
    expect(lines).toEqual(['functions/authorizer.ts failed: TypeError'])
  })

  test.each([
    ['denies', [statement({ Effect: 'Deny' })]],
    ['denies what it also allows', [statement(), statement({ Effect: 'Deny' })]],
    ['allows something else', [statement({ Resource: `${ARN}/GET/fhir/Goal/*` })]],
    [
      'allows on a condition that nobody knows',
      [statement({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
    ],
    ['allows nothing', []],
  ])('that %s lets nobody in', async (_what, statements) => {
    expect(await setUp(() => answering(...statements)).ask()).toEqual(denied)
  })

  test('that allows until an instant lets in until then, also when its answer is remembered', async () => {
    const Condition = { DateLessThan: { 'aws:CurrentTime': '2026-11-23T12:00:30Z' } }
    const { ask, asked, pass } = setUp(() => answering(statement({ Condition })))
    expect(await ask()).toHaveProperty('context')
    pass(29)
    expect(await ask()).toHaveProperty('context')
    pass(1)
    expect(await ask()).toEqual(denied)
    expect(asked).toHaveLength(1)
  })
})
