import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { Caller } from '../interactions/interaction.ts'

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

const listOf = (value: unknown): string[] =>
  textOf(value)
    .split(/[\s,]+/)
    .filter(Boolean)

/**
 * Who asks, as the authorizer in front of the API says: `fhirUser` (a reference or an absolute URL), `roles` (parted by spaces or commas),
 * `clientId`, `scope` (parted by spaces), `patient` (an id), `tokenId` and `purposeOfUse`. Never from a header: those are the client's.
 * Undefined for a request that no authorizer looked at.
 */
export const callerOf = (
  { requestContext }: Pick<APIGatewayProxyEvent, 'requestContext'>,
  baseUrl: string,
): Caller | undefined => {
  const said = requestContext?.authorizer ?? {}
  const user = textOf(said.fhirUser)
  const reference = user.startsWith(`${baseUrl}/`) ? user.slice(baseUrl.length + 1) : user
  const named = listOf(said.roles)
  const patient = textOf(said.patient).replace(/^Patient\//, '')
  const texts = { clientId: textOf(said.clientId), patient, tokenId: textOf(said.tokenId) }
  const purposeOfUse = textOf(said.purposeOfUse)
  const caller: Caller = {
    ...(reference && { reference }),
    ...(named.length && { roles: named }),
    // Granted none is not the same as nobody having said.
    ...(typeof said.scope === 'string' && { scopes: said.scope.split(' ').filter(Boolean) }),
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text)),
    ...(purposeOfUse && { purposeOfUse }),
  }
  return Object.keys(caller).length ? caller : undefined
}
