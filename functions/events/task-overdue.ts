import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { taskOverdue } from '../../lib/pathways/task-overdue.ts'

export const handler = consumer(careloopFromEnvironment(), taskOverdue)
