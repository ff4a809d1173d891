const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'

/**
 * What a Consent has to say for a label. `tpo`: a permission for treatment, payment or operations that names the label is enough, whoever asks
 * (42 CFR 2.31: one consent for all future uses). `named`: it has to name who asks.
 */
export type Need = 'tpo' | 'named'

/** Labels that are about one thing: who may see it by one of them may see it by all. */
export interface Sensitivity {
  system: string
  codes: readonly string[]
  needs: Need
  /** what must be said to whoever is shown it */
  notice?: string
}

/** The short form of 42 CFR 2.32(a)(2), to the letter. https://www.ecfr.gov/current/title-42/section-2.32 */
export const PART_2_NOTICE = '42 CFR part 2 prohibits unauthorized use or disclosure of these records.'

export const NOTICE_HEADER = 'X-Careloop-Notice'

/** The labels that keep a resource from whoever has no consent of the patient's. Other labels keep nobody from anything. */
export const policy: readonly Sensitivity[] = [
  { system: ACT_CODE, codes: ['42CFRPart2', 'ETH', 'SUD'], needs: 'tpo', notice: PART_2_NOTICE },
  { system: ACT_CODE, codes: ['PSY'], needs: 'named' },
  { system: ACT_CODE, codes: ['HIV'], needs: 'named' },
  { system: ACT_CODE, codes: ['SDV'], needs: 'named' },
]

/** How confidential something is says nothing more where a label says what it is about. */
export const confidentiality: readonly Sensitivity[] = [
  { system: CONFIDENTIALITY, codes: ['V'], needs: 'named' },
  { system: CONFIDENTIALITY, codes: ['R'], needs: 'tpo' },
]

/** Codes of v3-ActReason that are treatment, payment or operations; what somebody asks for who gives no purpose. */
export const TPO: readonly string[] = ['TREAT', 'ETREAT', 'CAREMGT', 'COC', 'HPAYMT', 'HOPERAT']

/** The references by which a resource takes over the labels of what it is about. */
export const inheritedBy: Readonly<Record<string, readonly string[]>> = {
  Task: ['focus', 'basedOn', 'partOf', 'reasonReference'],
  ServiceRequest: ['basedOn', 'reasonReference'],
  Communication: ['about', 'basedOn', 'partOf', 'inResponseTo', 'reasonReference'],
  CommunicationRequest: ['about', 'basedOn', 'reasonReference'],
  RiskAssessment: ['basis'],
}
