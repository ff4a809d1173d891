import { percentile } from '../percentile.ts'
import type { Run, Used } from './service-process.ts'

/** What was measured, in milliseconds, and what its 99th percentile should not be above. */
export type Row = readonly [name: string, values: readonly number[], target?: number]

const columns = (name: string, cells: readonly string[], rest = ''): void =>
  console.log([name.padEnd(40), ...cells.map((cell) => cell.padStart(9)), ` ${rest}`].join(' ').trimEnd())

/** Prints a line for each. @returns whether all targets are met */
export const printLatencies = (rows: readonly Row[]): boolean => {
  columns('', ['p50', 'p95', 'p99', 'max'])
  return rows
    .map(([name, values, target]) => {
      const sorted = Float64Array.from(values).sort()
      const p99 = percentile(sorted, 0.99)
      const isMet = target === undefined || p99 <= target
      const cells = [percentile(sorted, 0.5), percentile(sorted, 0.95), p99, percentile(sorted, 1)]
      columns(
        name,
        cells.map((value) => value.toFixed(0)),
        target === undefined ? '' : `target p99 ${target}: ${isMet ? 'ok' : 'MISSED'}`,
      )
      return isMet
    })
    .every(Boolean)
}

/** Which functions ran how often, and how long, waiting for each other included. */
export const printFunctions = (runs: readonly Run[], discharges: number): void => {
  console.log('')
  columns('function', ['runs', 'a discharge', 'mean ms'])
  for (const name of [...new Set(runs.map((run) => run.function))].sort()) {
    const own = runs.filter((run) => run.function === name)
    const mean = own.reduce((sum, { started, ended }) => sum + ended - started, 0) / own.length
    columns(name, [`${own.length}`, (own.length / discharges).toFixed(2), mean.toFixed(1)])
  }
}

/** Which AWS operations were asked for how often. */
export const printCalls = (calls: Readonly<Record<string, number>>, discharges: number): void => {
  console.log('')
  columns('operation', ['calls', 'a discharge'])
  for (const [name, number] of Object.entries(calls).sort(([, a], [, b]) => b - a))
    columns(name, [`${number}`, (number / discharges).toFixed(2)])
}

/** Processor time since `before`, shared among so many, and memory. */
export const printUse = (name: string, used: Used, before?: Used, among = 1): void => {
  const time = (part: 'user' | 'system' | 'database') =>
    `${((used[part] - (before?.[part] ?? 0)) / among).toFixed(1)} ms`
  console.log(
    `${name}: ${time('user')} user, ${time('system')} system, DynamoDB Local ${time('database')}; memory ${used.megabytes.toFixed(0)} MB, DynamoDB Local ${used.databaseMegabytes.toFixed(0)} MB`,
  )
}
