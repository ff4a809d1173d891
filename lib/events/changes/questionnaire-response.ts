import type { Resource } from '../../fhir.ts'
import { codeOf } from '../contract.ts'
import type { ChangeRules, Happening } from './change-rules.ts'
import { factRules } from './fact.ts'

/** The statuses whose answers count. https://hl7.org/fhir/R4/valueset-questionnaire-answers-status.html */
const ANSWERED = ['completed', 'amended']

const isAnswered = (resource: Resource | undefined): boolean => ANSWERED.includes(String(resource?.status))

const fact = factRules('QuestionnaireResponse')

const answered = (resource: Resource): Happening => ({
  name: 'questionnaire-answered',
  state: { status: codeOf(resource.status) },
})

/** Its answers count, or do not any more. https://hl7.org/fhir/R4/questionnaireresponse.html */
export const questionnaireResponse: ChangeRules = {
  ...fact,
  changed: (before, after, context) => [
    ...(isAnswered(before) || isAnswered(after) ? [answered(after)] : []),
    ...fact.changed(before, after, context),
  ],
  removed: (before, context) => [
    ...(isAnswered(before) ? [answered({ ...before, status: 'deleted' })] : []),
    ...(fact.removed?.(before, context) ?? []),
  ],
}
