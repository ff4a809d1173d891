import type { PlanDefinition, PlanDefinitionAction, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { occurrenceOf } from '../../follow-up/recurrence/occurrence.ts'
import { occurrenceStepId } from '../../follow-up/recurrence/unroll-steps.ts'
import { taskId } from '../apply.ts'
import { ConditionFailed } from '../conditions.ts'
import { definitionBehind, type FoundDefinition } from '../find-definition.ts'
import { encounterIdOf } from '../look-again.ts'
import type { Pathway, Step } from '../pathway.ts'
import { UnfitDefinition } from '../read-definition.ts'
import { readPathway } from '../read-pathway.ts'
import { createRound } from '../round.ts'
import { readTransition, type Transition } from '../transition.ts'
import type { ExplainedCondition, ExplainedRule } from './explanation.ts'

/** The rule of a Task with what it is decided on now. */
export interface Rule {
  explained: ExplainedRule
  step?: Step
  transition?: Transition
}

const groupOf = ({ action }: PlanDefinition): PlanDefinitionAction | undefined => action?.[0]

const actionWith = (actions: readonly PlanDefinitionAction[] = [], id: string): PlanDefinitionAction | undefined => {
  for (const action of actions) {
    const found = action.id === id ? action : actionWith(action.action, id)
    if (found) return found
  }
  return undefined
}

/** Ids say which step it is: they follow from the trigger, the definition and the step, and the number of the occurrence. */
const stepOf = (task: Task, pathway: Pathway): Step | undefined => {
  const { focus, id, code, encounter } = task
  const { sequence } = occurrenceOf(task) ?? {}
  const nameOf = ({ id: step, recurrence }: Step): string =>
    recurrence && sequence !== undefined ? occurrenceStepId(step, sequence) : step
  const byId = pathway.steps.find((step) => taskId(encounter?.reference ?? '', pathway, { id: nameOf(step) }) === id)
  if (byId || !focus) return byId
  // A plan without an Encounter has a trigger that is written nowhere.
  const ofCode = pathway.steps.filter((step) => step.code.coding?.[0]?.code === code?.coding?.[0]?.code)
  return ofCode.length === 1 ? ofCode[0] : undefined
}

const recurrenceOf = (task: Task, step: Step | undefined): Pick<ExplainedRule, 'recurrence'> => {
  const { sequence } = occurrenceOf(task) ?? {}
  if (!step?.recurrence || sequence === undefined) return {}
  const { timing, isFloating } = step.recurrence
  return { recurrence: { sequence, timing, anchor: isFloating ? 'floating' : 'fixed' } }
}

const transitionOf = async (careloop: Careloop, pathway: Pathway, task: Task): Promise<Transition | undefined> => {
  const id = encounterIdOf(task)
  const round = createRound(careloop)
  const stay = id === undefined ? undefined : await round.stay(id)
  if (!stay?.resource) return undefined
  try {
    return await readTransition(careloop, round, pathway, { ...stay, resource: stay.resource })
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined
    throw error
  }
}

const conditionsOf = (
  action: PlanDefinitionAction | undefined,
  of: ExplainedCondition['of'],
  transition: Transition | undefined,
): ExplainedCondition[] =>
  (action?.condition ?? []).flatMap(({ expression }): ExplainedCondition[] => {
    if (!expression?.expression) return []
    const holds = transition?.holds([expression.expression], action?.id ?? '')
    return [
      {
        of,
        ...(expression.description && { description: expression.description }),
        expression: expression.expression,
        ...(holds !== undefined && { holds }),
      },
    ]
  })

/** Undefined for a definition that is for other software: a client may name any. */
const pathwayIn = ({ definition, source }: FoundDefinition): Pathway | undefined => {
  try {
    return readPathway(definition, source)
  } catch (error) {
    if (error instanceof UnfitDefinition) return undefined
    throw error
  }
}

/** The rule that a Task says it was made by; undefined when it names none. */
export const explainRule = async (careloop: Careloop, task: Task): Promise<Rule | undefined> => {
  const { instantiatesCanonical, instantiatesUri } = task
  if (!instantiatesCanonical) return undefined
  const found = await definitionBehind(careloop, instantiatesCanonical, instantiatesUri)
  const pathway = found && pathwayIn(found)
  if (!found || !pathway)
    return {
      explained: {
        title: instantiatesCanonical,
        canonical: instantiatesCanonical,
        conditions: [],
        stops: [],
        inputs: [],
        noLaterThan: [],
      },
    }
  const { definition, source } = found
  const step = stepOf(task, pathway)
  const transition = await transitionOf(careloop, pathway, task)
  return {
    ...(step && { step }),
    ...(transition && { transition }),
    explained: {
      title: pathway.title,
      canonical: pathway.canonical,
      ...(source && { source }),
      phase: pathway.trigger,
      ...(step && { step: { id: step.id, title: step.title } }),
      conditions: [
        ...conditionsOf(groupOf(definition), 'plan', transition),
        ...(step ? conditionsOf(actionWith(definition.action, step.id), 'step', transition) : []),
      ],
      stops: [...new Set(pathway.stops.map(({ reason }) => reason))],
      inputs: pathway.inputs.map(({ name, type }) => ({ name, type })),
      ...recurrenceOf(task, step),
      ...(step?.after && { after: step.after.step }),
      noLaterThan: step?.noLaterThan ?? [],
      ...(step?.oneOf && { oneOf: step.oneOf }),
    },
  }
}
