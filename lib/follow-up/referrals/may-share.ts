import type { Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { consentsOf, outsideParties, permissionOf } from './consent.ts'

const NOT_SENT: readonly Task['status'][] = ['draft', 'entered-in-error']

/**
 * Whether the owner of a referral may be told of it now: it was sent, and where the owner is an outside party an active Consent permits
 * it. To be asked before every notification and every look through a link.
 */
export const mayShare = async (careloop: Careloop, task: Task): Promise<boolean> => {
  if (NOT_SENT.includes(task.status) || !task.owner) return false
  const parties = await outsideParties(careloop, task.owner)
  if (!parties.length) return true
  const consents = await consentsOf(careloop, task.for)
  return typeof permissionOf(consents, parties, careloop.clock.now(), careloop.tenant.timeZone) === 'object'
}
