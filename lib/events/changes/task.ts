import type { Task } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { dueInstant, isOpen } from '../../pathways/due.ts'
import { codeOf, patientOf } from '../contract.ts'
import type { ChangeRules, Happening } from './change-rules.ts'

const asTask = (resource: Resource): Task => resource as unknown as Task

const overdue = (task: Task, due: string): Happening => ({
  name: 'task-overdue',
  state: { status: codeOf(task.status), due },
})

/** https://hl7.org/fhir/R4/task.html */
export const task: ChangeRules = {
  type: 'Task',
  patient: (resource) => patientOf(asTask(resource).for),

  changed(before, after, { tenant, woken }) {
    const now = asTask(after)
    const was = before && asTask(before)
    const happenings: Happening[] = []
    if (now.status === 'completed' && was?.status !== 'completed')
      happenings.push({ name: 'task-completed', state: { from: codeOf(was?.status) } })
    // A clock never strikes twice for one instant, so it will not strike for a due date moved to before it last struck.
    const due = dueInstant(now, tenant.timeZone)
    const moved = !was || due !== dueInstant(was, tenant.timeZone)
    if (due && woken && due <= woken && moved && isOpen(now)) happenings.push(overdue(now, due))
    return happenings
  },

  struck(resource, { after, until }, tenant) {
    const now = asTask(resource)
    const due = dueInstant(now, tenant.timeZone)
    const isNew = due !== undefined && due <= until && (after === undefined || due > after)
    return isNew && isOpen(now) ? [overdue(now, due)] : []
  },
}
