import type { Consent } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { Resource } from '../../fhir.ts'
import { consentsOf } from '../../follow-up/referrals/consent.ts'
import type { Caller } from '../../interactions/interaction.ts'
import { FhirError } from '../../outcome.ts'
import { partiesOf } from '../access/agency-reach.ts'
import { rolesOf } from '../access/roles.ts'
import { purposesOf } from '../audit/break-glass.ts'
import { patientsOf } from '../audit/patients.ts'
import { isGlassBroken } from './broken-glass.ts'
import { sensitivitiesOf } from './labels.ts'
import { type Asking, isPermitted } from './permission.ts'

/** How much of what is labelled one caller may see, found out as it is needed and remembered for the request. */
export interface Sight {
  sees(resource: Readonly<Resource>): Promise<boolean>
}

/** Past this a request would be nothing but looking at consents. */
const MOST_PATIENTS = 500

const once = <Value>(find: (key: string) => Promise<Value>, most = Number.POSITIVE_INFINITY) => {
  const found = new Map<string, Promise<Value>>()
  return (key: string): Promise<Value> => {
    const known = found.get(key)
    if (known) return known
    if (found.size === most) throw tooMany()
    const value = find(key)
    found.set(key, value)
    return value
  }
}

const tooMany = (): FhirError =>
  new FhirError('unsupportedParameter', [
    {
      code: 'too-costly',
      text: `This would take looking at the consents of more than ${MOST_PATIENTS} patients. Ask for fewer: by patient, or by less time.`,
    },
  ])

/** What cannot be gone through cannot permit anything. */
const noneOfTooMany = (error: unknown): Consent[] => {
  if (error instanceof RangeError) return []
  throw error
}

/** @param careloop unrestricted */
export const createSight = (careloop: Careloop, caller: Caller): Sight => {
  const { clock, tenant } = careloop
  const { reference, clientId } = caller
  const outside = rolesOf(caller).some(({ reach }) => reach === 'agency')

  const asking = once(async (): Promise<Asking> => {
    const parties = reference === undefined ? [] : [reference, ...(await partiesOf(careloop, reference))]
    return {
      parties: clientId === undefined ? parties : [...parties, clientId],
      purposes: purposesOf(caller),
      now: clock.now(),
      timeZone: tenant.timeZone,
      outside,
    }
  })
  const consents = once((patient) => consentsOf(careloop, { reference: patient }).catch(noneOfTooMany), MOST_PATIENTS)
  const glass = once((patient) => isGlassBroken(careloop, caller, patient))

  const seesOf = async (resource: Readonly<Resource>, patient: string): Promise<boolean> =>
    // A patient's own record needs nobody's consent: 42 CFR 2.23.
    patient === reference ||
    isPermitted(await consents(patient), sensitivitiesOf(resource), await asking('')) ||
    (await glass(patient))

  return {
    async sees(resource) {
      const patients = patientsOf(resource)
      // Of whom it is nobody knows, so nobody can have permitted it.
      if (!patients.length) return false
      for (const patient of patients) if (!(await seesOf(resource, patient))) return false
      return true
    },
  }
}
