import { Duration, Stack } from 'aws-cdk-lib'
import { CfnArchive, EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { FilterCriteria, FilterRule, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { DeadLetters } from './dead-letters.ts'
import type { Handlers } from './handler.ts'
import type { Storage } from './storage.ts'

/** Which events a function gets; declared in lib/events/rules.ts. */
export interface RuleDeclaration {
  /** what the rule does, such as `encounter-discharged` */
  readonly name: string
  readonly pattern: object
  /** path of the function below `functions/`, without `.ts` */
  readonly target: string
}

export interface EventsProps {
  readonly handlers: Handlers
  readonly storage: Storage
  readonly rules: readonly RuleDeclaration[]
  /** How long the archive keeps events for a replay. */
  readonly archiveDays: number
}

export const PUBLISH = 'stream/publish'

/** How long a consumer is tried before its event goes to the dead letters: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const INVOCATION_RETRIES = 2
const LONGEST_DELIVERY = Duration.hours(6)

/** `fn` as the target of a rule: tried again, then put with the dead letters, never lost. */
export const reliableTarget = (fn: IFunction, { queue }: DeadLetters): LambdaTarget =>
  new LambdaTarget(fn, { deadLetterQueue: queue, maxEventAge: LONGEST_DELIVERY, retryAttempts: 185 })

/** The function of an asynchronous invocation, with what happens when it throws. */
export const retryInvocations = (fn: IFunction, deadLetters: DeadLetters): void =>
  fn.configureAsyncInvoke({
    retryAttempts: INVOCATION_RETRIES,
    maxEventAge: LONGEST_DELIVERY,
    onFailure: deadLetters.of(fn),
  })

const FIELDS: Readonly<Record<string, keyof EventPattern>> = {
  source: 'source',
  'detail-type': 'detailType',
  detail: 'detail',
  resources: 'resources',
}

const eventPattern = ({ name, pattern }: RuleDeclaration): EventPattern =>
  Object.fromEntries(
    Object.entries(pattern).map(([field, value]) => {
      const known = FIELDS[field]
      if (!known)
        throw new Error(
          `lib/events/rules.ts, rule ${name}: "${field}" is no field to match; use ${Object.keys(FIELDS).join(', ')}`,
        )
      return [known, value]
    }),
  )

/** From a committed write to the functions that act on it: the table's stream, the publisher, the tenant's bus and its rules. */
export class Events extends Construct {
  readonly bus: EventBus
  private readonly busName = Stack.of(this).stackName
  /** where events and records wait that could not be delivered or processed, by what happened to them */
  readonly deadLetters: Readonly<Record<'UnpublishedRecords' | 'UnprocessedEvents' | 'UndeliveredEvents', DeadLetters>>

  constructor(scope: Construct, id: string, props: EventsProps) {
    super(scope, id)
    const { key } = props.storage
    this.deadLetters = {
      UnpublishedRecords: new DeadLetters(this, 'UnpublishedRecords', key),
      UnprocessedEvents: new DeadLetters(this, 'UnprocessedEvents', key),
      UndeliveredEvents: new DeadLetters(this, 'UndeliveredEvents', key),
    }
    const { queue } = this.deadLetters.UndeliveredEvents
    this.bus = new EventBus(this, 'Bus', { eventBusName: this.busName, kmsKey: key, deadLetterQueue: queue })
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': this.bus.eventBusArn } },
      }),
    )
    this.archive(props)
    this.publish(props)
    this.route(props)
  }

  /** Not CDK's own archive, whose key policy would wait for the bus while the bus waits for the key. */
  private archive({ storage, archiveDays }: EventsProps): void {
    // By its name, which is known beforehand.
    const busArn = Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: this.busName })
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
    storage.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*'],
        resources: ['*'],
        conditions: { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': busArn } },
      }),
    )
    new CfnArchive(this, 'Archive', {
      sourceArn: this.bus.eventBusArn,
      description: 'All events, for a replay',
      eventPattern: { source: [{ prefix: '' }] },
      retentionDays: archiveDays,
      kmsKeyIdentifier: storage.key.keyArn,
    })
  }

  private publish({ handlers, storage }: EventsProps): void {
    const publisher = handlers.named(PUBLISH, 'the stream of the table')
    publisher.addEnvironment('BUS_NAME', this.bus.eventBusName)
    this.bus.grantPutEventsTo(publisher)
    storage.grantStream(publisher)
    publisher.addEventSourceMapping('Stream', {
      eventSourceArn: storage.table.tableStreamArn!,
      // From the oldest record on: what was written before the mapping came to be is published too.
      startingPosition: StartingPosition.TRIM_HORIZON,
      // Nothing follows from a record: an AuditEvent for each request would wake the function for nothing.
      filters: [
        FilterCriteria.filter({
          dynamodb: {
            Keys: { sk: { S: FilterRule.isEqual('current') } },
            NewImage: { record: { BOOL: FilterRule.notExists() } },
          },
        }),
      ],
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(0),
      parallelizationFactor: 2,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      onFailure: this.deadLetters.UnpublishedRecords.of(publisher),
    })
  }

  private route({ handlers, storage, rules }: EventsProps): void {
    const deadLetters = this.deadLetters.UnprocessedEvents
    const consumers = new Map<string, IFunction>()
    for (const rule of rules) {
      const consumer = handlers.named(rule.target, `lib/events/rules.ts, rule ${rule.name},`)
      consumers.set(rule.target, consumer)
      new Rule(this, rule.name, {
        description: rule.name,
        eventBus: this.bus,
        eventPattern: eventPattern(rule),
        targets: [reliableTarget(consumer, deadLetters)],
      })
    }
    for (const [name, consumer] of consumers) {
      storage.grantReadWrite(name, consumer)
      retryInvocations(consumer, deadLetters)
    }
  }
}
