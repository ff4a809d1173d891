import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { taskRescheduled } from '../../lib/pathways/task-rescheduled.ts'

export const handler = consumer(careloopFromEnvironment(), taskRescheduled)
