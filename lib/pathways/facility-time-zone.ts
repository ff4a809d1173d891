import type { Encounter, Extension, Reference } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import type { Store } from '../store/store.ts'
import { isTimeZone } from './date-time.ts'

/** https://hl7.org/fhir/R4/extension-timezone.html */
const TIME_ZONE = 'http://hl7.org/fhir/StructureDefinition/timezone'
const LITERAL = /^(Location|Organization)\/([A-Za-z0-9\-.]{1,64})$/

const timeZoneOf = (resource: Resource | undefined): string | undefined => {
  const extensions = (resource?.extension ?? []) as Extension[]
  return extensions.find((extension) => extension.url === TIME_ZONE && isTimeZone(extension.valueCode ?? ''))?.valueCode
}

/** Where the patient was: where they still are or were last, first. */
const places = ({ location = [], serviceProvider }: Encounter): (Reference | undefined)[] => {
  const lastFirst = location
    .map(({ location: place, period }) => ({ place, until: period?.end ?? '9999' }))
    .reverse()
    .sort((a, b) => (a.until < b.until ? 1 : a.until > b.until ? -1 : 0))
  return [...lastFirst.map(({ place }) => place), serviceProvider]
}

/** The Locations and Organizations that an Encounter's time zone may be that of, the best first. */
export const placesOf = (encounter: Encounter): { type: string; id: string }[] =>
  places(encounter).flatMap((place) => {
    const [, type, id] = LITERAL.exec(place?.reference ?? '') ?? []
    return type && id ? [{ type, id }] : []
  })

/** The time zone of the facility of an Encounter: of its last location that states one, else of its provider, else `otherwise`. */
export const facilityTimeZone = async (store: Store, encounter: Encounter, otherwise: string): Promise<string> => {
  const references = placesOf(encounter)
  if (!references.length) return otherwise
  const found = (await store.readMany(references)).flatMap((version) => (version.deleted ? [] : [version.content]))
  for (const { type, id } of references) {
    const timeZone = timeZoneOf(found.find((resource) => resource.resourceType === type && resource.id === id))
    if (timeZone) return timeZone
  }
  return otherwise
}
