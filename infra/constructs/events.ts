import { Duration } from 'aws-cdk-lib'
import { Archive, EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { FilterCriteria, FilterRule, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
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
  /** How long the archive keeps events for a replay. @default 1 year */
  readonly archiveFor?: Duration
}

export const PUBLISH = 'stream/publish'

/** How long a consumer is tried before its event goes to the dead letters: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const INVOCATION_RETRIES = 2
const LONGEST_DELIVERY = Duration.hours(6)

/** A queue for what could not be processed, kept as long as SQS can. */
export const deadLetterQueue = (scope: Construct, id: string): Queue =>
  new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  })

/** `fn` as the target of a rule: tried again, then put with the dead letters, never lost. */
export const reliableTarget = (fn: IFunction, deadLetters: Queue): LambdaTarget =>
  new LambdaTarget(fn, { deadLetterQueue: deadLetters, maxEventAge: LONGEST_DELIVERY, retryAttempts: 185 })

/** The function of an asynchronous invocation, with what happens when it throws. */
export const retryInvocations = (fn: IFunction, deadLetters: Queue): void =>
  fn.configureAsyncInvoke({
    retryAttempts: INVOCATION_RETRIES,
    maxEventAge: LONGEST_DELIVERY,
    onFailure: new SqsDestination(deadLetters),
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

  constructor(scope: Construct, id: string, props: EventsProps) {
    super(scope, id)
    this.bus = new EventBus(this, 'Bus')
    new Archive(this, 'Archive', {
      sourceEventBus: this.bus,
      description: 'All events, for a replay',
      eventPattern: { source: [{ prefix: '' }] as unknown as string[] },
      retention: props.archiveFor ?? Duration.days(365),
    })
    this.publish(props)
    this.route(props)
  }

  private publish({ handlers, storage }: EventsProps): void {
    const publisher = handlers.named(PUBLISH, 'the stream of the table')
    publisher.addEnvironment('BUS_NAME', this.bus.eventBusName)
    this.bus.grantPutEventsTo(publisher)
    publisher.addEventSource(
      new DynamoEventSource(storage.table, {
        // From the oldest record on: what was written before the mapping came to be is published too.
        startingPosition: StartingPosition.TRIM_HORIZON,
        filters: [FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: FilterRule.isEqual('current') } } } })],
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(0),
        parallelizationFactor: 2,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 10,
        onFailure: new SqsDlq(deadLetterQueue(this, 'UnpublishedRecords')),
      }),
    )
  }

  private route({ handlers, storage, rules }: EventsProps): void {
    const deadLetters = deadLetterQueue(this, 'UnprocessedEvents')
    const consumers = new Set<IFunction>()
    for (const rule of rules) {
      const consumer = handlers.named(rule.target, `lib/events/rules.ts, rule ${rule.name},`)
      consumers.add(consumer)
      new Rule(this, rule.name, {
        description: rule.name,
        eventBus: this.bus,
        eventPattern: eventPattern(rule),
        targets: [reliableTarget(consumer, deadLetters)],
      })
    }
    for (const consumer of consumers) {
      storage.grantReadWrite(consumer)
      retryInvocations(consumer, deadLetters)
    }
  }
}
