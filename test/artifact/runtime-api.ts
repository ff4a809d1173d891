import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** What a function said that it failed with. */
export class FunctionError extends Error {
  readonly errorType: string
  constructor({ errorType, errorMessage }: { errorType: string; errorMessage: string }) {
    super(errorMessage)
    this.name = errorType
    this.errorType = errorType
  }
}

/** The other side of Lambda's runtime API, for one execution environment. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export interface RuntimeApi {
  /** for AWS_LAMBDA_RUNTIME_API */
  address: string
  /** Resolves when the function asks for its first event. @throws FunctionError when it could not be loaded */
  initialized: Promise<void>
  /** Gives the function an event. @throws FunctionError when its handler throws */
  invoke(event: unknown, functionArn: string, timeoutSeconds: number): Promise<unknown>
  /** Fails whatever waits. */
  end(reason: string): void
  stop(): void
}

const PREFIX = '/2018-06-01/runtime'

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

export const startRuntimeApi = async (): Promise<RuntimeApi> => {
  const initialized = Promise.withResolvers<void>()
  initialized.promise.catch(() => undefined)
  const answers = new Map<string, PromiseWithResolvers<unknown>>()
  const events: { id: string; event: unknown; headers: Record<string, string> }[] = []
  let waiting: ServerResponse | undefined

  const give = (): void => {
    const next = waiting && events.shift()
    if (!next) return
    waiting!.writeHead(200, { 'Content-Type': 'application/json', ...next.headers }).end(JSON.stringify(next.event))
    waiting = undefined
  }

  const server = createServer(async (request, response) => {
    const path = request.url?.startsWith(PREFIX) ? request.url.slice(PREFIX.length) : ''
    const accept = () => response.writeHead(202).end('{"status":"OK"}')
    if (request.method === 'GET' && path === '/invocation/next') {
      initialized.resolve()
      waiting = response
      return give()
    }
    const body = await bodyOf(request)
    if (path === '/init/error') {
      initialized.reject(new FunctionError(JSON.parse(body)))
      return accept()
    }
    const [, id = '', outcome] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? []
    const answer = answers.get(id)
    if (!answer) return response.writeHead(400).end()
    answers.delete(id)
    if (outcome === 'response') answer.resolve(JSON.parse(body))
    else answer.reject(new FunctionError(JSON.parse(body)))
    return accept()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }

  return {
    address: `127.0.0.1:${port}`,
    initialized: initialized.promise,
    invoke(event, functionArn, timeoutSeconds) {
      const id = randomUUID()
      const answer = Promise.withResolvers<unknown>()
      answers.set(id, answer)
      events.push({
        id,
        event,
        headers: {
          'Lambda-Runtime-Aws-Request-Id': id,
          'Lambda-Runtime-Deadline-Ms': String(Date.now() + timeoutSeconds * 1_000),
          'Lambda-Runtime-Invoked-Function-Arn': functionArn,
          'Lambda-Runtime-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0',
        },
      })
      give()
      return answer.promise
    },
    end(reason) {
      const error = new FunctionError({ errorType: 'Runtime.ExitError', errorMessage: reason })
      initialized.reject(error)
      for (const answer of answers.values()) answer.reject(error)
    },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
