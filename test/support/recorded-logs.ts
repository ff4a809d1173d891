import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loggable } from '../../lib/log.ts'

/** Where the workers of a test run put what was logged; not set where a test runs otherwise. */
const FOLDER = 'CARELOOP_TEST_LOGS'

/** A line and the test file it was logged in. */
export interface RecordedLine {
  file: string
  line: string
}

/** Puts a line with those of the whole run, which are searched at its end. */
export const recordLine = (line: string): void => {
  const folder = process.env[FOLDER]
  if (!folder) return
  const recorded: RecordedLine = { file: globalThis.careloopTestFile ?? 'unknown', line }
  appendFileSync(join(folder, `${process.env.JEST_WORKER_ID ?? 0}.jsonl`), `${JSON.stringify(recorded)}\n`)
}

/** A sink for what the code under test logs: keeps it for the test, and for the search at the end of the run. */
export const recordingLog =
  <Line extends object | string>(lines: Line[] = []): ((line: Line) => void) =>
  (line) => {
    lines.push(line)
    recordLine(typeof line === 'string' ? line : JSON.stringify(line))
  }

const INTERNAL = 500

/** The text of an answer that says what has failed on our side. */
export const recordFailure = ({ statusCode, body }: { statusCode: number; body: string }): void => {
  if (statusCode >= INTERNAL) recordLine(`${statusCode} ${body}`)
}

declare global {
  /** the test file that runs: test/support/record-console.ts */
  var careloopTestFile: string | undefined
}

/** A folder for the lines of a run that begins now, known to the workers by the environment. */
export const beginRecording = () => {
  const folder = mkdtempSync(join(tmpdir(), 'careloop-logs-'))
  return {
    environment: { [FOLDER]: folder },
    /** All that was recorded; the folder is gone thereafter. */
    end(): RecordedLine[] {
      const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
      rmSync(folder, { recursive: true })
      return texts.flatMap((text) => text.split('\n').filter(Boolean)).map((text) => JSON.parse(text) as RecordedLine)
    },
  }
}

const asObject = (line: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return value && typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether a line of JSON says something that the list of what may be logged does not have. */
export const isUnlisted = (line: string): boolean => {
  const value = asObject(line)
  return value !== undefined && ('dropped' in value || JSON.stringify(loggable(value)) !== JSON.stringify(value))
}
