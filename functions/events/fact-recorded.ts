import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { factRecorded } from '../../lib/pathways/fact-recorded.ts'

export const handler = consumer(careloopFromEnvironment(), factRecorded)
