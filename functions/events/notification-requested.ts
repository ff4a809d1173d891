import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { notificationRequested } from '../../lib/follow-up/feeds/notification-requested.ts'

export const handler = consumer(careloopFromEnvironment(), notificationRequested)
