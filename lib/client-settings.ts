import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'

const nothing = (): void => undefined

/** Hears no `info` and no `error`, for which the SDK would walk through all that goes in and out of each call; the two it calls unasked do nothing. */
const logger = { debug: nothing, warn: nothing } as unknown as NonNullable<DynamoDBClientConfig['logger']>

/** What DynamoDB Local wants to see: whose table it is. It never looks at the signature. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none'

const unsigned: DynamoDBClientConfig['signer'] = {
  async sign(request) {
    request.headers.authorization = AUTHORIZATION
    return request
  },
}

/**
 * What every client of the AWS SDK is made with.
 * @param isLocal the other side runs on this machine: signing what nobody checks would be half of what a call costs
 */
export const clientSettings = (isLocal: boolean): Pick<DynamoDBClientConfig, 'logger' | 'signer'> => ({
  logger,
  ...(isLocal && { signer: unsigned }),
})

/** The same for a function. `UNSIGNED` is set by the one-machine runtime alone: no stack has it. */
export const clientSettingsFromEnvironment = (): ReturnType<typeof clientSettings> =>
  clientSettings(process.env.UNSIGNED === 'true')
