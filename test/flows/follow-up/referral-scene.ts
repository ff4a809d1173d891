import type { Consent, Organization, Provenance, ServiceRequest, Task } from 'fhir/r4'
import type { ReferralStep } from '../../../lib/follow-up/codes.ts'
import { stepId } from '../../../lib/follow-up/referrals/steps.ts'
import type { TenantSettings } from '../../../lib/tenant.ts'
import { SimulatedTenant } from '../simulated-tenant.ts'

export const BASE = 'https://careloop.dev/fhir'
export const REFERRAL_REASON = `${BASE}/CodeSystem/referral-reason`
const CAPACITY =
  'http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus'

/** Friday, 20 November 2026, 10:00 in Chicago; Thursday after it is Thanksgiving. */
export const FRIDAY = '2026-11-20T16:00:00.000Z'

const FULFILL = { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] }

/** Food assistance for Amelia, asked for by Nora, of these in turn. */
export const request = (others: Partial<ServiceRequest> = {}): ServiceRequest => ({
  resourceType: 'ServiceRequest',
  id: 'food',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/amelia' },
  requester: { reference: 'Practitioner/nora' },
  performer: [{ reference: 'Organization/pantry' }, { reference: 'HealthcareService/kitchen' }],
  ...others,
})

/** The referral to the pantry. */
export const referral = (others: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  id: 'ask',
  status: 'requested',
  intent: 'order',
  code: FULFILL,
  focus: { reference: 'ServiceRequest/food' },
  for: { reference: 'Patient/amelia' },
  requester: { reference: 'Practitioner/nora' },
  owner: { reference: 'Organization/pantry' },
  ...others,
})

export const organization = (id: string, isOutside = false): Organization => ({
  resourceType: 'Organization',
  id,
  name: `The ${id}`,
  ...(isOutside && { extension: [{ url: `${BASE}/StructureDefinition/outside-party`, valueBoolean: true }] }),
})

export const service = (id: string, capacity?: string): object => ({
  resourceType: 'HealthcareService',
  id,
  ...(capacity && {
    extension: [
      { url: CAPACITY, extension: [{ url: 'capacityStatus', valueCodeableConcept: { coding: [{ code: capacity }] } }] },
    ],
  }),
})

export const consent = (others: Partial<Consent> = {}): Consent => ({
  resourceType: 'Consent',
  id: 'share',
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IDSCL' }] }],
  patient: { reference: 'Patient/amelia' },
  dateTime: '2026-11-19',
  organization: [{ reference: 'Organization/pantry' }],
  policyRule: { text: 'Signed form' },
  ...others,
})

export const atCapacity = {
  coding: [{ system: REFERRAL_REASON, code: 'at-capacity' }],
  text: 'We are full until spring.',
}

/** A tenant in which Amelia is cared for, and these are stored; nothing has been followed yet. */
export const tenantWith = async (
  resources: readonly object[],
  settings: Partial<TenantSettings> = {},
  now = FRIDAY,
): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant(now, settings)
  await tenant.put({ resourceType: 'Patient', id: 'amelia' })
  for (const resource of resources) await tenant.put(resource)
  return tenant
}

export const taskOf = (tenant: SimulatedTenant, id = 'ask'): Promise<Task> => tenant.read<Task>(`Task/${id}`)

/** The step about a Task, if there is one. */
export const stepOf = async (
  tenant: SimulatedTenant,
  step: ReferralStep,
  focus = 'Task/ask',
): Promise<Task | undefined> => tenant.read<Task>(`Task/${stepId(focus, step)}`).catch(() => undefined)

/** The status of each step there is about a Task. */
export const stepsOf = async (tenant: SimulatedTenant, focus = 'Task/ask'): Promise<Record<string, string>> => {
  const tasks = await tenant.all<Task>('Task', `focus=${focus}`)
  return Object.fromEntries(
    tasks
      .filter(({ code }) => code?.coding?.[0]?.system === `${BASE}/CodeSystem/care-task-type`)
      .map(({ code, status }) => [code!.coding![0]!.code!, status])
      .sort(),
  )
}

export const reasonsOf = async (tenant: SimulatedTenant): Promise<string[]> =>
  (await tenant.all<Provenance>('Provenance', '_sort=recorded')).flatMap(({ reason = [] }) =>
    reason.map(({ coding }) => coding![0]!.code!),
  )
