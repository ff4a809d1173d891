import { isUnlisted, type RecordedLine } from './recorded-logs.ts'

/** A line that should not have been logged, and why. */
export interface Finding extends RecordedLine {
  because: string
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** A text as it stands in a log, and in the JSON of one. */
const forms = (text: string): string[] => [
  ...new Set([text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]),
]

/** Finds any of the texts, as whole words, quoted as JSON or in a URL too. */
const finderOf = (texts: Iterable<string>): RegExp =>
  new RegExp(`(?<![\\p{L}\\d])(?:${[...texts].flatMap(forms).map(escaped).join('|')})(?![\\p{L}\\d])`, 'u')

/** The lines that hold one of the texts, or a field that no log line has. */
export const searchLogs = (lines: readonly RecordedLine[], texts: Iterable<string>): Finding[] => {
  const finder = finderOf(texts)
  return lines.flatMap(({ file, line }): Finding[] => {
    const [found] = finder.exec(line) ?? []
    if (found !== undefined) return [{ file, line, because: `it says "${found}"` }]
    return isUnlisted(line) ? [{ file, line, because: 'lib/log.ts lists no such field, or no such value of it' }] : []
  })
}
