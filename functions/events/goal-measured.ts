import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { goalMeasured } from '../../lib/follow-up/goals/goal-measured.ts'

export const handler = consumer(careloopFromEnvironment(), goalMeasured)
