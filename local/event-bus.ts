import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { EventBridgeEvent } from 'aws-lambda'
import type { Clock } from '../lib/clock.ts'
import type { AsyncInvocations } from './async-invocations.ts'
import type { Blueprint } from './blueprint.ts'
import { eventMatcher, type Matcher } from './event-pattern.ts'
import { ACCOUNT, REGION } from './intrinsics.ts'

/** Event buses with their rules, behind EventBridge's own protocol. */
export interface EventBus {
  /** for AWS_ENDPOINT_URL_EVENTBRIDGE */
  endpoint: string
  stop(): Promise<void>
}

export interface EventBusOptions {
  blueprint: Pick<Blueprint, 'rules' | 'functions'>
  /** set once the functions are loaded, which need this endpoint to load */
  invocations: () => AsyncInvocations
  clock: Clock
}

interface Entry {
  EventBusName?: string
  Source?: string
  DetailType?: string
  Detail?: string
  Time?: number
  Resources?: string[]
}

interface BusRule {
  name: string
  bus: string
  matches: Matcher
  targets: readonly { functionArn: string; retries: number }[]
}

const TARGET = 'AWSEvents.PutEvents'
const MOST_ENTRIES = 10
const MOST_BYTES = 262_144

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const rulesOf = ({ rules, functions }: EventBusOptions['blueprint']): BusRule[] =>
  rules.flatMap(({ name, bus, pattern, functionArns }) => {
    if (bus === undefined || pattern === undefined) return []
    const targets = functionArns.map((functionArn) => ({
      functionArn,
      retries: functions.get(functionArn)?.asyncRetries ?? 0,
    }))
    return [{ name, bus, matches: eventMatcher(pattern), targets }]
  })

/** Why EventBridge would refuse an entry: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const refusal = (entry: Entry): { ErrorCode: string; ErrorMessage: string } | undefined => {
  for (const field of ['Source', 'DetailType', 'Detail'] as const)
    if (!entry[field])
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${field} is not valid. Reason: ${field} is a required argument.`,
      }
  try {
    JSON.parse(entry.Detail ?? '')
  } catch {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
  }
  return undefined
}

/** Starts the buses on a free port of the loopback interface. @throws Error when a rule's pattern is beyond local/event-pattern.ts */
export const startEventBus = async ({ blueprint, invocations, clock }: EventBusOptions): Promise<EventBus> => {
  const rules = rulesOf(blueprint)

  const deliver = (entry: Entry): { EventId: string } => {
    const event: EventBridgeEvent<string, unknown> = {
      version: '0',
      id: randomUUID(),
      'detail-type': entry.DetailType ?? '',
      source: entry.Source ?? '',
      account: ACCOUNT,
      // EventBridge gives whole seconds.
      time: (entry.Time ? new Date(entry.Time * 1000).toISOString() : clock.now()).replace(/\.\d+Z$/, 'Z'),
      region: REGION,
      resources: entry.Resources ?? [],
      detail: JSON.parse(entry.Detail ?? '{}') as unknown,
    }
    const bus = entry.EventBusName ?? 'default'
    for (const { name, targets } of rules.filter((rule) => rule.bus === bus && rule.matches(event)))
      for (const { functionArn, retries } of targets)
        invocations().enqueue({ functionArn, event, about: `rule ${name}, event ${event.id}`, retries })
    return { EventId: event.id }
  }

  const putEvents = (body: string): { status: number; answer: unknown } => {
    const invalid = (message: string) => ({ status: 400, answer: { __type: 'ValidationException', message } })
    const { Entries = [] } = JSON.parse(body) as { Entries?: Entry[] }
    if (!Entries.length || Entries.length > MOST_ENTRIES) return invalid(`1 to ${MOST_ENTRIES} entries are allowed`)
    if (Buffer.byteLength(body) > MOST_BYTES)
      return invalid('Total size of the entries in the request is over the limit.')
    const results = Entries.map((entry) => refusal(entry) ?? deliver(entry))
    return {
      status: 200,
      answer: { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results },
    }
  }

  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target']
    const body = await readBody(request)
    const { status, answer } =
      target === TARGET
        ? putEvents(body)
        : { status: 400, answer: { __type: 'UnknownOperationException', message: `only ${TARGET} is here` } }
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }

  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
