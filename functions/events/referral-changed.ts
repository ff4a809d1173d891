import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { referralChanged } from '../../lib/follow-up/referrals/referral-changed.ts'

export const handler = consumer(careloopFromEnvironment(), referralChanged)
