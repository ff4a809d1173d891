import type { Consent, ConsentProvision } from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { isInForce } from '../../follow-up/referrals/consent.ts'
import { hasCode } from '../../pathways/codes.ts'
import { ACT_REASON } from '../audit/codes.ts'
import { type Sensitivity, TPO } from './policy.ts'

const SCOPE = 'http://terminology.hl7.org/CodeSystem/consentscope'

/** Who wants to see something, why, and when. */
export interface Asking {
  /** references, and the id of the client: an actor of a provision is one of them by its reference or its identifier */
  parties: readonly string[]
  /** codes of v3-ActReason; none: treatment, payment or operations */
  purposes: readonly string[]
  now: Instant
  /** of dates of a provision */
  timeZone: string
  /** they are outside: every label needs a provision that names them */
  outside?: boolean
}

type Ruling = 'permit' | 'deny' | undefined

const isActor = ({ actor = [] }: ConsentProvision, parties: readonly string[]): boolean =>
  actor.some(({ reference: { reference, identifier } }) =>
    [reference, identifier?.value].some((name) => name !== undefined && parties.includes(name)),
  )

/** What a provision narrows itself to and this is not; what it does not speak of it means as a whole. */
const isElsewhere = (provision: ConsentProvision, { system, codes }: Sensitivity, asking: Asking): boolean => {
  const { securityLabel = [], actor = [], purpose = [] } = provision
  const purposes = asking.purposes.length ? asking.purposes : TPO
  return (
    (actor.length > 0 && !isActor(provision, asking.parties)) ||
    (securityLabel.length > 0 &&
      !securityLabel.some((label) => label.system === system && codes.includes(label.code ?? ''))) ||
    (purpose.length > 0 &&
      !purpose.some(({ system: of, code }) => of === ACT_REASON && purposes.includes(code ?? ''))) ||
    !isInForce(provision, asking.now, asking.timeZone)
  )
}

/** What has been said on the way to a provision: an inner one need not say it again. */
interface Said {
  label: boolean
  actor: boolean
  purpose: boolean
}

const isEnough = ({ label, actor, purpose }: Said, { needs }: Sensitivity, { outside }: Asking): boolean =>
  label && (needs === 'tpo' && !outside ? purpose : actor)

/**
 * What a provision says: the innermost that applies decides, and of those one that denies. To permit it has to name the label, and the purpose or who
 * asks, as the policy wants it: a consent to anything is a consent to nothing that is protected.
 */
const ruling = (provision: ConsentProvision, sensitivity: Sensitivity, asking: Asking, before: Said): Ruling => {
  if (isElsewhere(provision, sensitivity, asking)) return undefined
  const said: Said = {
    label: before.label || !!provision.securityLabel?.length,
    actor: before.actor || !!provision.actor?.length,
    purpose: before.purpose || !!provision.purpose?.length,
  }
  const inner = (provision.provision ?? []).map((each) => ruling(each, sensitivity, asking, said))
  if (inner.includes('deny')) return 'deny'
  if (inner.includes('permit')) return 'permit'
  if (provision.type === 'deny') return 'deny'
  // Without a type the root only holds what is inside it.
  return provision.type === 'permit' && isEnough(said, sensitivity, asking) ? 'permit' : undefined
}

const NOTHING_SAID: Said = { label: false, actor: false, purpose: false }

/**
 * Whether a patient's Consents let somebody see what bears these labels: for each there is one in force that permits it and none that denies it.
 * What nothing is said of is not permitted. Pure. https://hl7.org/fhir/R4/consent.html, 42 CFR 2.31 and 2.33
 */
export const isPermitted = (
  consents: readonly Consent[],
  sensitivities: readonly Sensitivity[],
  asking: Asking,
): boolean => {
  const active = consents.filter(({ status, scope }) => status === 'active' && hasCode(scope, SCOPE, 'patient-privacy'))
  return sensitivities.every((sensitivity) => {
    const rulings = active.map(({ provision = {} }) => ruling(provision, sensitivity, asking, NOTHING_SAID))
    return rulings.includes('permit') && !rulings.includes('deny')
  })
}
