import type { Communication, Encounter, Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { isOpen } from '../../lib/pathways/due.ts'
import type { SimulatedTenant } from '../flows/simulated-tenant.ts'
import type { TestApi } from '../support/api.ts'
import type { Agenda } from './agenda.ts'
import { createRandom } from './random.ts'
import { callOf, type Intention, intentionsFor, visitOf } from './workers.ts'

const SAFETY_PLAN = {
  system: 'https://careloop.dev/fhir/CodeSystem/suicide-risk-disposition',
  code: 'safety-plan',
}

/** A number that belongs to an id, so that what a worker does about a Task does not depend on what else is going on. */
const numberOf = (id: string): number => {
  let number = 7
  for (const character of id) number = (Math.imul(number, 31) + character.charCodeAt(0)) & 0x7fffffff
  return number
}

/** People who do their work, some of it late and some never, through the API. */
export const createWorkforce = (tenant: SimulatedTenant, api: TestApi, agenda: Agenda, seed: number) => {
  const put = async (resource: Communication | Encounter | Task): Promise<void> => {
    const { status, text } = await api.put(`/${resource.resourceType}/${resource.id}`, resource)
    if (status >= 300) throw new Error(`PUT ${resource.resourceType}/${resource.id} is answered ${status}: ${text}`)
  }

  const complete = (task: Task): Promise<void> =>
    put({
      ...task,
      status: 'completed',
      lastModified: tenant.now,
      output: [
        ...(task.output ?? []),
        { type: { text: 'Reconciled medication list' }, valueReference: { type: 'List', display: 'In the chart' } },
        // A crisis is not closed without what became of the person.
        { type: { text: 'Disposition' }, valueCodeableConcept: { coding: [SAFETY_PLAN] } },
      ],
    })

  const carryOut = async (intention: Intention): Promise<void> => {
    const version = await tenant.careloop.store.read('Task', intention.taskId)
    if (!version || version.deleted) return
    const task = version.content as unknown as Task
    if (!isOpen(task)) return
    if (intention.deed === 'call') await put(callOf(task, intention))
    else if (intention.deed === 'visit') await put(visitOf(task, intention))
    else await complete(task)
  }

  return {
    /** Somebody finds a new Task in the list, and makes up their mind. */
    hear(task: Task): void {
      const random = createRandom((numberOf(task.id!) ^ seed) & 0x7fffffff)
      for (const intention of intentionsFor(random, task, Temporal.Instant.from(tenant.now)))
        agenda.put(intention.at, () => carryOut(intention))
    },
  }
}
