import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { Caller } from '../interactions/interaction.ts'

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/**
 * Who asks, as the authorizer in front of the API says (`fhirUser`, a reference or an absolute URL; `roles`, parted by spaces or commas).
 * Never from a header: those are the client's. Undefined for a request that no authorizer looked at.
 */
export const callerOf = (
  { requestContext }: Pick<APIGatewayProxyEvent, 'requestContext'>,
  baseUrl: string,
): Caller | undefined => {
  const { fhirUser, roles } = requestContext?.authorizer ?? {}
  const user = textOf(fhirUser)
  const reference = user.startsWith(`${baseUrl}/`) ? user.slice(baseUrl.length + 1) : user
  const named = textOf(roles)
    .split(/[\s,]+/)
    .filter(Boolean)
  if (!reference && !named.length) return undefined
  return { ...(reference && { reference }), ...(named.length && { roles: named }) }
}
