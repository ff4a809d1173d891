import { ApiKey, type RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Construct } from 'constructs'
import { shareKeys } from '../../lib/security/token/client-share.ts'
import type { Throttling } from '../deployment.ts'

export interface ClientSharesProps {
  readonly tenant: string
  readonly restApi: RestApi
  readonly throttling: Throttling
}

/** What each client may ask for at most, so that one that asks for too much leaves the others theirs. docs/adr/0009-throttling-by-client.md */
export class ClientShares extends Construct {
  constructor(scope: Construct, id: string, { tenant, restApi, throttling }: ClientSharesProps) {
    super(scope, id)
    const plan = restApi.addUsagePlan('ClientShares', {
      apiStages: [{ api: restApi, stage: restApi.deploymentStage }],
      throttle: { rateLimit: throttling.requestsPerClient, burstLimit: throttling.burstPerClient },
    })
    for (const value of shareKeys(tenant)) plan.addApiKey(new ApiKey(this, value, { value }))
  }
}
