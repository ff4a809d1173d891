import { careloopFromEnvironment } from '../../lib/environment.ts'
import { wakeHandler } from '../../lib/events/wake.ts'

/** Each minute. */
export const handler = wakeHandler(careloopFromEnvironment())
