import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { carePlanChanged } from '../../lib/follow-up/recurrence/care-plan-changed.ts'

export const handler = consumer(careloopFromEnvironment(), carePlanChanged)
