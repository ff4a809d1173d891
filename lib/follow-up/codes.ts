import type { CodeableConcept, Task } from 'fhir/r4'
import { CARE_TASK_TYPE, hasCode } from '../pathways/codes.ts'
import { TASK_CODE } from '../resources/lifecycle/task.ts'

const BASE = 'https://careloop.dev/fhir'

/** The Task that a new one stands in for. */
export const TASK_REPLACES = `${BASE}/StructureDefinition/task-replaces`
/** Whether an Organization or HealthcareService may be told of a patient only with the patient's consent. */
export const OUTSIDE_PARTY = `${BASE}/StructureDefinition/outside-party`
/** Of a Task: what came of the attempts to reach the client, and when to try next. */
export const CONTACT_LADDER = `${BASE}/StructureDefinition/contact-ladder`
export const CONTACT_OUTCOME = `${BASE}/StructureDefinition/contact-outcome`
export const DAY_PART = `${BASE}/CodeSystem/day-part`
export const ORGANIZATION_KIND = `${BASE}/CodeSystem/organization-kind`
/** Why a referral was turned down, ended without success or is held. */
export const REFERRAL_REASON = `${BASE}/CodeSystem/referral-reason`
/** What came of a referral. */
export const REFERRAL_OUTCOME = `${BASE}/CodeSystem/referral-outcome`
/** The figures of a report of referrals. */
export const REFERRAL_MEASURE = `${BASE}/CodeSystem/referral-measure`
/** By which rules the automation keeps after referrals, and contacts. */
export const REFERRAL_POLICY = `${BASE}/policy/referral-loop|1.0.0`
export const CONTACT_POLICY = `${BASE}/policy/contact-ladder|1.0.0`

/** What people here do about a referral, in the order of its course: codes of care-task-type. */
export const REFERRAL_STEPS = [
  'obtain-consent',
  'acknowledge-referral',
  'referral-first-contact',
  'referral-outcome',
  'review-referral',
  'choose-referral-target',
] as const

export type ReferralStep = (typeof REFERRAL_STEPS)[number]

/** What people do about a client whom attempts have not reached. */
export const CONTACT_STEPS = ['unable-to-reach-letter', 'unable-to-reach-review'] as const

export type ContactStep = (typeof CONTACT_STEPS)[number]

const DISPLAYS: Readonly<Record<ReferralStep | ContactStep, string>> = {
  'obtain-consent': 'Consent to a disclosure',
  'acknowledge-referral': 'Acknowledgement of a referral',
  'referral-first-contact': 'First contact after a referral',
  'referral-outcome': 'Outcome of a referral',
  'review-referral': 'Review of a referral',
  'choose-referral-target': 'Choice of a referral target',
  'unable-to-reach-letter': 'Unable-to-reach letter',
  'unable-to-reach-review': 'Unable-to-reach review',
}

export const stepCode = (code: ReferralStep | ContactStep): CodeableConcept => ({
  coding: [{ system: CARE_TASK_TYPE, code, display: DISPLAYS[code] }],
})

type Coded = Pick<Task, 'code'>

const stepIn = <Step extends string>({ code }: Coded, steps: readonly Step[]): Step | undefined =>
  steps.find((step) => hasCode(code, CARE_TASK_TYPE, step))

export const referralStepOf = (task: Coded): ReferralStep | undefined => stepIn(task, REFERRAL_STEPS)
export const contactStepOf = (task: Coded): ContactStep | undefined => stepIn(task, CONTACT_STEPS)

/** Whether a Task asks somebody to carry out a request: https://hl7.org/fhir/R4/codesystem-task-code.html */
export const isFulfillment = ({ code }: Coded): boolean => hasCode(code, TASK_CODE, 'fulfill')
