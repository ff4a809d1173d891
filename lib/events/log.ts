/** All that a log line of the event functions may say. */
export interface LogLine {
  /** name of the event or of the function */
  event: string
  /** `Type/id` */
  reference?: string
  version?: number
  outcome: string
  /** id of an action of a pathway */
  action?: string
  count?: number
  /** class of an error; its message may quote data and is never logged */
  error?: string
}

/** Writes one line of JSON to the function's log. */
export const logLine = (line: LogLine): void => {
  console.log(JSON.stringify(line))
}

/** The class of what was thrown. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
