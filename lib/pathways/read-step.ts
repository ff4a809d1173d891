import type { Extension, PlanDefinitionAction } from 'fhir/r4'
import { FACT_TYPES } from '../events/contract.ts'
import { type StepRecurrence, stepRecurrenceOf } from '../follow-up/recurrence/step-recurrence.ts'
import { COMPLIANCE_WINDOW, ESCALATION, EVIDENCE, PAUSABLE, UNATTENDED } from './codes.ts'
import { readLadder } from './ladder.ts'
import type { DynamicValue, Evidence, Step } from './pathway.ts'
import {
  conditionsOf,
  delayOf,
  extensionOf,
  fhirPathOf,
  placeOf,
  refuseOthers,
  UnfitDefinition,
} from './read-definition.ts'

const STEP_ELEMENTS = [
  ...['id', 'title', 'description', 'code', 'priority', 'condition', 'participant', 'timingDuration', 'relatedAction'],
  ...['timingTiming', 'dynamicValue'],
]
const STEP_EXTENSIONS = [COMPLIANCE_WINDOW, ESCALATION, EVIDENCE, PAUSABLE, UNATTENDED]
const CHOICE_ELEMENTS = ['id', 'title', 'description', 'selectionBehavior', 'action']

/** Elements of Task that a dynamicValue can set: what it says and whose work it is, never what state it is in. */
export const DYNAMIC_PATHS = [
  ...['description', 'location', 'note', 'owner', 'performerType', 'priority', 'reasonCode', 'reasonReference'],
]

/** @throws UnfitDefinition for a type whose writes would not be told of */
export const refuseUnknownType = (place: string, type: string | undefined): string => {
  const known: readonly string[] = FACT_TYPES
  if (!type || !known.includes(type))
    throw new UnfitDefinition(place, `${type} is not looked at; the types are ${known.join(', ')}`)
  return type
}

const EVIDENCE_PARTS = ['type', 'expression', 'date', 'count', 'within-window', 'result']

const evidenceOf = (place: string, { extension = [] }: Extension): Evidence => {
  const unknown = extension.find(({ url }) => !EVIDENCE_PARTS.includes(url))
  if (unknown) throw new UnfitDefinition(place, `evidence has no part "${unknown.url}"`)
  const part = (url: string) => extension.find((candidate) => candidate.url === url)
  return {
    type: refuseUnknownType(`${place}, evidence`, part('type')?.valueCode),
    expression: fhirPathOf(place, part('expression')?.valueExpression),
    date: fhirPathOf(place, part('date')?.valueExpression),
    count: part('count')?.valuePositiveInt ?? 1,
    withinWindow: part('within-window')?.valueBoolean ?? false,
    result: part('result')?.valueCode ?? 'completed',
  }
}

const dynamicValueOf = (
  place: string,
  { path, expression, ...others }: NonNullable<PlanDefinitionAction['dynamicValue']>[number],
): DynamicValue => {
  refuseOthers(place, others, ['id'])
  if (!path || !DYNAMIC_PATHS.includes(path))
    throw new UnfitDefinition(place, `dynamicValue.path must be one of ${DYNAMIC_PATHS.join(', ')}`)
  return { path, expression: fhirPathOf(place, expression) }
}

const relationsOf = (action: PlanDefinitionAction): Pick<Step, 'noLaterThan' | 'after'> => {
  const place = placeOf(action)
  const noLaterThan: string[] = []
  let after: Step['after']
  for (const { actionId, relationship, offsetDuration, ...others } of action.relatedAction ?? []) {
    refuseOthers(place, others, ['id'])
    if (relationship === 'before-end' && !offsetDuration) noLaterThan.push(actionId)
    else if (relationship === 'after-end' && !after)
      after = { step: actionId, ...(offsetDuration && { offset: delayOf(place, offsetDuration) }) }
    else
      throw new UnfitDefinition(
        place,
        'relatedAction.relationship must be before-end without an offset, or once after-end',
      )
  }
  if (after?.offset && action.timingTiming)
    throw new UnfitDefinition(place, 'a step that recurs after-end of another is timed by its timingTiming: no offset')
  if (after && (noLaterThan.length || action.timingDuration))
    throw new UnfitDefinition(place, 'a step after-end of another is timed by its offsetDuration alone')
  return { noLaterThan, ...(after && { after }) }
}

const ladderOf = (place: string, action: PlanDefinitionAction): Pick<Step, 'ladder'> => {
  try {
    const ladder = readLadder(action.extension)
    return ladder ? { ladder } : {}
  } catch (error) {
    throw new UnfitDefinition(place, error instanceof Error ? error.message : 'escalation cannot be read')
  }
}

/** @throws UnfitDefinition for what has no meaning for something that comes again and again */
const recurrenceOf = (place: string, action: PlanDefinitionAction): { recurrence?: StepRecurrence } => {
  const { timingTiming, timingDuration, relatedAction = [] } = action
  if (!timingTiming) return {}
  if (timingDuration) throw new UnfitDefinition(place, 'timingTiming or timingDuration, not both')
  if (extensionOf(action, COMPLIANCE_WINDOW))
    throw new UnfitDefinition(place, 'a step with a timingTiming has no compliance-window: each occurrence has its own')
  if (relatedAction.some(({ relationship }) => relationship === 'before-end'))
    throw new UnfitDefinition(place, 'a step with a timingTiming cannot be before-end of another')
  return { recurrence: stepRecurrenceOf(place, timingTiming) }
}

const stepOf = (action: PlanDefinitionAction): Step => {
  const place = placeOf(action)
  refuseOthers(place, action, STEP_ELEMENTS, STEP_EXTENSIONS)
  const { id, title, description, code, priority, participant, timingDuration } = action
  if (!id || !title || !code?.[0]) throw new UnfitDefinition(place, 'needs an id, a title and a code')
  const compliance = extensionOf(action, COMPLIANCE_WINDOW)?.valueDuration
  return {
    id,
    title,
    ...(description && { description }),
    code: code[0],
    priority: priority ?? 'routine',
    performerType: (participant ?? []).flatMap(({ role }) => (role ? [role] : [])),
    conditions: conditionsOf(action),
    ...(timingDuration && { offset: delayOf(place, timingDuration) }),
    ...recurrenceOf(place, action),
    ...(compliance && { compliance: delayOf(place, compliance) }),
    ...relationsOf(action),
    pausable: extensionOf(action, PAUSABLE)?.valueBoolean ?? false,
    unattended: extensionOf(action, UNATTENDED)?.valueBoolean ?? false,
    evidence: (action.extension ?? []).filter(({ url }) => url === EVIDENCE).map((each) => evidenceOf(place, each)),
    ...ladderOf(place, action),
    dynamicValues: (action.dynamicValue ?? []).map((each) => dynamicValueOf(place, each)),
  }
}

/** The step that an action is, or those that it lets the engine choose of. @throws UnfitDefinition */
export const stepsOf = (action: PlanDefinitionAction): Step[] => {
  if (!action.action) return [stepOf(action)]
  refuseOthers(placeOf(action), action, CHOICE_ELEMENTS)
  const { id, selectionBehavior } = action
  if (!id || selectionBehavior !== 'exactly-one')
    throw new UnfitDefinition(placeOf(action), 'a group needs an id and the selectionBehavior exactly-one')
  return action.action.map((alternative) => {
    const step = stepOf(alternative)
    if (step.recurrence) throw new UnfitDefinition(placeOf(alternative), 'one of a group of alternatives cannot recur')
    return { ...step, oneOf: id }
  })
}
