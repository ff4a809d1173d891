import type { Task } from 'fhir/r4'
import type { Temporal } from 'temporal-polyfill'
import type { SimulatedTenant } from '../../flows/simulated-tenant.ts'
import type { Agenda } from '../agenda.ts'
import type { Promises } from '../promises.ts'
import type { Random } from '../random.ts'

/** What a story can do: put down what is to happen, and tell the service by its API. */
export interface Stage {
  tenant: SimulatedTenant
  agenda: Agenda
  /** when the simulation begins, and for how many days new things happen */
  from: Temporal.Instant
  days: number
  /** PUT. `query`: with its question mark. @throws Error when it is refused */
  tell(resource: { resourceType: string; id?: string }, query?: string): Promise<void>
}

/** What is known of the world in the end, apart from what the stories know themselves. */
export interface Ending {
  tenant: SimulatedTenant
  tasks: readonly Task[]
  dead: ReadonlySet<string>
  promises: Promises
}

/** One kind of follow-up, lived through by some of the patients. */
export interface Story {
  /** Puts down what happens to a patient, for those to whom it does. */
  begin(random: Random, patientId: string): void
  /** Somebody finds a new Task that is about this. */
  hear?(task: Task): void
  /** Whether every promise was kept; by rules worked out apart from the service. */
  check(ending: Ending): Promise<void>
  /** What happened, for the report: numbers by name. */
  told(): Iterable<readonly [string, number]>
}

export const DAY_MINUTES = 24 * 60

/** Some instant of the days in which new things happen. */
export const someTime = (random: Random, { from, days }: Stage): Temporal.Instant =>
  from.add({ minutes: random.between(0, days * DAY_MINUTES) })
