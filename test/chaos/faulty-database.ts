import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../simulate/random.ts'
import { doubled, type StreamRecord, shuffledBetweenItems } from './stream-records.ts'

/** What a database does to those who use it; all of it may happen to a client of DynamoDB. */
export const FAULTS = {
  throttled: 'refused with ProvisionedThroughputExceededException or ThrottlingException',
  failed: 'InternalServerError before anything was done',
  'failed after': 'InternalServerError after all was done',
  'request lost': 'connection dropped before anything was done',
  'answer lost': 'connection dropped after all was done',
  late: 'connection dropped, and done behind the back of whoever tried again',
  delayed: 'answered late',
  unprocessed: 'part of a batch left undone',
  conflict: 'refused because of a transaction on the same item',
  doubled: 'records of the stream delivered twice',
  reordered: 'records of the stream in another order, that of each item kept',
} as const

export type Fault = keyof typeof FAULTS

/** A DynamoDB that can be made to misbehave. */
export interface FaultyDatabase {
  endpoint: string
  /** The share of requests that something happens to, from 0 to 1. */
  severity: number
  requests: number
  readonly faults: ReadonlyMap<Fault, number>
  /** Resolves when nothing is under way that nobody waits for. */
  quiet(): Promise<void>
  stop(): Promise<void>
}

interface Answer {
  status: number
  body: string
}

const ANYTIME: readonly Fault[] = [
  ...(['throttled', 'failed', 'failed after', 'request lost', 'answer lost', 'late', 'delayed'] as const),
]

/** What else may happen to an operation. */
const BESIDES: Readonly<Record<string, readonly Fault[]>> = {
  BatchWriteItem: ['unprocessed', 'unprocessed'],
  BatchGetItem: ['unprocessed', 'unprocessed'],
  TransactWriteItems: ['conflict', 'conflict'],
  PutItem: ['conflict'],
  DeleteItem: ['conflict'],
}

/** Who administers a table tries again by hand. */
const SPARED = ['CreateTable', 'DescribeTable', 'DeleteTable']
const LONGEST_DELAY_MS = 1_500
const MODEL = 'com.amazonaws.dynamodb.v20120810#'
const STREAM_CHANCE = 0.4

const refusal = (name: string, more: object = {}): Answer => ({
  status: 400,
  body: JSON.stringify({ __type: `${MODEL}${name}`, message: 'injected', ...more }),
})
const FAILED: Answer = {
  status: 500,
  body: JSON.stringify({ __type: `${MODEL}InternalServerError`, message: 'injected' }),
}

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

interface Batch {
  RequestItems: Record<string, unknown>
}

/** Parts a batch in what is done and what is left. */
const parted = <T>(random: Random, all: readonly T[]): [T[], T[]] => {
  const done = random.between(0, all.length - 1)
  const order = random.shuffled(all)
  return [order.slice(0, done), order.slice(done)]
}

/** Starts on a free port of the loopback interface, before the DynamoDB at `database`; spares everybody until it has a severity. */
export const startFaultyDatabase = async (database: string, random: Random): Promise<FaultyDatabase> => {
  const faults = new Map<Fault, number>()
  const unattended = new Set<Promise<unknown>>()

  const forward = async (headers: IncomingMessage['headers'], body: string): Promise<Answer> => {
    const passed = ['x-amz-target', 'authorization', 'x-amz-date', 'content-type'] as const
    const answer = await fetch(database, {
      method: 'POST',
      headers: Object.fromEntries(passed.map((name) => [name, String(headers[name] ?? '')])),
      body,
    })
    return { status: answer.status, body: await answer.text() }
  }

  /** A batch of which only a part is done, and that it says so. */
  const inPart = async (operation: string, headers: IncomingMessage['headers'], body: string): Promise<Answer> => {
    const request = JSON.parse(body) as Batch
    const [table = ''] = Object.keys(request.RequestItems)
    const isWrite = operation === 'BatchWriteItem'
    const asked: unknown = request.RequestItems[table]
    const [done, left] = parted(random, isWrite ? (asked as unknown[]) : (asked as { Keys: unknown[] }).Keys)
    const of = (part: unknown[]) => ({ [table]: isWrite ? part : { ...(asked as object), Keys: part } })
    const answer: Answer = done.length
      ? await forward(headers, JSON.stringify({ ...request, RequestItems: of(done) }))
      : { status: 200, body: isWrite ? '{}' : JSON.stringify({ Responses: { [table]: [] } }) }
    if (answer.status !== 200) return answer
    const undone = { [isWrite ? 'UnprocessedItems' : 'UnprocessedKeys']: of(left) }
    return { status: 200, body: JSON.stringify({ ...JSON.parse(answer.body), ...undone }) }
  }

  const conflict = (operation: string, body: string): Answer => {
    if (operation !== 'TransactWriteItems') return refusal('TransactionConflictException')
    const { TransactItems } = JSON.parse(body) as { TransactItems: unknown[] }
    const at = random.between(0, TransactItems.length - 1)
    const CancellationReasons = TransactItems.map((_, n) => ({ Code: n === at ? 'TransactionConflict' : 'None' }))
    return refusal('TransactionCanceledException', { CancellationReasons })
  }

  const later = (work: () => Promise<unknown>): void => {
    const done = delay(random.between(0, LONGEST_DELAY_MS)).then(work, undefined)
    const watched = done.catch(() => undefined).finally(() => unattended.delete(watched))
    unattended.add(watched)
  }

  /** @returns undefined: the connection is dropped */
  const suffer = async (
    fault: Fault,
    operation: string,
    { headers }: IncomingMessage,
    body: string,
  ): Promise<Answer | undefined> => {
    if (fault === 'throttled')
      return refusal(random.chance(0.5) ? 'ProvisionedThroughputExceededException' : 'ThrottlingException')
    if (fault === 'failed') return FAILED
    if (fault === 'request lost') return undefined
    if (fault === 'unprocessed') return inPart(operation, headers, body)
    if (fault === 'conflict') return conflict(operation, body)
    if (fault === 'late') {
      later(() => forward(headers, body))
      return undefined
    }
    if (fault === 'delayed') await delay(random.between(0, LONGEST_DELAY_MS))
    const answer = await forward(headers, body)
    if (fault === 'failed after') return FAILED
    return fault === 'answer lost' ? undefined : answer
  }

  const count = (fault: Fault) => faults.set(fault, (faults.get(fault) ?? 0) + 1)

  /** The records of the stream as a worse one would give them. */
  const disturbed = ({ status, body }: Answer): Answer => {
    const page = JSON.parse(body) as { Records?: StreamRecord[] }
    if (status !== 200 || !page.Records?.length) return { status, body }
    let records = page.Records
    if (random.chance(STREAM_CHANCE)) {
      records = shuffledBetweenItems(random, records)
      count('reordered')
    }
    if (random.chance(STREAM_CHANCE)) {
      records = doubled(random, records)
      count('doubled')
    }
    return { status, body: JSON.stringify({ ...page, Records: records }) }
  }

  const answer = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(asked)
    const operation = String(asked.headers['x-amz-target']).split('.')[1] ?? ''
    faulty.requests += 1
    const isSpared = SPARED.includes(operation) || !random.chance(faulty.severity)
    let given: Answer | undefined
    if (isSpared) given = await forward(asked.headers, body)
    else {
      const fault = random.pick([...ANYTIME, ...(BESIDES[operation] ?? [])])
      count(fault)
      given = await suffer(fault, operation, asked, body)
    }
    if (given && operation === 'GetRecords' && faulty.severity > 0) given = disturbed(given)
    if (given) response.writeHead(given.status, { 'content-type': 'application/x-amz-json-1.0' }).end(given.body)
    else response.destroy()
  }

  const server = createServer((asked, response) => {
    answer(asked, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }

  const faulty: FaultyDatabase = {
    endpoint: `http://127.0.0.1:${port}`,
    severity: 0,
    requests: 0,
    faults,
    async quiet() {
      while (unattended.size) await Promise.all(unattended)
    },
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
  return faulty
}
