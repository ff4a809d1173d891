import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { DynamoDBStreamHandler } from 'aws-lambda'
import { clientSettingsFromEnvironment } from '../../lib/client-settings.ts'
import { publish } from '../../lib/events/publish.ts'
import { tenantFromEnvironment, variable } from '../../lib/variables.ts'

const bus = {
  client: new EventBridgeClient(clientSettingsFromEnvironment()),
  busName: variable('BUS_NAME'),
  tenant: tenantFromEnvironment(),
}

/** From the stream of the table to the bus. */
export const handler: DynamoDBStreamHandler = ({ Records }) => publish(Records, bus)
