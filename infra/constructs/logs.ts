import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/** How the log groups of a tenant are made: all encrypted with its key, kept as long as it says, and longer than the stack. */
export class Logs {
  private readonly key: IKey
  private readonly days: number

  constructor(key: IKey, days: number) {
    this.key = key
    this.days = days
  }

  /** @param prefix what the name begins with, where a service asks for that; names are CloudFormation's otherwise */
  create(scope: Construct, id: string, prefix?: string): LogGroup {
    return new LogGroup(scope, id, {
      ...(prefix && { logGroupName: `${prefix}${Stack.of(scope).stackName}` }),
      // `RetentionDays` is an enumeration of just these numbers.
      retention: this.days,
      encryptionKey: this.key,
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }
}
