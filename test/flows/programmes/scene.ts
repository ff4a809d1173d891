import type { CarePlan, Task } from 'fhir/r4'
import type { TenantSettings } from '../../../lib/tenant.ts'
import { SimulatedTenant } from '../simulated-tenant.ts'

const BASE = 'https://careloop.dev/fhir'
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'

export const patient = (birthDate = '1951-03-14', others: object = {}): object => ({
  resourceType: 'Patient',
  id: 'amelia',
  birthDate,
  ...others,
})
const subject = { reference: 'Patient/amelia' }

/** An Encounter of Patient/amelia that is over. */
export const encounter = (id: string, code: string, start: string, end?: string, others: object = {}): object => ({
  resourceType: 'Encounter',
  id,
  status: end ? 'finished' : 'in-progress',
  class: { system: ACT_CODE, code },
  subject,
  period: { start, ...(end && { end }) },
  ...others,
})

/** A visit with a practitioner. */
export const visit = (id: string, start: string, others: object = {}): object =>
  encounter(id, 'AMB', start, start, { participant: [{ individual: { reference: 'Practitioner/gp' } }], ...others })

const icd = (code: string) => ({ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] })
export const reason = (...codes: string[]): object => ({ reasonCode: codes.map(icd) })
export const condition = (id: string, code: string, others: object = {}): object => ({
  resourceType: 'Condition',
  id,
  subject,
  code: icd(code),
  ...others,
})
/** Conditions as the diagnoses of an Encounter, the first of rank 1. */
export const diagnoses = (...ids: string[]): object => ({
  diagnosis: ids.map((id, index) => ({ condition: { reference: `Condition/${id}` }, rank: index + 1 })),
})

export const contact = (id: string, sent: string, outcome: string, others: object = {}): object => ({
  resourceType: 'Communication',
  id,
  status: 'completed',
  category: [{ coding: [{ system: `${BASE}/CodeSystem/communication-category`, code: 'contact-attempt' }] }],
  extension: [{ url: `${BASE}/StructureDefinition/contact-outcome`, valueCode: outcome }],
  subject,
  recipient: [subject],
  sent,
  ...others,
})

export const reconciliation = (id: string, performedDateTime: string, others: object = {}): object => ({
  resourceType: 'Procedure',
  id,
  status: 'completed',
  code: { coding: [{ system: 'http://snomed.info/sct', code: '430193006' }] },
  subject,
  performedDateTime,
  ...others,
})

export const optOut = (status = 'active'): object => ({
  resourceType: 'Consent',
  id: 'opt-out',
  status,
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'treatment' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: subject,
  policyRule: { coding: [{ system: ACT_CODE, code: 'OPTOUT' }] },
})

const hospice = { coding: [{ system: `${BASE}/CodeSystem/episode-type`, code: 'hospice' }] }
export const hospiceEpisode = (status = 'active'): object => ({
  resourceType: 'EpisodeOfCare',
  id: 'hospice',
  status,
  type: [hospice],
  patient: subject,
})
export const hospiceFlag = (status = 'active'): object => ({
  resourceType: 'Flag',
  id: 'hospice',
  status,
  code: hospice,
  subject,
})

export const summary = (id: string, date: string): object => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  type: { coding: [{ system: 'http://loinc.org', code: '18842-5' }] },
  subject,
  date,
  content: [{ attachment: { contentType: 'application/pdf' } }],
})

/** A tenant to whom all of this has happened, one after the other, at `now`. */
export const tenantAt = async (
  now: string,
  resources: readonly object[],
  settings: Partial<TenantSettings> = {},
): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant(now, settings)
  await told(tenant, ...resources)
  return tenant
}

/** Something more happens, and everything it leads to. */
export const told = async (tenant: SimulatedTenant, ...resources: readonly object[]): Promise<void> => {
  for (const resource of resources) await tenant.put(resource)
  await tenant.settle()
}

export const codeOf = (task: Task): string => task.code!.coding![0]!.code!

/** The Tasks by code, the first of each. */
export const tasksOf = async (tenant: SimulatedTenant): Promise<Record<string, Task>> =>
  Object.fromEntries((await tenant.all<Task>('Task')).map((task) => [codeOf(task), task] as const).reverse())

/** `status` of a Task, with its reason or business status where that says more. */
const state = ({ status, statusReason, businessStatus }: Task): string => {
  const reason = status === 'cancelled' ? statusReason?.coding?.[0]?.code : undefined
  const business = status === 'ready' ? businessStatus?.coding?.[0]?.code : undefined
  const more = reason ?? (business === 'new' || business === 'assigned' ? undefined : business)
  return more ? `${status}: ${more}` : status
}

/** What became of the Tasks whose codes start with one of these, by code. */
export const statesOf = async (tenant: SimulatedTenant, ...prefixes: string[]): Promise<Record<string, string>> => {
  const tasks = Object.entries(await tasksOf(tenant))
  const chosen = prefixes.length ? tasks.filter(([code]) => prefixes.some((prefix) => code.startsWith(prefix))) : tasks
  return Object.fromEntries(chosen.map(([code, task]) => [code, state(task)] as const).sort())
}

export const planOf = async (tenant: SimulatedTenant, id: string): Promise<CarePlan | undefined> =>
  (await tenant.all<CarePlan>('CarePlan')).find(({ instantiatesCanonical }) =>
    instantiatesCanonical?.some((canonical) => canonical.startsWith(`${BASE}/PlanDefinition/${id}|`)),
  )
