import { careloopFromEnvironment } from '../lib/environment.ts'
import { referralLinkApi } from '../lib/follow-up/referrals/link/referral-link-api.ts'

/** Referrals, for those who were asked and have a link in place of an account. */
export const handler = referralLinkApi(careloopFromEnvironment())
