import { AsyncLocalStorage } from 'node:async_hooks'
import { CLOCKS, partitionsOf, WRITES } from '../../infra/constructs/permissions.ts'
import { WAKE } from '../../infra/constructs/schedule.ts'
import type { Key } from '../../lib/store/table.ts'
import { matchesLike } from '../support/string-like.ts'

const running = new AsyncLocalStorage<string>()

/** Runs as `functions/<name>.ts`: with the role that the stack gives it. Outside, everything may be written, as by a client. */
export const asFunction = <Result>(name: string, run: () => Promise<Result>): Promise<Result> => running.run(name, run)

/** The name of the function that is running; undefined outside of one. */
export const runningFunction = (): string | undefined => running.getStore()

const patternsOf = (name: string): readonly string[] | undefined => {
  if (name === WAKE) return CLOCKS
  const types = WRITES[name]
  if (!types) throw new Error(`infra/constructs/permissions.ts does not say what functions/${name}.ts may write`)
  return types === 'any' ? undefined : partitionsOf(types)
}

/** What DynamoDB answers to a write that the role does not allow. */
export class AccessDenied extends Error {
  constructor(name: string, pk: string) {
    super(`the role of functions/${name}.ts does not allow writing to ${pk}: infra/constructs/permissions.ts`)
    this.name = 'AccessDeniedException'
  }
}

/** @throws AccessDenied when the function that is running may not write one of these */
export const refuseForeignWrites = (keys: readonly Key[]): void => {
  const name = running.getStore()
  const patterns = name === undefined ? undefined : patternsOf(name)
  for (const { pk } of patterns ? keys : [])
    if (!patterns!.some((pattern) => matchesLike(pattern, pk))) throw new AccessDenied(name!, pk)
}
