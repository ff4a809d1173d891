import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'

/**
 * DynamoDB Local that keeps data on a disk syncs the disk for every single item of a BatchWriteItem, and once for a
 * TransactWriteItems, whatever its size. This stands before it and makes the one of the other; all else goes through as it is. A
 * transaction does all that a batch promises, and more.
 */
export interface BatchWrites {
  endpoint: string
  stop(): Promise<void>
}

const BATCH = 'DynamoDB_20120810.BatchWriteItem'
const TRANSACTION = 'DynamoDB_20120810.TransactWriteItems'
const TARGET = 'x-amz-target'

interface BatchWrite {
  RequestItems: Record<string, { PutRequest?: { Item: unknown }; DeleteRequest?: { Key: unknown } }[]>
  ReturnConsumedCapacity?: string
}

const transactionOf = ({ RequestItems }: BatchWrite): string =>
  JSON.stringify({
    TransactItems: Object.entries(RequestItems).flatMap(([TableName, requests]) =>
      requests.map(({ PutRequest, DeleteRequest }) =>
        PutRequest ? { Put: { TableName, ...PutRequest } } : { Delete: { TableName, ...DeleteRequest } },
      ),
    ),
  })

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Starts on a free port of the loopback interface, before the DynamoDB Local at `endpoint`. */
export const startBatchWrites = async (endpoint: string): Promise<BatchWrites> => {
  const agent = new Agent({ keepAlive: true })

  const send = async (headers: IncomingHttpHeaders, body: Buffer | string): Promise<IncomingMessage> => {
    const { 'transfer-encoding': _chunked, ...rest } = headers
    const sent = request(endpoint, {
      agent,
      method: 'POST',
      headers: { ...rest, 'content-length': Buffer.byteLength(body) },
    })
    sent.end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return answer
  }

  const answer = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(asked)
    if (asked.headers[TARGET] === BATCH) {
      const written = await send(
        { ...asked.headers, [TARGET]: TRANSACTION },
        transactionOf(JSON.parse(body.toString())),
      )
      if (written.statusCode === 200) {
        written.resume()
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"UnprocessedItems":{}}')
        return
      }
      // Refused, as when another transaction holds an item: then the batch says so itself.
      written.resume()
    }
    const passed = await send(asked.headers, body)
    response.writeHead(passed.statusCode ?? 502, passed.headers)
    passed.pipe(response)
  }

  const server = createServer((asked, response) => {
    // The SDK tries again when a connection is lost.
    answer(asked, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
      agent.destroy()
    },
  }
}
