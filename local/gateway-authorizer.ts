import type { APIGatewayAuthorizerResult, APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import type { AuthorizerBlueprint } from './blueprint.ts'
import type { FunctionHost } from './function-host.ts'
import { ACCOUNT, REGION } from './intrinsics.ts'

/** What API Gateway finds out before it lets a request through: what to tell the function, or which of its own answers to give. */
export type Authorization =
  | { context: Readonly<Record<string, string>>; usageKey?: string }
  | { refused: 'UNAUTHORIZED' | 'ACCESS_DENIED' | 'AUTHORIZER_FAILURE'; status: number }

export type Authorize = (authorizer: AuthorizerBlueprint, event: APIGatewayProxyEvent) => Promise<Authorization>

const MOST_REMEMBERED = 1_000

type Statement = APIGatewayAuthorizerResult['policyDocument']['Statement'][number]

const asPattern = (resource: string): RegExp =>
  new RegExp(
    `^${resource
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )

/** The one condition that our authorizer makes; rather than to pass over another, nothing is let through. */
const holds = ({ Condition = {} }: Statement, now: number): boolean =>
  Object.entries(Condition).every(([operator, block]) => {
    const entries = Object.entries(block as Record<string, string>)
    return (
      operator === 'DateLessThan' &&
      entries.every(([key, value]) => key === 'aws:CurrentTime' && now < Date.parse(value))
    )
  })

/** Whether the policy lets a method be called: what it denies, it denies; what it does not allow, neither. */
const isAllowed = ({ policyDocument }: APIGatewayAuthorizerResult, methodArn: string, now: number): boolean => {
  const ofMethod = policyDocument.Statement.filter((statement) =>
    [(statement as { Resource?: string | string[] }).Resource ?? []]
      .flat()
      .some((one) => asPattern(one).test(methodArn)),
  )
  if (ofMethod.some(({ Effect }) => Effect === 'Deny')) return false
  return ofMethod.some((statement) => statement.Effect === 'Allow' && holds(statement, now))
}

/** API Gateway makes texts of what a context holds. */
const contextOf = ({ principalId, context }: APIGatewayAuthorizerResult): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...context, principalId }).map(([name, value]) => [name, String(value)]))

/** Asks Lambda authorizers as API Gateway does: not without the headers they want, and once for the same headers while it remembers. */
export const createAuthorize = (host: FunctionHost, now: () => number, log: (line: string) => void): Authorize => {
  const remembered = new Map<string, { result: APIGatewayAuthorizerResult; until: number }>()

  return async ({ functionArn, identityHeaders, remembersSeconds }, event) => {
    const identity = identityHeaders.map((wanted) => {
      const named = Object.entries(event.headers).find(([name]) => name.toLowerCase() === wanted.toLowerCase())
      return named?.[1] ?? ''
    })
    if (identity.includes('')) return { refused: 'UNAUTHORIZED', status: 401 }

    const { requestContext, body: _body, isBase64Encoded: _encoded, ...asked } = event
    const { apiId, stage } = requestContext
    const methodArn = `arn:aws:execute-api:${REGION}:${ACCOUNT}:${apiId}/${stage}/${event.httpMethod}${event.path}`
    const key = JSON.stringify([functionArn, ...identity])
    for (const [known, { until }] of remembered) if (until <= now()) remembered.delete(known)

    let result = remembered.get(key)?.result
    if (!result) {
      const request = {
        ...asked,
        type: 'REQUEST',
        methodArn,
        requestContext,
      } as unknown as APIGatewayRequestAuthorizerEvent
      try {
        result = (await host.invoke(functionArn, request)) as APIGatewayAuthorizerResult
      } catch (error) {
        if ((error as Error).message === 'Unauthorized') return { refused: 'UNAUTHORIZED', status: 401 }
        log(`${host.nameOf(functionArn)} failed: ${(error as Error).name}`)
        return { refused: 'AUTHORIZER_FAILURE', status: 500 }
      }
      if (remembered.size < MOST_REMEMBERED) remembered.set(key, { result, until: now() + remembersSeconds * 1_000 })
    }
    return isAllowed(result, methodArn, now())
      ? {
          context: contextOf(result),
          ...(typeof result.usageIdentifierKey === 'string' && { usageKey: result.usageIdentifierKey }),
        }
      : { refused: 'ACCESS_DENIED', status: 403 }
  }
}
