import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'

const ROOT = join(import.meta.dirname, '..', '..')

/** What `npm start -- <args>` runs. */
const start = (args: string[], environment: NodeJS.ProcessEnv = {}): { child: ChildProcess; output: () => string } => {
  const { CARELOOP_DYNAMODB_ENDPOINT: _own, ...inherited } = process.env
  const child = spawn(process.execPath, ['local/setup.mjs', 'local/start.ts', ...args], {
    cwd: ROOT,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  return { child, output: () => text }
}

const ended = async (child: ChildProcess): Promise<number> => (await once(child, 'close'))[0] as number

const said = async (output: () => string, what: RegExp): Promise<RegExpExecArray> => {
  for (;;) {
    const match = what.exec(output())
    if (match) return match
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface Process {
  pid: number
  parent: number
  command: string
}

const descendants = (pid: number): Process[] => {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line): Process => {
      const [id, parent, ...command] = line.trim().split(/\s+/)
      return { pid: Number(id), parent: Number(parent), command: command.join(' ') }
    })
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)])
  return below(pid)
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Resolves when none of them is left; the test runs out of time when one stays. */
const gone = async (processes: readonly Process[]): Promise<void> => {
  while (processes.some(({ pid }) => isAlive(pid))) await new Promise((resolve) => setTimeout(resolve, 50))
}

describe('npm start', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'serves, says how, and leaves nothing running after %s',
    async (signal) => {
      const { child, output } = start(['--port', '0', '--in-memory', '--open'])
      const [, baseUrl] = await said(output, /ready at (http:\S+)/)
      expect(output()).toContain('OPEN MODE')
      expect(output()).toContain(`curl ${baseUrl}/metadata`)
      expect((await fetch(`${baseUrl}/metadata`)).status).toBe(200)

      const running = descendants(child.pid!)
      expect(running.map(({ command }) => command)).toContain('java')
      const end = ended(child)
      child.kill(signal)
      child.kill(signal)
      expect(await end).toBe(0)
      expect(running.filter(({ pid }) => isAlive(pid))).toEqual([])
    },
    60_000,
  )

  test('demands tokens unless it is open, and leaves nothing running when npm alone is ended', async () => {
    const { CARELOOP_DYNAMODB_ENDPOINT: _own, ...env } = process.env
    const npm = spawn('npm', ['start', '--', '--port', '0', '--in-memory'], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let text = ''
    npm.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    const [, baseUrl] = await said(() => text, /ready at (http:\S+)/)
    expect(await said(() => text, /npm run -s token -- --scope "system\/\*\.cruds" --port \d+/)).toBeTruthy()
    expect((await fetch(`${baseUrl}/Task`)).status).toBe(401)
    const running = descendants(npm.pid!)
    npm.kill('SIGTERM')
    await gone(running)
  }, 60_000)

  test('leaves no database behind even when it is killed', async () => {
    const { child, output } = start(['--port', '0', '--in-memory'])
    await said(output, /ready at/)
    const running = descendants(child.pid!)
    const runtime = running.find(({ parent }) => parent === child.pid)
    process.kill(runtime!.pid, 'SIGKILL')
    await gone(running)
  }, 60_000)

  test('stops cleanly when the signal comes before it is ready', async () => {
    const { child } = start(['--port', '0', '--in-memory'])
    const running = await new Promise<Process[]>((resolve) => {
      const look = setInterval(() => {
        const found = descendants(child.pid!)
        if (!found.some(({ command }) => command === 'java')) return
        clearInterval(look)
        resolve(found)
      }, 50)
    })
    const end = ended(child)
    child.kill('SIGINT')
    await end
    expect(running.filter(({ pid }) => isAlive(pid))).toEqual([])
  }, 60_000)

  test.each([
    [['--prot', '3000'], /--prot/],
    [['extra'], /extra/],
    [['--port', 'http'], /--port must be a number/],
    [['--clock', 'noon'], /--clock must be an instant with an offset/],
    [['--tenant', 'nowhere'], /no tenant "nowhere"/],
  ])('refuses %j with a reason', async (args, reason) => {
    const { child, output } = start(args)
    expect(await ended(child)).toBe(1)
    expect(output()).toMatch(reason)
    expect(output()).not.toMatch(/\n\s+at /)
  })

  test('names a port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const { child, output } = start(['--port', String(port), '--in-memory'])
    expect(await ended(child)).toBe(1)
    expect(output()).toContain(`Port ${port} of 127.0.0.1 is in use`)
    server.close()
  })

  test('without Java says what to install', async () => {
    const { child, output } = start(['--port', '0', '--in-memory'], { PATH: '/nowhere' })
    expect(await ended(child)).toBe(1)
    expect(output()).toContain('needs Java 17 or later')
    expect(output()).not.toMatch(/\n\s+at /)
  })
})
