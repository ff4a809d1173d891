import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { taskClockStruck } from '../../lib/pathways/task-clock-struck.ts'

export const handler = consumer(careloopFromEnvironment(), taskClockStruck)
