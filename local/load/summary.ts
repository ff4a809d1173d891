import type { LoadResult } from './run-load.ts'
import { type LoadProblem, lostOf, type TypeCounts } from './tally.ts'

/** Whether every resource of a served type was acknowledged and every file read to its end. */
export const isComplete = (result: LoadResult): boolean =>
  !result.stopped && result.files.every(({ complete }) => complete)

/** Resources that were refused because they, or others of their transaction, refer to what is neither on the server nor in the files. */
const missingIn = ({ files }: LoadResult): number => files.reduce((sum, { missing }) => sum + missing, 0)

/** Whether nothing was lost but what refers to something that is nowhere. */
export const isCompleteButMissing = (result: LoadResult): boolean => {
  const { counts, stopped, unreadable } = result
  const lost = counts.entries().reduce((sum, [, ofType]) => sum + lostOf(ofType), 0)
  return !stopped && unreadable === 0 && lost === missingIn(result)
}

const COLUMNS: readonly [title: string, value: (counts: TypeCounts) => number][] = [
  ['input', ({ input }) => input],
  ['loaded', ({ created }) => created],
  ['already there', ({ present }) => present],
  ['refused', ({ refused }) => refused],
  ['not served', ({ notServed }) => notServed],
]

const table = ({ counts }: LoadResult): string[] => {
  const rows = counts.entries().map(([type, ofType]) => [type, ...COLUMNS.map(([, value]) => value(ofType))] as const)
  const sums = COLUMNS.map((_, column) => rows.reduce((sum, row) => sum + Number(row[column + 1]), 0))
  const text = [['type', ...COLUMNS.map(([title]) => title)], ...rows, ['all', ...sums]].map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-US') : cell)),
  )
  const widths = text[0]!.map((_, column) => Math.max(...text.map((row) => row[column]!.length)))
  return text.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  )
}

const MOST_REASONS = 20

/** Refusals alike, counted: one broken rule is one line, however many resources break it. */
const reasons = ({ files }: LoadResult): string[] => {
  const alike = new Map<string, { count: number; example: string }>()
  for (const { name, problems } of files) {
    for (const problem of problems) {
      const key = describe(problem)
      const found = alike.get(key) ?? { count: 0, example: problem.place ? `${name} ${problem.place}` : name }
      alike.set(key, { ...found, count: found.count + 1 })
    }
  }
  const lines = [...alike]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([text, { count, example }]) => `  ${count} x ${text} (${count > 1 ? 'first: ' : ''}${example})`)
  const more = lines.length - MOST_REASONS
  return more > 0 ? [...lines.slice(0, MOST_REASONS), `  … and ${more} more reasons: see --report`] : lines
}

const describe = ({ type, status, text, expression }: LoadProblem): string => {
  // The numbers of list items would keep like from like.
  const element = expression?.replace(/\[\d+\]/g, '')
  const where = element && !text.includes(element) ? `${element}: ` : type && !element ? `${type}: ` : ''
  return `${where}${text.replace(/\[\d+\]/g, '')}${status ? ` (${status})` : ''}`
}

const number = (value: number): string => value.toLocaleString('en-US')

const verdict = (result: LoadResult): string[] => {
  const { counts, unreadable, stopped, unfinished } = result
  const lost = counts
    .entries()
    .flatMap(([type, ofType]) => (lostOf(ofType) > 0 ? [`${number(lostOf(ofType))} ${type}`] : []))
  const acknowledged = counts.total('created') + counts.total('present')
  const missing = missingIn(result)
  const types = counts.entries().filter(([, { input, notServed }]) => input > notServed).length
  return [
    ...(lost.length > 0 ? [`LOST, not acknowledged by the server: ${lost.join(', ')}`] : []),
    ...(missing > 0
      ? [
          `${number(missing)} of them refer to what is neither on the server nor in these files, or are in a transaction that does: load what is missing ` +
            'and run the same command again, or let the tenant do without ("referentialIntegrity": "warn").',
        ]
      : []),
    ...(unreadable > 0 ? [`LOST, not readable: ${number(unreadable)}`] : []),
    ...(stopped
      ? [`${stopped} ${number(unfinished.length)} files are unfinished; run the same command again to go on.`]
      : []),
    ...(isComplete(result)
      ? [`Complete: the server acknowledged all ${number(acknowledged)} resources of the ${types} types it serves.`]
      : []),
  ]
}

/** What the person reads at the end. */
export const summaryOf = (result: LoadResult): string => {
  const { counts, files, seconds, ignored } = result
  const sent = files.filter(({ before }) => !before)
  const resources = sent.reduce((sum, file) => sum + file.counts.total('created') + file.counts.total('present'), 0)
  const transactions = sent.reduce((sum, file) => sum + file.transactions, 0)
  const rate = seconds > 0 ? Math.round(resources / seconds) : 0
  const why = reasons(result)
  return [
    '',
    ...table(result),
    '',
    `${number(resources)} resources of ${number(sent.length)} files in ${number(transactions)} requests, ${seconds.toFixed(1)} s, ${number(rate)} resources/s`,
    ...(files.length > sent.length
      ? [`${number(files.length - sent.length)} files were loaded by an earlier run`]
      : []),
    ...(ignored.length > 0 ? [`${number(ignored.length)} files are neither .json nor .ndjson: ignored`] : []),
    ...(counts.total('notServed') > 0
      ? [
          `${number(counts.total('notServed'))} resources are of types the server does not serve: left out, references to them kept as Type/id`,
        ]
      : []),
    ...(why.length > 0 ? ['', 'Not loaded:', ...why] : []),
    '',
    ...verdict(result),
  ].join('\n')
}

/** The same for machines: every file with its counts, notes and problems. */
export const reportOf = (result: LoadResult) => ({
  server: result.server,
  complete: isComplete(result),
  ...(result.stopped && { stopped: result.stopped }),
  seconds: Number(result.seconds.toFixed(3)),
  counts: result.counts,
  lost: Object.fromEntries(
    result.counts.entries().flatMap(([type, ofType]) => (lostOf(ofType) > 0 ? [[type, lostOf(ofType)]] : [])),
  ),
  unreadable: result.unreadable,
  unfinished: result.unfinished,
  ignored: result.ignored,
  files: result.files,
})
