import type { CodeableConcept, DataRequirement, Duration, PlanDefinition, PlanDefinitionAction, Task } from 'fhir/r4'
import type { RollForward } from './calendar.ts'
import { BUSINESS_DAYS, COUNT_ANCHOR_DAY, ROLL_FORWARD } from './codes.ts'
import type { Offset } from './window.ts'

/** A PlanDefinition as the engine runs it. */
export interface Pathway {
  url: string
  /** `url|version` */
  canonical: string
  title: string
  categories: readonly CodeableConcept[]
  /** name of the event that starts it */
  trigger: string
  /** FHIRPath; all must hold */
  conditions: readonly string[]
  /** what the conditions look at, by variable */
  inputs: readonly Input[]
  /** how long it runs from its anchor */
  duration: Offset
  steps: readonly Step[]
}

/** The patient's resources of one type, as the FHIRPath variable `%name`. */
export interface Input {
  name: string
  type: string
}

/** An action that becomes a Task. */
export interface Step {
  id: string
  title: string
  description?: string
  code: CodeableConcept
  priority: NonNullable<Task['priority']>
  performerType: readonly CodeableConcept[]
  conditions: readonly string[]
  offset?: Offset
  /** due no later than these steps, or than the step taken of these groups */
  noLaterThan: readonly string[]
  /** id of the group of which only the first step that applies is taken */
  oneOf?: string
}

/** Elements the engine carries out. Any other makes a definition unfit, so that no instruction is ignored in silence. */
const GROUP_ELEMENTS = ['id', 'title', 'description', 'trigger', 'condition', 'input', 'timingDuration', 'action']
const CHOICE_ELEMENTS = ['id', 'title', 'description', 'selectionBehavior', 'action']
const STEP_ELEMENTS = [
  ...['id', 'title', 'description', 'code', 'priority', 'condition', 'participant', 'timingDuration', 'relatedAction'],
]

const CALENDAR_DAY = 'd'
const ROLLS: readonly string[] = ['none', 'next-bd', 'previous-bd'] satisfies RollForward[]

/** @throws Error naming the element, when the definition asks for what the engine does not do */
export const readPathway = (definition: PlanDefinition): Pathway => {
  const unfit = (place: string, problem: string): Error =>
    new Error(`PlanDefinition ${definition.url ?? definition.id}, ${place}: ${problem}`)

  const refuseOthers = (action: PlanDefinitionAction, elements: readonly string[]): void => {
    const other = Object.keys(action).find((element) => !elements.includes(element))
    if (other) throw unfit(`action ${action.id}`, `"${other}" is not carried out here; remove it`)
  }

  const conditionsOf = (action: PlanDefinitionAction): string[] =>
    (action.condition ?? []).map(({ kind, expression }) => {
      if (kind !== 'applicability' || expression?.language !== 'text/fhirpath' || !expression.expression)
        throw unfit(`action ${action.id}`, 'conditions must be of kind applicability, in text/fhirpath')
      return expression.expression
    })

  const inputOf = ({ id, type, ...others }: DataRequirement): Input => {
    if (!id || Object.keys(others).length)
      throw unfit(`input ${id ?? type}`, 'must have an id and a type and nothing else')
    return { name: id, type }
  }

  const offsetOf = (action: PlanDefinitionAction, duration: Duration): Offset => {
    const extension = (url: string) => duration.extension?.find((candidate) => candidate.url === url)
    const businessDays = extension(BUSINESS_DAYS)?.valuePositiveInt
    const { value, code } = duration
    const rollForward = extension(ROLL_FORWARD)?.valueCode ?? 'none'
    if (!ROLLS.includes(rollForward))
      throw unfit(`action ${action.id}`, `roll-forward must be one of ${ROLLS.join(', ')}`)
    const isDays = Number.isInteger(value) && value! >= 0 && code === CALENDAR_DAY
    if ((businessDays === undefined) !== isDays)
      throw unfit(
        `action ${action.id}`,
        'timingDuration must be whole days (UCUM d) or the extension business-days, not both',
      )
    return {
      ...(businessDays === undefined
        ? { unit: 'calendar-day', days: value! }
        : { unit: 'business-day', days: businessDays }),
      countAnchorDay: extension(COUNT_ANCHOR_DAY)?.valueBoolean ?? true,
      rollForward: rollForward as RollForward,
    }
  }

  const stepOf = (action: PlanDefinitionAction): Step => {
    refuseOthers(action, STEP_ELEMENTS)
    const { id, title, description, code, priority, participant, timingDuration, relatedAction } = action
    if (!id || !title || !code?.[0]) throw unfit(`action ${id ?? title}`, 'needs an id, a title and a code')
    const noLaterThan = (relatedAction ?? []).map(({ actionId, relationship }) => {
      if (relationship !== 'before-end') throw unfit(`action ${id}`, 'relatedAction.relationship must be before-end')
      return actionId
    })
    return {
      id,
      title,
      ...(description && { description }),
      code: code[0],
      priority: priority ?? 'routine',
      performerType: (participant ?? []).flatMap(({ role }) => (role ? [role] : [])),
      conditions: conditionsOf(action),
      ...(timingDuration && { offset: offsetOf(action, timingDuration) }),
      noLaterThan,
    }
  }

  const stepsOf = (action: PlanDefinitionAction): Step[] => {
    if (!action.action) return [stepOf(action)]
    refuseOthers(action, CHOICE_ELEMENTS)
    const { id, selectionBehavior } = action
    if (!id || selectionBehavior !== 'exactly-one')
      throw unfit(`action ${id ?? action.title}`, 'a group needs an id and the selectionBehavior exactly-one')
    return action.action.map((alternative) => ({ ...stepOf(alternative), oneOf: id }))
  }

  const { url, version, title, action: groups = [] } = definition
  const [group, secondGroup] = groups
  if (!url || !version || !title) throw unfit('header', 'needs a url, a version and a title')
  if (!group?.id || secondGroup) throw unfit('action', 'needs exactly one action at the top, with an id')
  refuseOthers(group, GROUP_ELEMENTS)
  const trigger = group.trigger?.length === 1 && group.trigger[0]?.type === 'named-event' && group.trigger[0].name
  if (!trigger) throw unfit(`action ${group.id}`, 'needs exactly one trigger, of type named-event')
  if (!group.timingDuration) throw unfit(`action ${group.id}`, 'needs a timingDuration: how long the plan runs')
  const steps = (group.action ?? []).flatMap(stepsOf)
  const untimed = new Set(steps.filter((step) => !step.offset).flatMap(({ id, oneOf }) => [id, oneOf]))
  const known = new Set(steps.flatMap(({ id, oneOf }) => [id, oneOf]))
  for (const step of steps)
    if (step.noLaterThan.some((id) => !known.has(id) || untimed.has(id)))
      throw unfit(`action ${step.id}`, 'relatedAction must name an action of this plan with a timing of its own')
  return {
    url,
    canonical: `${url}|${version}`,
    title,
    categories: definition.topic ?? [],
    trigger,
    conditions: conditionsOf(group),
    inputs: (group.input ?? []).map(inputOf),
    duration: offsetOf(group, group.timingDuration),
    steps,
  }
}
