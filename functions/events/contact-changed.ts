import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { contactChanged } from '../../lib/follow-up/contact/contact-changed.ts'

export const handler = consumer(careloopFromEnvironment(), contactChanged)
