/**
 * Stands for @aws-sdk/middleware-endpoint-discovery in the bundles. The client of DynamoDB still reads the setting for asking the service
 * which endpoint to use, but none of its commands asks: the cache that it would take, with collections of its own, need not be loaded at
 * each cold start.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html
 */
const never = (): boolean => false

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: never,
  configFileSelector: never,
  default: false,
}

export const resolveEndpointDiscoveryConfig = <Config extends object>(config: Config): Config =>
  Object.assign(config, { endpointDiscoveryEnabled: async () => false, isClientEndpointDiscoveryEnabled: false })
