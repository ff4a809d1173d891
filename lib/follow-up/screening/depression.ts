import type { CodeableConcept, Condition } from 'fhir/r4'

/** Depressive episodes, recurrent depression and dysthymia. https://www.cdc.gov/nchs/icd/icd-10-cm */
const ICD = /^F(?:32|33|34\.1)/
/** Depressive disorder, major depressive disorder. */
const SNOMED = ['35489007', '370143000']

/** Whether a code says depression. */
export const isDepression = (concept: CodeableConcept | undefined): boolean =>
  Array.isArray(concept?.coding) &&
  concept.coding.some(
    (coding) =>
      (coding?.system === 'http://hl7.org/fhir/sid/icd-10-cm' && ICD.test(coding.code ?? '')) ||
      (coding?.system === 'http://snomed.info/sct' && SNOMED.includes(coding.code ?? '')),
  )

const ENDED = ['inactive', 'remission', 'resolved']
const NOT_SO = ['entered-in-error', 'refuted']

/** Whether a patient has a depression now, as far as this Condition says. */
export const isPresentDepression = ({ code, clinicalStatus, verificationStatus }: Condition): boolean => {
  const has = (concept: CodeableConcept | undefined, codes: readonly string[]) =>
    concept?.coding?.some((coding) => codes.includes(coding.code ?? '')) ?? false
  return isDepression(code) && !has(clinicalStatus, ENDED) && !has(verificationStatus, NOT_SO)
}
