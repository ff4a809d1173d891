import type { ChaosOutcome } from './chaos.ts'
import { FAULTS, type Fault } from './faulty-database.ts'

const MOST_SHOWN = 12

const counted = <Of>(values: readonly Of[]): string =>
  [...Map.groupBy(values, (value) => value)]
    .map(([value, all]) => `${value} ${all.length}`)
    .sort()
    .join(', ')

/** All that happened, and what was looked at, as lines. */
export const report = ({
  journal,
  weather,
  checks,
  requestsToDatabase,
  faults,
  deadLetters,
  stays,
  now,
}: ChaosOutcome) => {
  const { deeds, statuses, requests } = journal
  const outcomes = (['acknowledged', 'refused', 'unknown'] as const).map((one) => `${journal.count(one)} ${one}`)
  const statusText = [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status || 'none'} ${count}`)
    .join(', ')
  const lines = [
    '',
    `Requests       ${requests}; answers: ${statusText}`,
    `Writes         ${deeds.length}: ${outcomes.join(', ')} (${counted(deeds.map(({ kind }) => kind))})`,
    `Stays          ${stays}`,
    `Kills          ${weather.kills} of the service and of whatever it was processing`,
    `Outages        ${weather.outages}`,
    `Clock jumps    ${weather.clockJumps}, to ${now} (${counted(weather.jumped)})`,
    `Database       ${requestsToDatabase} requests; something happened to ${[...faults.values()].reduce((sum, n) => sum + n, 0)}:`,
    ...(Object.keys(FAULTS) as Fault[]).map(
      (fault) => `  ${fault.padEnd(13)}${String(faults.get(fault) ?? 0).padStart(6)}  ${FAULTS[fault]}`,
    ),
    `Dead letters   ${deadLetters} in the storm`,
    '',
  ]
  for (const { promise, looked, broken } of checks) {
    lines.push(`${broken.length ? 'BROKEN' : 'kept  '} ${String(looked).padStart(7)}  ${promise}`)
    for (const text of broken.slice(0, MOST_SHOWN)) lines.push(`                  ${text}`)
    if (broken.length > MOST_SHOWN) lines.push(`                  and ${broken.length - MOST_SHOWN} more`)
  }
  return lines
}
