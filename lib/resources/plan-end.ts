import type { CarePlan } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Instant, Resource } from '../fhir.ts'
import { groupIdentifier } from '../pathways/codes.ts'
import type { TenantCalendar } from './declaration.ts'
import { endInstantOf } from './task-clocks.ts'

/** A period ends with the last of its seconds: it is over with the next. */
const NEXT_SECOND_MS = 1_000

/** When the time of an active plan that a pathway made is over. */
export const planEnd = (resource: Resource, calendar?: TenantCalendar): Instant | undefined => {
  const { status, identifier = [], period } = resource as unknown as CarePlan
  const isOurs = identifier.some(({ system }) => system === groupIdentifier('').system)
  const end = status === 'active' && isOurs ? endInstantOf(period?.end, calendar) : undefined
  return end && instantOf(Date.parse(end) + NEXT_SECOND_MS)
}
