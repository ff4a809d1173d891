import { type ChildProcess, spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import type { FunctionBlueprint } from '../../local/blueprint.ts'
import type { FunctionHost } from '../../local/function-host.ts'
import { ACCOUNT, REGION } from '../../local/intrinsics.ts'
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts'

/** What AWS itself gives a function, pointed at this machine. */
export interface Surroundings {
  dynamodb: string
  eventbridge: string
}

interface Environment {
  api: RuntimeApi
  process: ChildProcess
}

const BOOTSTRAP = join(import.meta.dirname, 'bootstrap.mjs')

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reserved = ({ name, file, handler, memorySize }: FunctionBlueprint, { dynamodb, eventbridge }: Surroundings) => ({
  _HANDLER: `index.${handler}`,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
  AWS_ACCESS_KEY_ID: ACCOUNT,
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  LAMBDA_TASK_ROOT: dirname(file),
  TZ: ':UTC',
  AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
  AWS_ENDPOINT_URL_EVENTBRIDGE: eventbridge,
})

/** Each function in a process of its own, with nothing of ours but its bundle and its variables. */
export interface LambdaHost extends FunctionHost {
  /** Starts the function cold. @throws FunctionError when it cannot be loaded */
  start(functionArn: string, variables?: Record<string, string>): Promise<void>
}

export const createLambdaHost = (
  functions: ReadonlyMap<string, FunctionBlueprint>,
  surroundings: Surroundings,
): LambdaHost => {
  const environments = new Map<string, Promise<Environment>>()
  const find = (functionArn: string): FunctionBlueprint => {
    const blueprint = functions.get(functionArn)
    if (!blueprint) throw new Error(`the stack has no function ${functionArn}`)
    return blueprint
  }

  const launch = async (blueprint: FunctionBlueprint, variables = blueprint.environment): Promise<Environment> => {
    const api = await startRuntimeApi()
    const child = spawn(process.execPath, [BOOTSTRAP], {
      env: { ...variables, ...reserved(blueprint, surroundings), AWS_LAMBDA_RUNTIME_API: api.address },
      stdio: 'ignore',
    })
    child.once('exit', (code) => api.end(`the process of ${blueprint.name} ended with ${code}`))
    return { api, process: child }
  }

  const environmentOf = (functionArn: string, variables?: Record<string, string>): Promise<Environment> => {
    const known = environments.get(functionArn) ?? launch(find(functionArn), variables)
    environments.set(functionArn, known)
    return known
  }

  return {
    nameOf: (functionArn) => find(functionArn).name,
    async start(functionArn, variables) {
      const { api } = await environmentOf(functionArn, variables)
      await api.initialized
    },
    async invoke(functionArn, event) {
      const { api } = await environmentOf(functionArn)
      await api.initialized
      return api.invoke(event, functionArn, find(functionArn).timeoutSeconds)
    },
    async dispose() {
      for (const environment of environments.values()) {
        const { api, process: child } = await environment
        child.kill('SIGKILL')
        api.stop()
      }
      environments.clear()
    },
  }
}
