const BASE = 'https://careloop.dev/fhir'

export const RISK_INPUT = `${BASE}/CodeSystem/risk-input`
export const RISK_METHOD = `${BASE}/CodeSystem/risk-method`
export const RISK_ASSESSMENT_TYPE = `${BASE}/CodeSystem/risk-assessment-type`
export const RISK_SCORE = `${BASE}/StructureDefinition/risk-score`
