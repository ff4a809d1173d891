import type { Task } from 'fhir/r4'
import { isEscalation } from '../../lib/pathways/escalation.ts'
import type { Check } from './promises.ts'
import type { Outcome } from './simulation.ts'

/** Rows under a head, the first column to the left. */
const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row.map((cell, column) => (column ? cell.padStart(widths[column]!) : cell.padEnd(widths[0]!))).join('  '),
  )
}

const counted = <Key>(keys: readonly Key[]): Map<Key, number> =>
  new Map([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]))

const nameOf = ({ instantiatesCanonical }: Task): string =>
  instantiatesCanonical?.split('|')[0]?.split('/').at(-1) ?? ''
const codeOf = ({ code }: Task): string => code?.coding?.[0]?.code ?? ''
const stateOf = ({ status, businessStatus }: Task): string =>
  status === 'ready' ? (businessStatus?.coding?.[0]?.code ?? status) : status

const STATES_FIRST = ['completed', 'cancelled', 'new', 'assigned', 'due-soon', 'attempts-met', 'overdue', 'escalated']

const tasksTable = (tasks: readonly Task[]): string[] => {
  const states = [...new Set(tasks.map(stateOf))].sort((a, b) => STATES_FIRST.indexOf(a) - STATES_FIRST.indexOf(b))
  const rows = [...Map.groupBy(tasks, (task) => `${nameOf(task)}  ${codeOf(task)}`)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  return table([
    ['programme and work', ...states, 'all'],
    ...rows.map(([name, all]) => {
      const byState = counted(all.map(stateOf))
      return [name, ...states.map((state) => String(byState.get(state) ?? '')), String(all.length)]
    }),
  ])
}

const MOST_SHOWN = 5

const checkLine = ({ promise, looked, broken }: Check): string => {
  const shown = broken.slice(0, MOST_SHOWN).join(', ') + (broken.length > MOST_SHOWN ? ', …' : '')
  return broken.length
    ? `  BROKEN  ${promise}: ${broken.length} of ${looked} (${shown})`
    : `  kept    ${promise} (${looked})`
}

const listed = (counts: Iterable<readonly [string, number]>): string =>
  [...counts].map(([name, count]) => `${count} ${name}`).join(', ')

/** What there is to say of a simulation, line by line. */
export const report = async ({ tenant, checks, deliveries, notices, stories, ticks }: Outcome): Promise<string[]> => {
  const tasks = await tenant.all<Task>('Task', '', Number.POSITIVE_INFINITY)
  const escalations = tasks.filter(isEscalation)
  const levels = counted(escalations.map(({ reasonCode }) => reasonCode?.coding?.[0]?.code ?? ''))
  return [
    `The hospitals said: ${listed(notices)}`,
    `Besides: ${listed(stories.flatMap((story) => [...story.told()]))}`,
    `The bus: ${deliveries.events} events, ${deliveries.doubled} doubled, ${deliveries.heldBack} held back, ${deliveries.broughtBack} old ones brought back; consumers died ${deliveries.crashed} times`,
    `The clock struck ${ticks} times`,
    '',
    ...tasksTable(tasks.filter((task) => !isEscalation(task))),
    '',
    `Escalations: ${listed(levels)}; open at the end: ${escalations.filter(({ status }) => status === 'ready').length}`,
    '',
    ...checks.map(checkLine),
  ]
}
