import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { TestAnswer, TestApi } from './api.ts'

/** Sends requests in the name of somebody, as the authorizer in front of the API would have it. */
export const callingAs =
  (api: TestApi, fhirUser: string | undefined, roles?: string) =>
  <Body = Record<string, unknown>>(
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<TestAnswer<Body>> => {
    const path = `/fhir${url === '/' ? '' : url.split('?')[0]}`
    const requestContext = {
      path,
      authorizer: { fhirUser, roles },
    } as unknown as APIGatewayProxyEvent['requestContext']
    return api.send<Body>(method, url, body, headers, { requestContext })
  }
