import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { patientChanged } from '../../lib/pathways/patient-changed.ts'

export const handler = consumer(careloopFromEnvironment(), patientChanged)
