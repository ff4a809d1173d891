import type { Condition, Encounter, Observation } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { LOINC } from './codes.ts'
import { isDepression } from './depression.ts'
import { followUps } from './follow-ups.ts'

/** The panels that may hold findings as components. */
const PANELS = ['44249-1', '55757-9', '69737-5', '72109-2', '88121-9', '93373-9', '93025-5', '96777-8', '97023-6']

/** Every LOINC code that a row of follow-ups looks at. */
export const screeningCodes: ReadonlySet<string> = new Set([
  ...followUps.flatMap(({ findings }) => findings.map(({ code }) => code)),
  ...PANELS,
])

const RESPONSE = /^QuestionnaireResponse\//

const isScreening = ({ code, derivedFrom }: Observation): boolean =>
  Boolean(code?.coding?.some((coding) => coding?.system === LOINC && screeningCodes.has(coding.code ?? ''))) ||
  (Array.isArray(derivedFrom) && derivedFrom.some((source) => RESPONSE.test(source?.reference ?? '')))

const isFollowUpVisit = ({ status, reasonReference, reasonCode }: Encounter): boolean =>
  status === 'finished' &&
  ((Array.isArray(reasonReference) &&
    reasonReference.some((reason) => /^Observation\//.test(reason?.reference ?? ''))) ||
    (Array.isArray(reasonCode) && reasonCode.some(isDepression)))

type Test = (resource: Resource) => boolean

/**
 * By type, whether follow-ups of screenings may look at a resource: a result, a diagnosis of depression, a visit because of either. Pure, and
 * light enough for where every write passes.
 */
export const screeningFacts: Readonly<Record<string, Test>> = {
  Observation: (resource) => isScreening(resource as unknown as Observation),
  Condition: (resource) => isDepression((resource as unknown as Condition).code),
  Encounter: (resource) => isFollowUpVisit(resource as unknown as Encounter),
}
