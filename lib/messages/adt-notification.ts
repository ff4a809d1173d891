import type { Hl7Message } from '@medplum/core'
import type { Encounter, Reference } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Instant, referenceTo } from '../fhir.ts'
import { facilityTimeZone } from '../pathways/facility-time-zone.ts'
import { type Designator, nameOf } from './authority.ts'
import { FACILITY } from './codes.ts'
import { tokenOf } from './identify-patient.ts'
import type { Notification } from './notification.ts'
import { facilityOf, readAdt } from './read-adt.ts'

/** The Organization that has the facility's name as an identifier of our system, else a reference by that identifier alone. */
const providerOf = async ({ search }: Careloop, facility: Designator): Promise<Reference> => {
  const identifier = { system: FACILITY, value: nameOf(facility) }
  const [found] = await search.all('Organization', `identifier=${encodeURIComponent(tokenOf(identifier))}`)
  return found ? { reference: referenceTo(found.type, found.id) } : { identifier }
}

/** An ADT message, read with what is known of its facility. @throws FhirError unprocessable (422) */
export const adtNotification = async (
  careloop: Careloop,
  message: Hl7Message,
  received: Instant,
): Promise<Notification> => {
  const { store, tenant } = careloop
  const serviceProvider = await providerOf(careloop, facilityOf(message))
  const timeZone = await facilityTimeZone(store, { serviceProvider } as Encounter, tenant.timeZone)
  return readAdt(message, { tenant, timeZone, serviceProvider, received })
}
