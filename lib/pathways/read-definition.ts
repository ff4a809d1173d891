import type { Duration, Extension, PlanDefinition, PlanDefinitionAction } from 'fhir/r4'
import type { RollForward } from './calendar.ts'
import { BUSINESS_DAYS, BUSINESS_HOURS, COUNT_ANCHOR_DAY, ROLL_FORWARD } from './codes.ts'
import type { Delay, Offset } from './window.ts'

/** A PlanDefinition asks for what the engine does not do. Says where and what; says nothing of patients. */
export class UnfitDefinition extends Error {
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`)
    this.name = 'UnfitDefinition'
  }
}

export const placeOf = (action: PlanDefinitionAction): string =>
  `action ${action.id ?? action.title ?? 'without an id'}`

const OURS = 'https://careloop.dev/'

/** @throws UnfitDefinition naming an element or an extension of ours that is not carried out in such a place */
export const refuseOthers = (
  place: string,
  { extension = [], ...elements }: { extension?: readonly Extension[] },
  known: readonly string[],
  extensions: readonly string[] = [],
): void => {
  const element = Object.keys(elements).find((name) => !known.includes(name))
  if (element) throw new UnfitDefinition(place, `"${element}" is not carried out here; remove it`)
  const unknown = extension.find(({ url }) => url.startsWith(OURS) && !extensions.includes(url))
  if (unknown) throw new UnfitDefinition(place, `the extension ${unknown.url} is not carried out here; remove it`)
}

export const extensionOf = ({ extension }: { extension?: readonly Extension[] }, url: string): Extension | undefined =>
  extension?.find((candidate) => candidate.url === url)

/** The FHIRPath of an Expression. @throws UnfitDefinition */
export const fhirPathOf = (place: string, expression: Extension['valueExpression']): string => {
  if (expression?.language !== 'text/fhirpath' || !expression.expression)
    throw new UnfitDefinition(place, 'expressions must be in text/fhirpath')
  return expression.expression
}

const ROLLS: readonly string[] = ['none', 'next-bd', 'previous-bd'] satisfies RollForward[]
const TIMING_EXTENSIONS = [BUSINESS_DAYS, BUSINESS_HOURS, COUNT_ANCHOR_DAY, ROLL_FORWARD]
const DURATION_ELEMENTS = ['value', 'unit', 'system', 'code']

/** What becomes of a due date that is no business day. @throws UnfitDefinition */
export const rollForwardOf = (place: string, timing: { extension?: readonly Extension[] }): RollForward => {
  const rollForward = extensionOf(timing, ROLL_FORWARD)?.valueCode ?? 'none'
  if (!ROLLS.includes(rollForward)) throw new UnfitDefinition(place, `roll-forward must be one of ${ROLLS.join(', ')}`)
  return rollForward as RollForward
}

/** @throws UnfitDefinition when it is not exactly one of whole days, hours, business days and business hours */
export const delayOf = (place: string, duration: Duration): Delay => {
  refuseOthers(place, duration, DURATION_ELEMENTS, TIMING_EXTENSIONS)
  const businessDays = extensionOf(duration, BUSINESS_DAYS)?.valuePositiveInt
  const businessHours = extensionOf(duration, BUSINESS_HOURS)?.valuePositiveInt
  const { value, code } = duration
  const whole = Number.isInteger(value) && value! >= 0 ? value : undefined
  const days = code === 'd' ? whole : undefined
  const hours = code === 'h' ? whole : undefined
  const given = [businessDays, businessHours, value, code].filter((each) => each !== undefined)
  const read = [businessDays, businessHours, days, hours].filter((each) => each !== undefined)
  if (read.length !== 1 || given.length !== (days === undefined && hours === undefined ? 1 : 2))
    throw new UnfitDefinition(
      place,
      'a duration (timingDuration, offsetDuration) must be whole days or hours (UCUM d, h), business-days or business-hours: one of them',
    )
  if (businessHours !== undefined) return { unit: 'business-hour', hours: businessHours }
  if (hours !== undefined) return { unit: 'hour', hours }
  return {
    ...(businessDays === undefined
      ? { unit: 'calendar-day', days: days! }
      : { unit: 'business-day', days: businessDays }),
    countAnchorDay: extensionOf(duration, COUNT_ANCHOR_DAY)?.valueBoolean ?? true,
    rollForward: rollForwardOf(place, duration),
  }
}

/** The same, of days only. @throws UnfitDefinition */
export const offsetOf = (place: string, duration: Duration): Offset => {
  const delay = delayOf(place, duration)
  if (!('days' in delay)) throw new UnfitDefinition(place, 'timingDuration must be in days here')
  return delay
}

/** The FHIRPath of an action's conditions. @throws UnfitDefinition */
export const conditionsOf = (action: PlanDefinitionAction): string[] =>
  (action.condition ?? []).map(({ kind, expression }) => {
    if (kind !== 'applicability') throw new UnfitDefinition(placeOf(action), 'conditions must be of kind applicability')
    return fhirPathOf(placeOf(action), expression)
  })

export const nameOf = ({ url, id }: PlanDefinition): string => `PlanDefinition ${url ?? id ?? 'without a url'}`
