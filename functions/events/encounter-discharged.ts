import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { encounterDischarged } from '../../lib/pathways/encounter-discharged.ts'

export const handler = consumer(careloopFromEnvironment(), encounterDischarged)
