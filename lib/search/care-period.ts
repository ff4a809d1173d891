import type { Resource } from '../fhir.ts'
import { careDates } from '../resources/care-dates.ts'
import { type DateRange, dateRangeOf } from './date.ts'
import { elementsAt } from './elements.ts'
import type { SearchParameters } from './search-parameters.ts'
import type { Zone } from './zone.ts'

/**
 * Whether a resource is about care at some time in `span`. One that says of no time when its care takes place is about any.
 * @param parameters those of its type
 */
export const isCareWithin = (
  { low, high }: DateRange,
  resource: Readonly<Resource>,
  parameters: SearchParameters,
  zone: Zone,
): boolean => {
  const paths = (careDates[resource.resourceType] ?? []).flatMap((code) => parameters.get(code)?.paths ?? [])
  const dates = paths.flatMap(({ steps, datatype }) =>
    elementsAt(resource, steps).flatMap((element) => dateRangeOf(element, datatype, zone) ?? []),
  )
  return !dates.length || dates.some((date) => date.low <= high && low <= date.high)
}
