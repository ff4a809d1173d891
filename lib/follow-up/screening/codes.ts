const BASE = 'https://careloop.dev/fhir'

export const LOINC = 'http://loinc.org'
export const ORDINAL_VALUE = 'http://hl7.org/fhir/StructureDefinition/ordinalValue'

/** What a score or the answers of an instrument come to: Observation.interpretation. */
export const SCREENING_BAND = `${BASE}/CodeSystem/screening-band`
/** What a Task about a screening is given as its input. */
export const SCREENING_INPUT = `${BASE}/CodeSystem/screening-input`
/** What became of a patient who may be at risk of suicide: the output that such a Task is closed with. */
export const SUICIDE_RISK_DISPOSITION = `${BASE}/CodeSystem/suicide-risk-disposition`
/** On a total of ours: what somebody else counted from the same answers. */
export const REPORTED_SCORE = `${BASE}/StructureDefinition/reported-score`

/** SDOH Clinical Care: https://hl7.org/fhir/us/sdoh-clinicalcare */
export const SDOH = 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes'
export const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category'
export const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation'
export const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
export const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'

/** Violence at home: who reads of it must not be the one who does it. */
export const SENSITIVE = [
  { system: CONFIDENTIALITY, code: 'R' },
  { system: ACT_CODE, code: 'SDV' },
]

/** LOINC codes of the instruments that rules and results speak of. */
export const PHQ9_TOTAL = '44261-6'
export const PHQ9_ITEM9 = '44260-8'
export const PHQ2_TOTAL = '55758-7'
export const GAD7_TOTAL = '70274-6'
export const AUDIT_C_TOTAL = '75626-2'
export const FOOD_RISK = '88124-3'
export const SUICIDE_RISK_LEVEL = '93374-7'
export const HITS_TOTAL = '95614-4'

/** The items of the C-SSRS screener, in their order. */
export const CSSRS = {
  wish: '93246-7',
  thoughts: '93247-5',
  method: '93248-3',
  intent: '93249-1',
  plan: '93250-9',
  behaviour: '93267-3',
  recent: '93269-9',
} as const

export const HITS_ITEMS = ['95618-5', '95617-7', '95616-9', '95615-1'] as const
export const SAFE_AT_HOME = '93026-3'
export const AFRAID_OF_PARTNER = '76501-6'

/** LOINC answer codes. */
export const YES = 'LA33-6'
export const NO = 'LA32-8'
export const OFTEN_TRUE = 'LA28397-0'
export const SOMETIMES_TRUE = 'LA6729-3'
export const AT_RISK = 'LA19952-3'
export const NO_RISK = 'LA19983-8'
