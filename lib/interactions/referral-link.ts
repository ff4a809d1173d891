import type { Parameters, Task } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Resource } from '../fhir.ts'
import { isFulfillment } from '../follow-up/codes.ts'
import { createLinkTokens, REFERRAL_PATH } from '../follow-up/referrals/link/link-token.ts'
import { mayShare } from '../follow-up/referrals/may-share.ts'
import { referralSettings } from '../follow-up/referrals/settings.ts'
import { fail } from '../outcome.ts'
import { isOpen } from '../pathways/due.ts'
import { isSystem } from '../security/access/scopes.ts'
import { resourceOf } from '../store/version.ts'
import { isParty } from './actor.ts'
import type { Interaction } from './interaction.ts'
import { operationParameters } from './operation-parameters.ts'
import { deleted, neverExisted } from './read.ts'

const DAY_MS = 86_400_000

const daysIn = (texts: readonly (readonly [string, string])[], most: number): number => {
  const given = texts.find(([name]) => name === 'days')?.[1]
  const days = given === undefined ? most : Number(given)
  if (!Number.isInteger(days) || days < 1 || days > most)
    throw fail('invalid', `days must be a whole number from 1 to ${most}.`, 'Parameters.parameter')
  return days
}

/**
 * A link by which the owner of a referral can answer it without an account. It expires, and opens nothing any more once the Task has
 * another owner, is taken back into draft, or may not be shown.
 * @throws FhirError notFound, deleted, forbidden, businessRule
 */
export const referralLink: Interaction = async (careloop, request) => {
  const { store, clock, tenant } = careloop
  const { texts } = operationParameters(request, ['days'])
  const days = daysIn(texts, referralSettings(tenant).linkDays)
  const current = await store.read('Task', request.id)
  if (!current) throw neverExisted('Task')
  if (current.deleted) throw deleted(current)
  const task = resourceOf(current) as unknown as Task
  const { content } = current
  if (
    request.caller &&
    !isSystem(request.caller) &&
    task.requester &&
    !(await isParty(careloop, request.caller.reference, 'requester', { before: content, after: content }))
  )
    throw fail('forbidden', 'Only the requester of a referral gives out links to it.', 'Task.requester')
  const owner = task.owner?.reference
  if (!isFulfillment(task) || !isOpen(task) || owner === undefined || !(await mayShare(careloop, task)))
    throw fail(
      'businessRule',
      'A link is for a referral: a Task of code fulfill that is open and not draft, has an owner, and may be shown to them. An outside party needs a Consent.',
      'Task.status',
    )
  const expires = instantOf(Date.parse(clock.now()) + days * DAY_MS)
  const token = await createLinkTokens({ table: store.table, clock }).seal({ task: request.id, owner }, expires)
  const url = `${request.baseUrl.replace(/\/fhir$/, '')}${REFERRAL_PATH}${token}`
  const parameters: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'url', valueUrl: url },
      { name: 'expires', valueInstant: expires },
    ],
  }
  return { status: 200, resource: parameters as unknown as Resource }
}
