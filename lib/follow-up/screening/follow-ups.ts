import type { CodeableConcept, Task } from 'fhir/r4'
import type { Delay } from '../../pathways/window.ts'
import { calendarDays } from '../timed-task.ts'
import {
  AFRAID_OF_PARTNER,
  AT_RISK,
  AUDIT_C_TOTAL,
  CSSRS,
  FOOD_RISK,
  GAD7_TOTAL,
  HITS_TOTAL,
  NO,
  OFTEN_TRUE,
  PHQ2_TOTAL,
  PHQ9_ITEM9,
  PHQ9_TOTAL,
  SAFE_AT_HOME,
  SOMETIMES_TRUE,
  YES,
} from './codes.ts'

/** What has to be observed: a number from `atLeast` on, or one of these LOINC answers; both with the LOINC code of what was asked. */
export interface Finding {
  code: string
  atLeast?: number
  /** in place of `atLeast` for men */
  atLeastForMen?: number
  answers?: readonly string[]
}

/** What shows that the work was done, without anybody saying so. */
export type Closing =
  /** a finished Encounter since the finding whose reason is the finding, or a depression */
  | 'encounter-for-finding'
  /** of a positive PHQ-2 alone: a negative PHQ-9 on the same day */
  | 'same-day-negative-phq-9'
  /** a PHQ-9 within the window of the Task */
  | 'phq-9-in-window'

/** A ServiceRequest that is proposed along with the Task, for people to activate. */
export interface Proposal {
  code: CodeableConcept
  /** the patient is not to be contacted about it, and it is labelled as sensitive */
  isPrivate?: true
}

/** One row of the table: what is done about a finding. */
export interface FollowUp {
  /** names the row for good: ids of Tasks follow from it */
  key: string
  /** of fhir-profiles/code-systems/care-task-type.json */
  code: string
  display: string
  findings: readonly Finding[]
  /** a total of ours that somebody else counts otherwise */
  onDispute?: true
  /** where the row comes from: V confirmed in a source, P a default of ours that a tenant may want otherwise */
  basis: 'V' | 'P'
  due: Delay
  /** when the window begins, counted from the finding like `due` @default with the finding */
  from?: Delay
  /** what counts ends with the day of the finding */
  sameDay?: true
  priority: NonNullable<Task['priority']>
  owner: 'care-manager' | 'crisis-pool'
  /** of lib/follow-up/screening/ladders.ts */
  ladder: 'standard' | 'crisis' | 'imminent' | 'private'
  /** what is to be done; names nobody and quotes no answer */
  description: string
  /** a Flag that everybody who opens the record sees */
  flag?: string
  proposal?: Proposal
  /** only of patients with this */
  needs?: 'depression-diagnosis'
  closedBy?: readonly Closing[]
  /** an answer that is amended afterwards does not withdraw it; only one that was entered in error does */
  outlastsAmendment?: true
  /** labelled as sensitive */
  isPrivate?: true
  /** the domain of social need, of SDOH Clinical Care */
  domain?: string
  /** the Condition to confirm, as far as a published map says which */
  suggests?: readonly { system: string; code: string }[]
}

const any = (code: string, ...answers: readonly string[]): Finding => ({ code, answers })
const from = (code: string, atLeast: number): Finding => ({ code, atLeast })
const anyYes = (...items: readonly string[]): Finding[] => items.map((item) => any(item, YES))

const hours = (count: number): Delay => ({ unit: 'hour', hours: count })
const QUARTER_HOUR = 0.25

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm'
const SNOMED = 'http://snomed.info/sct'

const proposed = (text: string): CodeableConcept => ({ text })

type Need = Pick<FollowUp, 'domain' | 'findings' | 'suggests'>

const socialNeed = (key: string, need: Need): FollowUp => ({
  key: `confirm-social-need-${key}`,
  code: 'confirm-social-need',
  display: 'Confirm a social need',
  basis: 'P',
  due: { unit: 'business-day', days: 5, countAnchorDay: true, rollForward: 'none' },
  priority: 'routine',
  owner: 'care-manager',
  ladder: 'standard',
  description:
    'Confirm with the person whether there is a need and whether help is wanted. If so: a Condition (health-concern), a Goal and a proposed ServiceRequest.',
  ...need,
})

/**
 * What follows from screenings, as data. Rows that the sources do not confirm are not here but in {@link heldBack}.
 */
export const followUps: readonly FollowUp[] = [
  {
    key: 'suicide-risk-assessment',
    code: 'suicide-risk-assessment',
    display: 'Suicide risk assessment',
    findings: [from(PHQ9_ITEM9, 1), ...anyYes(...Object.values(CSSRS))],
    basis: 'P',
    due: hours(1),
    sameDay: true,
    priority: 'stat',
    owner: 'crisis-pool',
    ladder: 'crisis',
    description:
      'A screening says there may be a risk of suicide. Assess it in person or by phone before the person is left alone, today at the latest. Record the disposition.',
    flag: 'Suicide risk: a screening was positive; see its assessment.',
    outlastsAmendment: true,
  },
  {
    key: 'imminent-risk-protocol',
    code: 'imminent-risk-protocol',
    display: 'Imminent risk protocol',
    findings: anyYes(CSSRS.intent, CSSRS.plan, CSSRS.recent),
    basis: 'P',
    due: hours(QUARTER_HOUR),
    sameDay: true,
    priority: 'stat',
    owner: 'crisis-pool',
    ladder: 'imminent',
    description:
      'A screening says the risk of suicide is high. 1. Do not leave the person alone. 2. Out of reach with means of self-harm. 3. 988, or 911 when in danger now. 4. Safety precautions until a mental health evaluation. 5. Record the disposition.',
    outlastsAmendment: true,
  },
  {
    key: 'depression-follow-up',
    code: 'depression-follow-up',
    display: 'Depression follow-up',
    findings: [from(PHQ9_TOTAL, 10), from(PHQ2_TOTAL, 3)],
    basis: 'V',
    due: calendarDays(30),
    priority: 'routine',
    owner: 'care-manager',
    ladder: 'standard',
    description:
      'A screening for depression was positive. Follow up within 30 days; a PHQ-9 on the same day that is negative does after a PHQ-2.',
    closedBy: ['encounter-for-finding', 'same-day-negative-phq-9'],
  },
  {
    key: 'phq9-repeat',
    code: 'phq9-repeat',
    display: 'Repeat the PHQ-9',
    findings: [from(PHQ9_TOTAL, 10)],
    needs: 'depression-diagnosis',
    basis: 'V',
    from: calendarDays(120),
    due: calendarDays(240),
    priority: 'routine',
    owner: 'care-manager',
    ladder: 'standard',
    description:
      'Repeat the PHQ-9 four to eight months after the raised one. Remission: below 5; response: at least half lower.',
    closedBy: ['phq-9-in-window'],
  },
  {
    key: 'behavioral-health-referral-depression',
    code: 'behavioral-health-referral',
    display: 'Behavioral health referral',
    findings: [from(PHQ9_TOTAL, 20)],
    basis: 'P',
    due: calendarDays(7),
    priority: 'urgent',
    owner: 'care-manager',
    ladder: 'standard',
    description: 'A score for depression is severe. Decide on the proposed referral to behavioral health.',
    proposal: { code: proposed('Referral to behavioral health: depression') },
    closedBy: ['encounter-for-finding'],
  },
  {
    key: 'anxiety-follow-up',
    code: 'anxiety-follow-up',
    display: 'Anxiety follow-up',
    findings: [from(GAD7_TOTAL, 10)],
    basis: 'P',
    due: calendarDays(30),
    priority: 'routine',
    owner: 'care-manager',
    ladder: 'standard',
    description: 'A screening for anxiety was positive. Follow up within 30 days.',
    closedBy: ['encounter-for-finding'],
  },
  {
    key: 'behavioral-health-referral-anxiety',
    code: 'behavioral-health-referral',
    display: 'Behavioral health referral',
    findings: [from(GAD7_TOTAL, 15)],
    basis: 'P',
    due: calendarDays(14),
    priority: 'urgent',
    owner: 'care-manager',
    ladder: 'standard',
    description: 'A score for anxiety is severe. Decide on the proposed referral to behavioral health.',
    proposal: { code: proposed('Referral to behavioral health: anxiety') },
    closedBy: ['encounter-for-finding'],
  },
  {
    key: 'alcohol-brief-intervention',
    code: 'alcohol-brief-intervention',
    display: 'Brief intervention on alcohol',
    // Who is not known to be a man has the lower threshold: a talk too many does no harm.
    findings: [{ code: AUDIT_C_TOTAL, atLeast: 3, atLeastForMen: 4 }],
    basis: 'P',
    due: calendarDays(30),
    priority: 'routine',
    owner: 'care-manager',
    ladder: 'standard',
    description: 'A screening for alcohol use was positive. Offer a brief intervention within 30 days.',
    closedBy: ['encounter-for-finding'],
  },
  socialNeed('food', {
    domain: 'food-insecurity',
    findings: [
      any(FOOD_RISK, AT_RISK),
      any('88122-7', OFTEN_TRUE, SOMETIMES_TRUE),
      any('88123-5', OFTEN_TRUE, SOMETIMES_TRUE),
      any('93031-3', 'LA30125-1'),
    ],
    suggests: [
      { system: SNOMED, code: '733423003' },
      { system: ICD, code: 'Z59.4' },
    ],
  }),
  socialNeed('housing', {
    domain: 'housing-instability',
    findings: [any('71802-3', 'LA30190-5', 'LA31994-9', 'LA31995-6'), any('93033-9', YES)],
    suggests: [{ system: ICD, code: 'Z59.0' }],
  }),
  socialNeed('place', {
    domain: 'inadequate-housing',
    findings: [
      any('96778-6', 'LA31996-4', 'LA28580-1', 'LA31997-2', 'LA31998-0', 'LA31999-8', 'LA32000-4', 'LA32001-2'),
    ],
  }),
  socialNeed('utilities', {
    domain: 'utility-insecurity',
    findings: [any('96779-4', YES, 'LA32002-0'), any('93031-3', 'LA30124-4')],
  }),
  socialNeed('transportation', {
    domain: 'transportation-insecurity',
    findings: [any('93030-5', YES, 'LA30133-5', 'LA30134-3')],
  }),
  socialNeed('employment', {
    domain: 'employment-status',
    findings: [any('67875-5', 'LA17956-6')],
    suggests: [{ system: ICD, code: 'Z56.0' }],
  }),
  socialNeed('material', {
    domain: 'material-hardship',
    findings: [any('93031-3', 'LA30126-9', 'LA30127-7', 'LA30128-5', 'LA30129-3', 'LA46-8')],
  }),
  socialNeed('insurance', {
    domain: 'health-insurance-coverage-status',
    findings: [any('76437-3', 'LA30194-7')],
  }),
  socialNeed('social-contact', {
    domain: 'social-connection',
    findings: [any('93029-7', 'LA27722-0', 'LA30130-1')],
  }),
  socialNeed('stress', {
    domain: 'stress',
    findings: [any('93038-8', 'LA13902-4', 'LA13914-9')],
  }),
  {
    key: 'private-safety-follow-up',
    code: 'private-safety-follow-up',
    display: 'Private follow-up on safety',
    findings: [any(AFRAID_OF_PARTNER, YES), any(SAFE_AT_HOME, NO), from(HITS_TOTAL, 11)],
    basis: 'P',
    due: calendarDays(0),
    priority: 'urgent',
    owner: 'care-manager',
    ladder: 'private',
    description:
      'See to it today, in private. Send the person no message about it by any channel, and leave none with anybody else.',
    proposal: { code: proposed('Help with safety'), isPrivate: true },
    isPrivate: true,
    domain: 'intimate-partner-violence',
  },
  {
    key: 'review-screening-score',
    code: 'review-screening-score',
    display: 'Review the score of a screening',
    findings: [],
    onDispute: true,
    basis: 'P',
    due: { unit: 'business-day', days: 2, countAnchorDay: true, rollForward: 'none' },
    priority: 'routine',
    owner: 'care-manager',
    ladder: 'standard',
    description:
      'The total that was sent is not the one that the answers add up to. Say which is right; both are kept.',
  },
]

/** Rows of the care rules that stay off, since no source at hand confirms them. Nothing reads this but people and tests. */
export const heldBack: readonly { finding: string; work: string; why: string }[] = [
  {
    finding: 'C-SSRS moderate: yes to item 3, or behaviour longer than three months ago',
    work: 'a safety plan and a call within 72 hours',
    why: 'The bands moderate and low are not confirmed. Any yes asks for a suicide-risk-assessment all the same.',
  },
  {
    finding: 'C-SSRS low: yes to items 1 or 2 alone',
    work: 'a call within 7 days',
    why: 'As above.',
  },
]
