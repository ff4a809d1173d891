// What Lambda's own runtime for Node.js does, as far as its API says: loads the handler, then asks for one event after the other.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER } = process.env
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`

const post = (path, body, headers) =>
  fetch(`${api}/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  })

const failure = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: error?.message ?? String(error),
  stackTrace: String(error?.stack ?? '')
    .split('\n')
    .slice(1),
})

const load = async () => {
  const [file, name] = _HANDLER.split('.')
  const module = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${file}.mjs`)).href)
  if (typeof module[name] !== 'function') throw new Error(`${_HANDLER} is undefined or not exported`)
  return module[name]
}

const contextOf = (headers) => ({
  awsRequestId: headers.get('lambda-runtime-aws-request-id'),
  invokedFunctionArn: headers.get('lambda-runtime-invoked-function-arn'),
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  getRemainingTimeInMillis: () => Math.max(0, Number(headers.get('lambda-runtime-deadline-ms')) - Date.now()),
  callbackWaitsForEmptyEventLoop: true,
})

let handler
try {
  handler = await load()
} catch (error) {
  await post('init/error', failure(error), { 'Lambda-Runtime-Function-Error-Type': `Runtime.${error?.name}` })
  process.exit(1)
}
for (;;) {
  const next = await fetch(`${api}/invocation/next`)
  const context = contextOf(next.headers)
  try {
    await post(`invocation/${context.awsRequestId}/response`, (await handler(await next.json(), context)) ?? null)
  } catch (error) {
    await post(`invocation/${context.awsRequestId}/error`, failure(error), {
      'Lambda-Runtime-Function-Error-Type': error?.name ?? 'Error',
    })
  }
}
