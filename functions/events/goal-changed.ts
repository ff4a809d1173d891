import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { goalChanged } from '../../lib/follow-up/goals/goal-changed.ts'

export const handler = consumer(careloopFromEnvironment(), goalChanged)
