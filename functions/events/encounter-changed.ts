import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { encounterChanged } from '../../lib/pathways/encounter-changed.ts'

export const handler = consumer(careloopFromEnvironment(), encounterChanged)
