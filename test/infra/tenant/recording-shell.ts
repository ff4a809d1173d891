import { type Command, CommandFailed, type Shell, textOf } from '../../../infra/tenant/shell.ts'

/** Runs nothing: remembers what was to run, and answers what was said beforehand. */
export class RecordingShell implements Shell {
  /** commands, and waits as `wait <seconds>`, in order */
  readonly done: string[] = []
  readonly said: string[] = []
  private readonly answers: readonly (readonly [part: string, ...answers: unknown[]])[]
  private readonly asked = new Map<string, number>()

  /** @param answers for a command with that text in it: what it prints, one after the other, the last for ever */
  constructor(...answers: readonly (readonly [part: string, ...answers: unknown[]])[]) {
    this.answers = answers
  }

  async run(command: Command): Promise<void> {
    this.done.push(textOf(command))
  }

  async read(command: Command): Promise<unknown> {
    const text = textOf(command)
    this.done.push(text)
    const [part, ...values] = this.answers.find(([each]) => text.includes(each)) ?? []
    if (part === undefined) throw new CommandFailed(command, 'nobody said what it answers')
    const times = this.asked.get(part) ?? 0
    this.asked.set(part, times + 1)
    return values[Math.min(times, values.length - 1)]
  }

  say(line: string): void {
    this.said.push(line)
  }

  async wait(milliseconds: number): Promise<void> {
    this.done.push(`wait ${milliseconds / 1_000}`)
  }
}
