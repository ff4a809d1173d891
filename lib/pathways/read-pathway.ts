import type { DataRequirement, Extension, PlanDefinition } from 'fhir/r4'
import { refuseUnusable } from '../follow-up/recurrence/step-recurrence.ts'
import { published } from '../resources/published.ts'
import { isWithdrawalReason, STOP, WINDOW_ANCHOR, WITHDRAWALS } from './codes.ts'
import { namesIn } from './expression-names.ts'
import type { Input, Pathway, Step, Stop } from './pathway.ts'
import { PHASES } from './phase-names.ts'
import {
  conditionsOf,
  extensionOf,
  fhirPathOf,
  nameOf,
  offsetOf,
  placeOf,
  refuseOthers,
  UnfitDefinition,
} from './read-definition.ts'
import { refuseUnknownType, stepsOf } from './read-step.ts'
import { longest, type Offset } from './window.ts'

/** Elements the engine carries out. Any other makes a definition unfit, so that no instruction is ignored in silence. */
const GROUP_ELEMENTS = ['id', 'title', 'description', 'trigger', 'condition', 'input', 'timingDuration', 'action']
const GROUP_EXTENSIONS = [STOP, WINDOW_ANCHOR]

const stopOf = (place: string, { extension = [] }: Extension): Stop => {
  const part = (url: string) => extension.find((candidate) => candidate.url === url)
  const reason = part('reason')?.valueCode
  if (!isWithdrawalReason(reason))
    throw new UnfitDefinition(place, `stop: reason must be one of ${Object.keys(WITHDRAWALS).join(', ')}`)
  return { expression: fhirPathOf(place, part('expression')?.valueExpression), reason }
}

const isSearchedBy = (type: string, parameter: string): boolean => Object.hasOwn(published(type).search, parameter)

const codesOf = (place: string, type: string, filters: DataRequirement['codeFilter'] = []): Input['codes'] =>
  filters.map(({ searchParam, code = [], ...others }) => {
    refuseOthers(place, others, ['id'])
    const values = code.map((each) => (each.system === undefined ? `${each.code}` : `${each.system}|${each.code}`))
    if (!searchParam || !values.length) throw new UnfitDefinition(place, 'a codeFilter needs a searchParam and codes')
    if (!isSearchedBy(type, searchParam))
      throw new UnfitDefinition(place, `codeFilter: ${searchParam} is no search parameter of ${type}`)
    return { name: searchParam, values }
  })

const sinceOf = (place: string, type: string, filters: DataRequirement['dateFilter'] = []): Pick<Input, 'since'> => {
  const [filter, second] = filters
  if (!filter) return {}
  const { searchParam, valueDuration, ...others } = filter
  refuseOthers(place, others, ['id'])
  if (second || !searchParam || !valueDuration || !isSearchedBy(type, searchParam))
    throw new UnfitDefinition(place, `at most one dateFilter, with a search parameter of ${type} and a valueDuration`)
  return { since: { parameter: searchParam, before: offsetOf(place, valueDuration) } }
}

const inputOf = ({ id, type, codeFilter, dateFilter, ...others }: DataRequirement): Input => {
  const place = `input ${id ?? type}`
  refuseOthers(place, others, [])
  if (!id) throw new UnfitDefinition(place, 'needs an id: the name of its variable')
  return {
    name: id,
    type: refuseUnknownType(place, type),
    codes: codesOf(place, type, codeFilter),
    ...sinceOf(place, type, dateFilter),
  }
}

/** What every expression may name besides the inputs. */
const VARIABLES = ['subject', 'encounter', 'previous', 'resource', 'anchor', 'received']
/** What FHIRPath itself names: https://hl7.org/fhir/R4/fhirpath.html#vars */
const OF_FHIRPATH = ['context', 'rootResource', 'ucum', 'sct', 'loinc', 'factory', 'terminologies']

const namesOf = (pathway: Pick<Pathway, 'anchor' | 'conditions' | 'stops' | 'inputs' | 'steps'>): Set<string> => {
  const { anchor, conditions, stops, inputs, steps } = pathway
  const expressions = [
    ...(anchor === undefined ? [] : [anchor]),
    ...conditions,
    ...stops.map(({ expression }) => expression),
    ...steps.flatMap((step) => [
      ...step.conditions,
      ...step.evidence.flatMap(({ expression, date }) => [expression, date]),
      ...step.dynamicValues.map(({ expression }) => expression),
    ]),
  ]
  const names = new Set(expressions.flatMap((expression) => [...namesIn(expression)]))
  const known = new Set([...VARIABLES, ...OF_FHIRPATH, ...inputs.map(({ name }) => name)])
  const unknown = [...names].find((name) => !known.has(name) && !name.startsWith('vs-') && !name.startsWith('ext-'))
  if (unknown)
    throw new UnfitDefinition('expression', `%${unknown} is neither an input nor one of ${VARIABLES.join(', ')}`)
  return names
}

const refuseBadRecurrences = (steps: readonly Step[], duration: Offset): void => {
  const recurring = new Set<string>()
  for (const { id, recurrence, after } of steps) {
    if (after && recurring.has(after.step))
      throw new UnfitDefinition(`action ${id}`, 'cannot be after-end of an action that recurs')
    if (!recurrence) continue
    recurring.add(id)
    refuseUnusable(id, recurrence, longest(duration))
  }
}

const refuseBadRelations = (steps: readonly Step[]): void => {
  const ids = steps.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice) throw new UnfitDefinition(`action ${twice}`, 'its id is that of another action too')
  const untimed = new Set(steps.filter((step) => !step.offset).flatMap(({ id, oneOf }) => [id, oneOf]))
  const earlier = new Set<string>()
  const known = new Set(steps.flatMap(({ id, oneOf }) => [id, oneOf]))
  for (const { id, oneOf, noLaterThan, after } of steps) {
    if (noLaterThan.some((other) => !known.has(other) || untimed.has(other)))
      throw new UnfitDefinition(
        `action ${id}`,
        'relatedAction must name an action of this plan with a timing of its own',
      )
    if (after && !earlier.has(after.step))
      throw new UnfitDefinition(
        `action ${id}`,
        'relatedAction after-end must name an action that comes before this one',
      )
    earlier.add(id)
    if (oneOf) earlier.add(oneOf)
  }
}

/**
 * A PlanDefinition as the engine runs it. Whether its expressions can be parsed is not looked at. `source` names the stored version
 * that it is. https://hl7.org/fhir/R4/plandefinition.html
 * @throws Error naming the element, when the definition asks for what the engine does not do
 */
export const readPathway = (definition: PlanDefinition, source?: string): Pathway => {
  try {
    return read(definition, source)
  } catch (error) {
    if (error instanceof UnfitDefinition) throw new UnfitDefinition(nameOf(definition), error.message)
    throw error
  }
}

const read = ({ url, version, title, topic, action: groups = [] }: PlanDefinition, source?: string): Pathway => {
  const [group, secondGroup] = groups
  if (!url || !version || !title) throw new UnfitDefinition('header', 'needs a url, a version and a title')
  if (!group?.id || secondGroup) throw new UnfitDefinition('action', 'needs exactly one action at the top, with an id')
  const place = placeOf(group)
  refuseOthers(place, group, GROUP_ELEMENTS, GROUP_EXTENSIONS)
  const [trigger, secondTrigger] = group.trigger ?? []
  const phase = PHASES.find((known) => trigger?.type === 'named-event' && known === trigger.name)
  if (!phase || secondTrigger)
    throw new UnfitDefinition(place, `needs exactly one trigger, of type named-event: ${PHASES.join(', ')}`)
  if (!group.timingDuration) throw new UnfitDefinition(place, 'needs a timingDuration: how long the plan runs')

  const steps = (group.action ?? []).flatMap(stepsOf)
  refuseBadRelations(steps)
  const duration = offsetOf(place, group.timingDuration)
  refuseBadRecurrences(steps, duration)
  const inputs = (group.input ?? []).map(inputOf)
  const anchor = extensionOf(group, WINDOW_ANCHOR)?.valueExpression
  const parts = {
    ...(anchor && { anchor: fhirPathOf(place, anchor) }),
    conditions: conditionsOf(group),
    stops: (group.extension ?? []).filter((each) => each.url === STOP).map((each) => stopOf(place, each)),
    inputs,
    steps,
  }
  const names = namesOf(parts)
  const startTypes = new Set([
    ...inputs.map(({ type }) => type),
    // Whether a visit led to a stay, and when an Encounter was first heard of, is looked up.
    ...(phase === 'ed-visit-ended' ? ['Encounter'] : []),
    ...(names.has('received') ? ['Communication'] : []),
  ])
  return {
    url,
    canonical: `${url}|${version}`,
    ...(source && { source }),
    title,
    categories: topic ?? [],
    trigger: phase,
    ...parts,
    duration,
    names,
    startTypes,
    types: new Set([...startTypes, ...steps.flatMap(({ evidence }) => evidence).map(({ type }) => type)]),
  }
}
