import type { FuzzOutcome } from './fuzz.ts'

const statusesOf = (statuses: ReadonlyMap<number, number>): string =>
  [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ')

/** What was sent and answered, and what was not kept, as lines for people. */
export const report = ({ inputs, coverage, failure, kinds }: FuzzOutcome, seconds: number): string[] => {
  const missed = [...coverage].filter(([, statuses]) => !statuses.size).map(([route]) => route)
  return [
    ...[...coverage].map(([route, statuses]) => `${route.padEnd(60)} ${statusesOf(statuses)}`),
    '',
    `${inputs} inputs in ${seconds.toFixed(1)} s, ${coverage.size - missed.length} of ${coverage.size} routes`,
    ...(missed.length ? [`Not hit: ${missed.join('; ')}`] : []),
    ...[...kinds.values()].map(({ first, times }) => `BROKEN ${times} times: ${first}\n`),
    failure === undefined
      ? kinds.size
        ? `${kinds.size} kinds of broken promises`
        : 'Every promise kept'
      : `BROKEN: ${failure}`,
  ]
}
