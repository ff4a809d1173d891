import { styleText } from 'node:util'
import type { Instant } from '../../lib/fhir.ts'

/** Something is not as the story says; the message is all that is shown. */
export class NotAsTold extends Error {
  override readonly name = 'NotAsTold'
}

/** @throws NotAsTold */
export const expectThat = (isSo: boolean, otherwise: string): void => {
  if (!isSo) throw new NotAsTold(otherwise)
}

/** Tells a story at a terminal, in the time of one place. */
export interface Narrator {
  title(text: string): void
  /** a new scene, at this time */
  scene(at: Instant, text: string): void
  /** what was done from outside */
  act(text: string): void
  /** what was found to be so */
  found(text: string): void
  row(columns: readonly [string, string, string], tone?: 'plain' | 'done' | 'late'): void
  gap(): void
  /** `Tue 24 Nov, 23:59` */
  time(at: Instant | string): string
}

const COLUMN_WIDTHS = [18, 46, 0]

const TONES = { plain: 'reset', done: 'green', late: 'red' } as const

export const createNarrator = (timeZone: string, write: (line: string) => void): Narrator => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  const time = (at: string) => {
    const part = Object.fromEntries(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
    return `${part.weekday} ${part.day!.padStart(2)} ${part.month}, ${part.hour}:${part.minute}`
  }
  return {
    time,
    title: (text) => write(`\n${styleText('bold', text)}`),
    scene: (at, text) => write(`\n${styleText(['bold', 'cyan'], time(at))}  ${text}`),
    act: (text) => write(`  ${styleText('yellow', '→')} ${text}`),
    found: (text) => write(`  ${styleText('green', '✔')} ${text}`),
    gap: () => write(''),
    row: (columns, tone = 'plain') =>
      write(
        `      ${styleText(
          TONES[tone],
          columns
            .map((text, column) => text.padEnd(COLUMN_WIDTHS[column]!))
            .join('  ')
            .trimEnd(),
        )}`,
      ),
  }
}
