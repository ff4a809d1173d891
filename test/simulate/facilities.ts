import type { Location } from 'fhir/r4'

/** Where patients stay. Each facility has a time zone of its own, which its discharges are counted in. */
export interface Facility {
  id: string
  timeZone: string
}

export const facilities: readonly Facility[] = [
  { id: 'general-hospital', timeZone: 'America/Chicago' },
  { id: 'harbor-hospital', timeZone: 'America/New_York' },
  { id: 'desert-hospital', timeZone: 'America/Phoenix' },
]

/** https://hl7.org/fhir/R4/extension-timezone.html */
const TIME_ZONE = 'http://hl7.org/fhir/StructureDefinition/timezone'

export const locationOf = ({ id, timeZone }: Facility): Location => ({
  resourceType: 'Location',
  id,
  extension: [{ url: TIME_ZONE, valueCode: timeZone }],
  status: 'active',
  mode: 'instance',
})
