import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResourceDeclaration } from '../../../../lib/resources/declaration.ts'
import { testApi } from '../../../support/api.ts'

const WIDTH = 17

const line = (cells: readonly string[]): string =>
  cells
    .map((cell) => cell.padEnd(WIDTH))
    .join('')
    .trimEnd()

/** A table to be read: a row for each state (and actor) a resource is in, a column for each state it is to become. */
export const matrixText = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  labels: readonly string[],
): string => `${[line([...labels, ...columns]), ...rows.map(line)].join('\n')}\n`

/** The table as it is kept beside the tests. `GOLDEN=write npm test -- …` writes it anew: read the difference before committing it. */
export const goldenText = (name: string, found: string): string => {
  const file = join(import.meta.dirname, name)
  if (process.env.GOLDEN === 'write') writeFileSync(file, found)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** The table of a type without actors: what an update from each state to each other is answered. */
export const stateMatrix = async (
  { type, lifecycle }: ResourceDeclaration,
  elements: Readonly<Record<string, unknown>>,
): Promise<string> => {
  const api = testApi()
  const { element, edges } = lifecycle!
  const states = Object.keys(edges)
  const rows: string[][] = []
  for (const from of states) {
    const row: string[] = []
    for (const to of states) {
      const resource = { resourceType: type, id: `${from}.${to}`, ...elements }
      await api.put(`/${type}/${resource.id}`, { ...resource, [element]: from })
      row.push(String((await api.put(`/${type}/${resource.id}`, { ...resource, [element]: to })).status))
    }
    rows.push([from, ...row])
  }
  return matrixText(states, rows, ['from'])
}
