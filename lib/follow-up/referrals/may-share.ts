import type { Consent, Reference, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { Resource } from '../../fhir.ts'
import { sensitivitiesOf, withLabelsOf } from '../../security/consent/labels.ts'
import { isPermitted } from '../../security/consent/permission.ts'
import { consentsOf, outsideParties, type Permission, permissionOf } from './consent.ts'

const NOT_SENT: readonly Task['status'][] = ['draft', 'entered-in-error']

const LITERAL = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})$/

const literalIn = (reference: Reference | undefined): { type: string; id: string }[] => {
  const [, type, id] = LITERAL.exec(reference?.reference ?? '') ?? []
  return type === undefined || id === undefined ? [] : [{ type, id }]
}

/**
 * Whether these parties may be told of what bears the labels of all of these: what {@link permissionOf} says, and for each sensitive label a
 * Consent has to name them.
 */
export const permissionFor = (
  { tenant, clock }: Careloop,
  consents: readonly Consent[],
  parties: readonly string[],
  about: readonly Pick<Resource, 'meta'>[],
): Permission => {
  const { timeZone, labels } = tenant
  const now = clock.now()
  const permission = permissionOf(consents, parties, now, timeZone)
  if (typeof permission === 'string' || labels?.enforced === false) return permission
  const sensitivities = sensitivitiesOf(withLabelsOf({}, about))
  const isNamed = isPermitted(consents, sensitivities, { parties, purposes: [], now, timeZone, outside: true })
  return isNamed ? permission : 'missing'
}

/**
 * Whether the owner of a referral may be told of it now: it was sent, and where the owner is an outside party active Consents permit
 * it. To be asked before every notification and every look through a link.
 */
export const mayShare = async (careloop: Careloop, task: Task): Promise<boolean> => {
  if (NOT_SENT.includes(task.status) || !task.owner) return false
  const parties = await outsideParties(careloop, task.owner)
  if (!parties.length) return true
  const [consents, asked] = await Promise.all([
    consentsOf(careloop, task.for),
    careloop.store.readMany(literalIn(task.focus)),
  ])
  const about = asked.filter(({ deleted }) => !deleted).map(({ content }) => content)
  return typeof permissionFor(careloop, consents, parties, [task as Pick<Resource, 'meta'>, ...about]) === 'object'
}
