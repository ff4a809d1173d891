import type { Communication, Task } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { CONTACT_LADDER, contactStepOf, isFulfillment, referralStepOf } from '../../follow-up/codes.ts'
import { COMMUNICATION_CATEGORY, hasCode } from '../../pathways/codes.ts'
import { isOpen } from '../../pathways/due.ts'
import { codeOf } from '../contract.ts'
import type { ChangeRules, Happening } from './change-rules.ts'
import { factRules } from './fact.ts'

const referralChanged = (type: string, status: unknown): Happening => ({
  name: 'referral-changed',
  state: { type, status: codeOf(status) },
})

const contactChanged = (type: string, status: unknown): Happening => ({
  name: 'contact-changed',
  state: { type, status: codeOf(status) },
})

/** All of a Task that referrals go by. */
const course = ({
  status,
  statusReason,
  owner,
  requester,
  focus,
  partOf,
  code,
  executionPeriod,
  output,
}: Task): string =>
  JSON.stringify([status, statusReason, owner?.reference, requester, focus, partOf, code, executionPeriod, output])

const countsAttempts = (task: Task): boolean =>
  contactStepOf(task) !== undefined || (task.extension ?? []).some(({ url }) => url === CONTACT_LADDER)

/** What a change of a Task means for referrals and contacts; without `now` the Task was deleted. */
export const followed = (was: Task | undefined, now?: Task): Happening[] => {
  const latest = now ?? was
  if (!latest) return []
  const happenings: Happening[] = []
  const hasEnded = !now || (!isOpen(now) && was?.status !== now.status)
  if (isFulfillment(latest) && (!was || !now || course(was) !== course(now)))
    happenings.push(referralChanged('Task', latest.status))
  else if (referralStepOf(latest) && hasEnded) happenings.push(referralChanged('Task', latest.status))
  if (countsAttempts(latest) && hasEnded) happenings.push(contactChanged('Task', latest.status))
  return happenings
}

/** A type whose writes are facts, and more than that where `news` says so. */
const alsoNews = (type: string, news: (resource: Resource) => Happening[]): ChangeRules => {
  const fact = factRules(type)
  return {
    ...fact,
    changed: (before, after, context) => [...news(after), ...fact.changed(before, after, context)],
    removed: (before, context) => [...news(before), ...(fact.removed?.(before, context) ?? [])],
  }
}

const isAttempt = (resource: Resource): boolean => {
  const { category } = resource as unknown as Communication
  return (category ?? []).some((each) => hasCode(each, COMMUNICATION_CATEGORY, 'contact-attempt'))
}

/** The facts that referrals and contact ladders follow. */
export const referralFacts: readonly ChangeRules[] = [
  alsoNews('ServiceRequest', ({ status }) => [referralChanged('ServiceRequest', status)]),
  alsoNews('Consent', ({ status }) => [referralChanged('Consent', status)]),
  alsoNews('Communication', (resource) =>
    isAttempt(resource) ? [contactChanged('Communication', resource.status)] : [],
  ),
]
