import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { TestAnswer, TestApi } from './api.ts'

/** What a token says, as the authorizer in front of the API would pass it on. */
export interface Token {
  scope?: string
  fhirUser?: string
  roles?: string
  patient?: string
  clientId?: string
}

/** Sends requests with a token; undefined: with none. */
export const callingWith =
  (api: TestApi, token: Token | undefined) =>
  <Body = Record<string, unknown>>(
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<TestAnswer<Body>> => {
    const path = `/fhir${url === '/' ? '' : url.split('?')[0]}`
    const requestContext = {
      path,
      ...(token && { authorizer: { clientId: 'app', ...token } }),
    } as unknown as APIGatewayProxyEvent['requestContext']
    return api.send<Body>(method, url, body, headers, { requestContext })
  }
