import { writeLog } from '../log.ts'

/** All that a log line of the event functions may say. */
export interface LogLine {
  /** name of the event or of the function */
  event: string
  /** `Type/id` */
  reference?: string
  version?: number
  method?: string
  /** of an HTTP answer */
  status?: number
  outcome?: string
  /** id of an action of a pathway */
  action?: string
  count?: number
  /** how late the tick of the clocks is */
  behindSeconds?: number
  /** class of an error; its message may quote data and is never logged */
  error?: string
}

/** Writes one line of JSON to the function's log. */
export const logLine = (line: LogLine): void => writeLog(line)

/** The class of what was thrown. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
