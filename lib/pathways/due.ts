import type { Task } from 'fhir/r4'
import type { Instant } from '../fhir.ts'
import { dueInstantOf, openTaskStatuses } from '../resources/task-clocks.ts'
import { software } from './codes.ts'

/** Whether somebody still has something to do about a Task. */
export const isOpen = ({ status }: Task): boolean => openTaskStatuses.includes(status)

/** When a Task is due, if ever: at the moment its clock strikes. */
export const dueInstant = (task: Task, timeZone: string): Instant | undefined => dueInstantOf(task, { timeZone })

/** Whether the software itself owns a Task: a row of evidence, which is nobody's work. */
export const isUnattended = ({ owner }: Task): boolean =>
  owner?.identifier?.system === software.system && owner?.identifier?.value === software.value
