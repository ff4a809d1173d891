import type { CodeableConcept, Task } from 'fhir/r4'

/** What a Task must have come to before it can be completed. */
export interface RequiredOutput {
  /** what it is, for people: `a reconciled medication list` */
  what: string
  /** the types of resource that can be it */
  targets: readonly string[]
  /** the code system that it is a code of, in place of a resource */
  system?: string
  /** asked for however the Task ends, not only when it is completed */
  always?: true
}

const CARE_TASK_TYPE = 'https://careloop.dev/fhir/CodeSystem/care-task-type'

/** What is done about a crisis is never closed without saying what became of the person. */
const DISPOSITION: RequiredOutput = {
  what: 'what became of the person',
  targets: [],
  system: 'https://careloop.dev/fhir/CodeSystem/suicide-risk-disposition',
  always: true,
}

/** By code of care-task-type. A code that is not here asks for none. */
const REQUIRED: Readonly<Record<string, readonly RequiredOutput[]>> = {
  'tcm-med-rec': [{ what: 'the reconciled list of medications', targets: ['List', 'DocumentReference'] }],
  'resolve-identity': [{ what: 'the patient it is about', targets: ['Patient'] }],
  'suicide-risk-assessment': [DISPOSITION],
  'imminent-risk-protocol': [DISPOSITION],
}

const LITERAL = /(?:^|\/)([A-Z][A-Za-z]*)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/.*)?$/

const isOneOf = (targets: readonly string[], { reference, type }: NonNullable<TaskOutput['valueReference']>): boolean =>
  targets.includes(LITERAL.exec(reference ?? '')?.[1] ?? type ?? '')

type TaskOutput = NonNullable<Task['output']>[number]

const gives = ({ targets, system }: RequiredOutput, { valueReference, valueCodeableConcept }: TaskOutput): boolean =>
  system === undefined
    ? valueReference !== undefined && isOneOf(targets, valueReference)
    : (valueCodeableConcept?.coding?.some((coding) => coding.system === system && coding.code) ?? false)

/** What a Task of this code must still be given as its output before it can have the status it has. */
export const missingOutputs = ({
  code,
  status,
  output = [],
}: Pick<Task, 'code' | 'status' | 'output'>): readonly RequiredOutput[] =>
  requiredOutputs(code).filter(
    (required) =>
      (status === 'completed' || required.always === true) && !output.some((given) => gives(required, given)),
  )

/** What such an output holds, for people. */
export const expectedValue = ({ targets, system }: RequiredOutput): string =>
  system === undefined
    ? `a valueReference to ${targets.join(' or ')}`
    : `a valueCodeableConcept with a code of ${system}`

const requiredOutputs = (code: CodeableConcept | undefined): readonly RequiredOutput[] =>
  (code?.coding ?? []).flatMap(({ system, code }) => (system === CARE_TASK_TYPE ? (REQUIRED[code ?? ''] ?? []) : []))
