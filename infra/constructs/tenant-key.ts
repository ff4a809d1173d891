import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'

/** What a service needs to keep something encrypted with the key; of a key policy `*` means the key itself. */
const forService = (service: string, actions: string[], conditions: Record<string, unknown>): PolicyStatement =>
  new PolicyStatement({ principals: [new ServicePrincipal(service)], actions, resources: ['*'], conditions })

/**
 * The tenant's key: everything that is kept is encrypted with it, so that without it nothing can be read. It outlives the stack; `npm run
 * tenant -- remove` schedules its deletion.
 */
export const createTenantKey = (scope: Construct, id: string): Key => {
  const stack = Stack.of(scope)
  const { partition, region, account } = stack
  const key = new Key(scope, id, {
    description: `All that ${stack.stackName} keeps`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
  const ours = { StringEquals: { 'aws:SourceAccount': account } }
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  key.addToResourcePolicy(
    forService(
      `logs.${region}.amazonaws.com`,
      ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` } },
    ),
  )
  // Rules put what they cannot deliver into encrypted queues: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
  key.addToResourcePolicy(forService('events.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey'], ours))
  // Alarms and the budget write to an encrypted topic: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
  for (const service of ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'])
    key.addToResourcePolicy(forService(service, ['kms:Decrypt', 'kms:GenerateDataKey'], ours))
  return key
}
