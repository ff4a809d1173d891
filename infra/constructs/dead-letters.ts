import { Duration } from 'aws-cdk-lib'
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { allow, allowKey } from './permissions.ts'

/** A queue for what could not be delivered or processed, kept as long as SQS can. */
export class DeadLetters extends Construct {
  readonly queue: Queue
  private readonly key: Key

  constructor(scope: Construct, id: string, key: Key) {
    super(scope, id)
    this.key = key
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
  }

  /** Where Lambda puts what `fn` gave up, in the name of `fn`; unlike CDK's own destination it grants no more than that takes. */
  of(fn: IFunction): { bind(): { destination: string } } {
    allow(fn, ['sqs:SendMessage'], this.queue.queueArn)
    allowKey(fn, this.key.keyArn, 'sqs', ['kms:Decrypt', 'kms:GenerateDataKey'])
    return { bind: () => ({ destination: this.queue.queueArn }) }
  }
}
