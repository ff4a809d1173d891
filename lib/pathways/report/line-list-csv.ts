import type { Line } from './transition-lines.ts'

const COLUMNS: readonly (readonly [name: string, of: (line: Line) => string | undefined])[] = [
  ['encounter', ({ encounter }) => encounter],
  ['patient', ({ patient }) => patient],
  ['facility', ({ facility }) => facility],
  ['programme', ({ programme }) => programme],
  ['rule', ({ rule }) => rule],
  ['step', ({ step }) => step],
  ['code', ({ code }) => code],
  ['task', ({ task }) => task],
  ['from', ({ from }) => from],
  ['window_start', ({ windowStart }) => windowStart],
  ['due', ({ due }) => due],
  ['compliance_end', ({ complianceEnd }) => complianceEnd],
  ['state', ({ state }) => state],
  ['reason', ({ reason }) => reason],
  ['evidence', ({ evidence }) => evidence.join(' ')],
  ['evidence_date', ({ evidenceDate }) => evidenceDate],
  ['owner', ({ owner }) => owner],
]

/** What a spreadsheet would take for a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/

/** One cell, quoted where it must be: https://www.rfc-editor.org/rfc/rfc4180. What looks like a formula becomes text. */
export const cellOf = (text: string): string => {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The line list as CSV, with a header. */
export const csvOf = (lines: readonly Line[]): string =>
  [COLUMNS.map(([name]) => name), ...lines.map((line) => COLUMNS.map(([, of]) => cellOf(of(line) ?? '')))]
    .map((cells) => `${cells.join()}\r\n`)
    .join('')
