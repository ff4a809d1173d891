import { spawn } from 'node:child_process'

/** A command and its arguments; no shell reads it. */
export type Command = readonly [program: string, ...args: string[]]

/** What the commands of `npm run tenant` need of the machine; a dry run and the tests have others. */
export interface Shell {
  /** Runs it with the terminal's input and output. @throws CommandFailed */
  run(command: Command): Promise<void>
  /** Runs it and gives the JSON that it prints. @throws CommandFailed */
  read(command: Command): Promise<unknown>
  say(line: string): void
  wait(milliseconds: number): Promise<void>
}

/** A command did not work; what it had to say it has said. */
export class CommandFailed extends Error {
  constructor(command: Command, why: string) {
    super(`${textOf(command)}: ${why}`)
    this.name = 'CommandFailed'
  }
}

const NEEDS_QUOTES = /[^\w@%+=:,./<>-]/

/** As one would type it. */
export const textOf = (command: Command): string =>
  command.map((part) => (NEEDS_QUOTES.test(part) ? `'${part.replaceAll("'", `'\\''`)}'` : part)).join(' ')

const execute = async (command: Command, keepOutput: boolean): Promise<string> => {
  const [program, ...args] = command
  const child = spawn(program, args, { stdio: ['inherit', keepOutput ? 'pipe' : 'inherit', 'inherit'] })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.on('error', (error: NodeJS.ErrnoException) =>
    reject(new CommandFailed(command, error.code === 'ENOENT' ? `there is no program "${program}"` : error.message)),
  )
  child.on('close', (code, signal) =>
    code === 0 ? resolve() : reject(new CommandFailed(command, `ended with ${code ?? signal}`)),
  )
  await promise
  return output
}

export const terminal: Shell = {
  run: async (command) => void (await execute(command, false)),
  read: async (command) => JSON.parse((await execute(command, true)) || 'null') as unknown,
  say: (line) => console.log(line),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}
