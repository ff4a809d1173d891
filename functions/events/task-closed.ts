import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { taskClosed } from '../../lib/pathways/task-closed.ts'

export const handler = consumer(careloopFromEnvironment(), taskClosed)
