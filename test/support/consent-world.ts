import type { TestApi } from './api.ts'
import { callingWith } from './calling-with.ts'

/** Stands in what is labelled, and nowhere else. */
export const MARKER = 'zqxsecret'

export interface Label {
  system: string
  code: string
  /** one consent for treatment is enough, whoever asks */
  isForAll: boolean
}

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason'

export const labels: readonly Label[] = [
  ...['42CFRPart2', 'ETH', 'SUD'].map((code) => ({ system: ACT_CODE, code, isForAll: true })),
  ...['PSY', 'HIV', 'SDV'].map((code) => ({ system: ACT_CODE, code, isForAll: false })),
  { system: CONFIDENTIALITY, code: 'R', isForAll: true },
  { system: CONFIDENTIALITY, code: 'V', isForAll: false },
]

export const consentStates = [
  'none',
  'permit',
  'permit, naming',
  'permit of everything but labels',
  'deny',
  'permit and deny',
  'expired',
  'of another patient',
  'withdrawn',
] as const
export type Consenting = (typeof consentStates)[number]

const ACTORS = [
  { reference: { reference: 'Practitioner/nora' } },
  { reference: { identifier: { value: 'ehr' } } },
  { reference: { reference: 'Organization/helpers' } },
].map((actor) => ({ role: { text: 'recipient' }, ...actor }))

interface ConsentParts {
  id: string
  label?: Label
  patient?: string
  status?: string
  provision?: Record<string, unknown>
}

/** A Consent to treatment, of what bears the label. */
export const consent = ({ id, label, patient = 'anna', status = 'active', provision = {} }: ConsentParts) => ({
  resourceType: 'Consent',
  id,
  status,
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
  category: [{ coding: [{ system: ACT_CODE, code: 'IDSCL' }] }],
  patient: { reference: `Patient/${patient}` },
  policyRule: { text: '42 CFR 2.31' },
  provision: {
    type: 'permit',
    purpose: [{ system: ACT_REASON, code: 'TREAT' }],
    ...(label && { securityLabel: [{ system: label.system, code: label.code }] }),
    ...provision,
  },
})

const consentsIn = (state: Consenting, label: Label): ReturnType<typeof consent>[] => {
  const deny = consent({ id: 'no', label, provision: { type: 'deny' } })
  const states: Readonly<Record<Consenting, ReturnType<typeof consent>[]>> = {
    none: [],
    permit: [consent({ id: 'yes', label })],
    'permit, naming': [consent({ id: 'yes', label, provision: { actor: ACTORS } })],
    'permit of everything but labels': [consent({ id: 'yes', provision: { actor: ACTORS } })],
    deny: [deny],
    'permit and deny': [consent({ id: 'yes', label, provision: { actor: ACTORS } }), deny],
    expired: [consent({ id: 'yes', label, provision: { actor: ACTORS, period: { end: '2025-12-31' } } })],
    'of another patient': [consent({ id: 'yes', label, patient: 'ben', provision: { actor: ACTORS } })],
    withdrawn: [consent({ id: 'yes', label, status: 'inactive', provision: { actor: ACTORS } })],
  }
  return states[state]
}

const ANNA = { reference: 'Patient/anna' }
const UCUM = 'http://unitsofmeasure.org'
const WEIGHT = { system: 'http://loinc.org', code: '29463-7' }
const weightTarget = [
  { measure: { coding: [WEIGHT] }, detailQuantity: { value: 70, system: UCUM, code: 'kg' }, dueDate: '2026-12-01' },
]
const secret = { text: MARKER }
const coded = { coding: [{ system: 'urn:codes', code: MARKER }], text: MARKER }

/** What is labelled: all of the types of the core, and what comes along with them. */
const secrets = (label: Label): Record<string, unknown>[] => {
  const meta = { security: [{ system: label.system, code: label.code }] }
  return [
    {
      resourceType: 'Condition',
      id: 'hidden-condition',
      meta,
      identifier: [{ system: 'urn:c', value: MARKER }],
      code: coded,
      subject: ANNA,
      encounter: { reference: 'Encounter/hidden-encounter' },
    },
    {
      resourceType: 'Encounter',
      id: 'hidden-encounter',
      meta,
      status: 'finished',
      class: { system: ACT_CODE, code: 'IMP' },
      type: [secret],
      subject: ANNA,
      period: { start: '2025-12-01T10:00:00Z', end: '2025-12-03T10:00:00Z' },
    },
    {
      resourceType: 'Observation',
      id: 'hidden-observation',
      meta,
      status: 'final',
      code: { coding: [WEIGHT], text: MARKER },
      subject: ANNA,
      effectiveDateTime: '2025-12-20',
      valueQuantity: { value: 80, system: UCUM, code: 'kg', unit: MARKER },
    },
    {
      resourceType: 'Goal',
      id: 'hidden-goal',
      meta,
      lifecycleStatus: 'active',
      description: secret,
      subject: ANNA,
      target: weightTarget,
    },
    {
      resourceType: 'CarePlan',
      id: 'hidden-plan',
      meta,
      status: 'active',
      intent: 'plan',
      title: MARKER,
      instantiatesCanonical: ['https://careloop.dev/fhir/PlanDefinition/transition-of-care'],
      period: { start: '2025-12-31' },
      subject: ANNA,
      encounter: { reference: 'Encounter/plain-encounter' },
    },
    {
      resourceType: 'Appointment',
      id: 'hidden-appointment',
      meta,
      status: 'proposed',
      description: MARKER,
      participant: [{ actor: ANNA, status: 'accepted' }],
    },
    // These take their labels from what they are about.
    {
      resourceType: 'ServiceRequest',
      id: 'hidden-request',
      status: 'active',
      intent: 'order',
      code: coded,
      subject: ANNA,
      encounter: { reference: 'Encounter/hidden-encounter' },
      requester: { reference: 'Practitioner/nora' },
      reasonReference: [{ reference: 'Condition/hidden-condition' }],
    },
    {
      resourceType: 'Task',
      id: 'hidden-task',
      status: 'requested',
      intent: 'order',
      code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }], text: MARKER },
      description: MARKER,
      focus: { reference: 'ServiceRequest/hidden-request' },
      for: ANNA,
      owner: { reference: 'Organization/helpers' },
      requester: { reference: 'Practitioner/nora' },
      authoredOn: '2026-01-02T10:00:00Z',
      restriction: { period: { end: '2026-02-01' } },
    },
    {
      resourceType: 'Task',
      id: 'hidden-work',
      status: 'in-progress',
      intent: 'order',
      description: MARKER,
      focus: { reference: 'Condition/hidden-condition' },
      for: ANNA,
      owner: { reference: 'PractitionerRole/nora-role' },
      restriction: { period: { end: '2026-01-04' } },
    },
    {
      resourceType: 'Communication',
      id: 'hidden-message',
      status: 'completed',
      subject: ANNA,
      about: [{ reference: 'Task/hidden-task' }],
      payload: [{ contentString: MARKER }],
    },
  ]
}

const open: readonly Record<string, unknown>[] = [
  { resourceType: 'Patient', id: 'anna', name: [{ family: 'Alvarez' }] },
  { resourceType: 'Patient', id: 'ben', name: [{ family: 'Brown' }] },
  { resourceType: 'Practitioner', id: 'nora', name: [{ family: 'North' }] },
  { resourceType: 'Organization', id: 'helpers', name: 'Helpers' },
  {
    resourceType: 'PractitionerRole',
    id: 'nora-role',
    practitioner: { reference: 'Practitioner/nora' },
    organization: { reference: 'Organization/helpers' },
  },
  {
    resourceType: 'Encounter',
    id: 'plain-encounter',
    status: 'finished',
    class: { system: ACT_CODE, code: 'IMP' },
    subject: ANNA,
    period: { start: '2025-12-28T10:00:00Z', end: '2025-12-31T10:00:00Z' },
  },
  {
    resourceType: 'Goal',
    id: 'plain-goal',
    lifecycleStatus: 'active',
    description: { text: 'weigh less' },
    subject: ANNA,
    startDate: '2025-12-01',
    target: weightTarget,
  },
  { resourceType: 'Condition', id: 'plain-condition', code: { text: 'asthma' }, subject: ANNA },
  {
    resourceType: 'Task',
    id: 'plain-task',
    status: 'requested',
    intent: 'order',
    for: ANNA,
    owner: { reference: 'Organization/helpers' },
  },
]

/** Puts all of it there, each with a past that bears the marker too, and something that was deleted. `nothing labelled`: only the rest. */
export const plant = async (api: TestApi, label: Label, state: Consenting | 'nothing labelled'): Promise<void> => {
  const load = callingWith(api, { scope: 'system/*.cruds', clientId: 'loader' })
  const put = async (resource: Record<string, unknown>): Promise<void> => {
    const { status, text } = await load('PUT', `/${resource.resourceType}/${resource.id}`, resource)
    if (status >= 300) throw new Error(text)
  }
  for (const resource of open) await put(resource)
  if (state === 'nothing labelled') return
  for (const resource of secrets(label)) await put(resource)
  const [condition] = secrets(label)
  // The label came later than the content.
  await put({ ...condition, id: 'hidden-late', meta: undefined })
  await put({ ...condition, id: 'hidden-late' })
  await put({ ...condition, id: 'hidden-deleted' })
  await load('DELETE', '/Condition/hidden-deleted')
  for (const given of consentsIn(state, label)) await put(given)
}

export interface Row {
  /** where it is not that of the route */
  method?: string
  url: string
  body?: unknown
  headers?: Record<string, string>
  /** would change what is there, were it not hidden */
  changes?: true
  /** a part of what there is: that there may be more is said where what is left is hidden, too */
  isPage?: true
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const parameters = (...parameter: Record<string, unknown>[]) => ({ resourceType: 'Parameters', parameter })
const gets = (type: string, ...urls: string[]) => ({
  resourceType: 'Bundle',
  type,
  entry: urls.map((url) => ({ request: { method: 'GET', url } })),
})
const TYPES = ['Condition', 'Encounter', 'Observation', 'Goal', 'CarePlan', 'ServiceRequest', 'Task', 'Communication']
const NAMES = ['condition', 'encounter', 'observation', 'goal', 'plan', 'request', 'task', 'message']
const hidden = TYPES.map((type, index) => `/${type}/hidden-${NAMES[index]}`)
const past = '/Condition/hidden-late'

const searches = [
  ...TYPES.map((type) => `/${type}?patient=Patient/anna&_total=accurate`),
  ...TYPES.map((type) => `/${type}`),
  `/Condition?code=urn:codes|${MARKER}`,
  `/Condition?identifier=urn:c|${MARKER}`,
  `/Condition?_id=hidden-condition`,
  `/Condition?patient=Patient/anna&_sort=-_lastUpdated`,
  `/Condition?patient=Patient/anna&_summary=true`,
  `/Condition?patient=Patient/anna&_elements=code`,
  '/Task?owner=Organization/helpers&_include=Task:focus&_include:iterate=ServiceRequest:encounter',
  '/Patient?_id=anna&_revinclude=Condition:patient&_revinclude=Task:patient&_revinclude=*',
  // Along what is hidden to what is not.
  '/Patient?_id=anna&_revinclude=ServiceRequest:patient&_include:iterate=ServiceRequest:requester',
  '/Task?_has:Communication:part-of:status=completed&patient=Patient/anna',
  '/Task?focus:ServiceRequest.status=active',
  '/Condition?encounter.status=finished',
  '/CarePlan?status=active&_explain=true',
]
const sought = (url: string): Row => {
  const [path = '', query = ''] = url.split('?')
  return { url: `${path}/_search`, body: query, headers: FORM }
}
const put = (url: string) => ({ url, headers: { 'If-Match': 'W/"1"' }, changes: true as const })
const condition = { resourceType: 'Condition', code: { text: 'x' }, subject: ANNA }
const patch = [{ op: 'replace', path: '/code/text', value: 'x' }]
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' }
const meta = { name: 'meta', valueMeta: { tag: [{ system: 'urn:t', code: 'x' }] } }

const ACUTE = { name: 'acuteAdmission', valueBoolean: true }

const NOBODY: readonly Row[] = []

/** By route, method and path: what is asked there. Empty: it tells nothing of any patient. */
export const rows: Readonly<Record<string, readonly Row[]>> = {
  'GET /[type]/[id]': [
    ...hidden.map((url) => ({ url })),
    { url: past },
    { url: '/Condition/hidden-deleted' },
    { url: '/Task/hidden-task?_elements=description' },
  ],
  'GET /[type]/[id]/_history/[vid]': [
    ...hidden.map((url) => ({ url: `${url}/_history/1` })),
    { url: `${past}/_history/1` },
    { url: '/Condition/hidden-deleted/_history/1' },
    { url: '/Condition/hidden-deleted/_history/2' },
  ],
  'GET /[type]/[id]/_history': [
    ...hidden.map((url) => ({ url: `${url}/_history` })),
    { url: `${past}/_history` },
    { url: '/Condition/hidden-deleted/_history' },
  ],
  'GET /[type]/_history': TYPES.map((type) => ({ url: `/${type}/_history` })),
  'GET /_history': [{ url: '/_history' }, { url: '/_history?_count=5' }],
  'PUT /[type]/[id]': [
    { ...put('/Condition/hidden-condition'), body: { ...condition, id: 'hidden-condition' } },
    { url: '/Condition/hidden-condition', body: { ...condition, id: 'hidden-condition' }, changes: true },
  ],
  'PATCH /[type]/[id]': [{ url: '/Condition/hidden-condition', body: patch, headers: JSON_PATCH, changes: true }],
  'DELETE /[type]/[id]': hidden.map((url) => ({ url, changes: true })),
  'PUT /[type]': [
    { url: `/Condition?_id=hidden-condition`, body: { ...condition, id: 'hidden-condition' }, changes: true },
  ],
  'PATCH /[type]': [{ url: '/Condition?_id=hidden-condition', body: patch, headers: JSON_PATCH, changes: true }],
  'DELETE /[type]': [{ url: '/Condition?_id=hidden-condition', changes: true }],
  'POST /[type]': [
    {
      url: '/Observation',
      body: { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: ANNA },
      headers: { 'If-None-Exist': '_id=hidden-observation' },
      changes: true,
    },
  ],
  'GET /[type]': searches.map((url) => ({ url })),
  'POST /[type]/_search': searches.map(sought),
  'GET /Patient/[id]/[type]': TYPES.map((type) => ({ url: `/Patient/anna/${type}?_total=accurate` })),
  'POST /Patient/[id]/[type]/_search': TYPES.map((type) => sought(`/Patient/anna/${type}?_total=accurate`)),
  'GET /Patient/[id]/*': [{ url: '/Patient/anna/*' }, { url: '/Patient/anna/*?_type=Condition,Task' }],
  'GET /SearchParameter/[id]': NOBODY,
  'GET /SearchParameter': NOBODY,
  'POST /SearchParameter/_search': NOBODY,
  'GET /': [{ url: '/?_type=Condition,Task,CarePlan' }],
  'POST /_search': [{ url: '/_search', body: '_type=Condition,Task&_total=accurate', headers: FORM }],
  'POST /[type]/$validate': [{ url: '/Condition/$validate', body: condition }],
  'GET /[type]/[id]/$validate': hidden.map((url) => ({ url: `${url}/$validate` })),
  'POST /[type]/[id]/$validate': hidden.map((url) => ({ url: `${url}/$validate` })),
  'GET /[type]/[id]/$meta': hidden.map((url) => ({ url: `${url}/$meta` })),
  'POST /[type]/[id]/$meta': hidden.map((url) => ({ url: `${url}/$meta` })),
  'POST /[type]/[id]/$meta-add': [
    { url: '/Condition/hidden-condition/$meta-add', body: parameters(meta), changes: true },
  ],
  'POST /[type]/[id]/$meta-delete': [
    { url: '/Condition/hidden-condition/$meta-delete', body: parameters(meta), changes: true },
  ],
  'GET /[type]/[id]/$everything': [
    { url: '/Patient/anna/$everything' },
    { url: '/Patient/anna/$everything?_type=Condition,Observation&_count=1', isPage: true },
  ],
  'POST /[type]/[id]/$everything': [{ url: '/Patient/anna/$everything' }],
  'GET /[type]/[id]/$disclosures': [
    { url: '/Patient/anna/$disclosures' },
    { url: '/Patient/anna/$disclosures', headers: { Accept: 'text/csv' } },
  ],
  'POST /[type]/[id]/$claim': [
    {
      url: '/Task/hidden-task/$claim',
      body: parameters({ name: 'owner', valueReference: { reference: 'Practitioner/nora' } }),
      changes: true,
    },
  ],
  'POST /[type]/[id]/$readmission-risk': [
    { url: '/Encounter/hidden-encounter/$readmission-risk', body: parameters(ACUTE), changes: true },
    { url: '/Encounter/plain-encounter/$readmission-risk', body: parameters(ACUTE), changes: true },
  ],
  'POST /[type]/[id]/$apply': [
    {
      url: '/PlanDefinition/transition-of-care/$apply',
      body: parameters(
        { name: 'subject', valueString: 'Patient/anna' },
        { name: 'encounter', valueString: 'Encounter/hidden-encounter' },
      ),
    },
  ],
  'GET /[type]/[id]/$apply': [
    { url: '/PlanDefinition/transition-of-care/$apply?subject=Patient/anna' },
    { url: '/PlanDefinition/transition-of-care/$apply?subject=Patient/anna&encounter=Encounter/plain-encounter' },
  ],
  'POST /[type]/[id]/$apply-and-save': [
    {
      url: '/PlanDefinition/transition-of-care/$apply-and-save',
      body: parameters(
        { name: 'subject', valueString: 'Patient/anna' },
        { name: 'encounter', valueString: 'Encounter/hidden-encounter' },
      ),
      changes: true,
    },
  ],
  'GET /[type]/[id]/$explain': [
    { url: '/Task/hidden-task/$explain' },
    { url: '/Task/hidden-task/$explain', headers: { Accept: 'text/plain' } },
    { url: '/Task/plain-task/$explain' },
  ],
  'GET /[type]/[id]/$progress': [
    { url: '/Goal/hidden-goal/$progress' },
    { url: '/Goal/hidden-goal/$progress', headers: { Accept: 'image/svg+xml' } },
    // Of what is not hidden, by what is.
    { url: '/Goal/plain-goal/$progress' },
    { url: '/Goal/plain-goal/$progress', headers: { Accept: 'image/svg+xml' } },
  ],
  'GET /$transition-report': [
    { url: '/$transition-report?period=2025-12' },
    { url: '/$transition-report?period=2025-12', headers: { Accept: 'text/csv' } },
  ],
  'GET /[type]/$caseload': [{ url: '/PractitionerRole/$caseload' }],
  'GET /[type]/[id]/$caseload': [{ url: '/PractitionerRole/nora-role/$caseload' }],
  'GET /[type]/$rebalance': [{ url: '/PractitionerRole/$rebalance' }],
  'POST /[type]/$assign': [
    {
      url: '/Task/$assign',
      body: parameters({ name: 'task', valueReference: { reference: 'Task/hidden-task' } }),
      changes: true,
    },
  ],
  'POST /[type]/[id]/$assign': [{ url: '/Task/hidden-task/$assign', changes: true }],
  'POST /[type]/[id]/$calendar-link': NOBODY,
  'POST /[type]/[id]/$case-conference': [
    {
      url: '/CarePlan/hidden-plan/$case-conference',
      body: parameters({ name: 'start', valueInstant: '2026-02-01T10:00:00Z' }),
      changes: true,
    },
  ],
  'POST /[type]/[id]/$conference-minutes': [
    {
      url: '/Appointment/hidden-appointment/$conference-minutes',
      body: parameters({ name: 'text', valueString: 'x' }),
      changes: true,
    },
  ],
  'GET /$time-report': [
    { url: '/$time-report?period=2026-01' },
    { url: '/$time-report?period=2026-01', headers: { Accept: 'text/csv' } },
  ],
  'POST /[type]/[id]/$referral-link': [{ url: '/Task/hidden-task/$referral-link', changes: true }],
  'GET /$referral-report': [{ url: '/$referral-report?period=2026-01' }, { url: '/$referral-report?period=2026' }],
  'GET /[type]/$expand': NOBODY,
  'POST /[type]/$expand': NOBODY,
  'GET /[type]/[id]/$expand': NOBODY,
  'POST /[type]/[id]/$expand': NOBODY,
  'GET /[type]/$validate-code': NOBODY,
  'POST /[type]/$validate-code': NOBODY,
  'GET /[type]/[id]/$validate-code': NOBODY,
  'POST /[type]/[id]/$validate-code': NOBODY,
  'GET /[type]/$lookup': NOBODY,
  'POST /[type]/$lookup': NOBODY,
  // Takes messages, and tells of its own part in them alone.
  'POST /$process-message': NOBODY,
  'GET /openapi.json': NOBODY,
  'GET /.well-known/smart-configuration': NOBODY,
  'GET /metadata': NOBODY,
  'POST /': [
    { url: '/', body: gets('batch', ...hidden, ...searches, '/Patient/anna/$everything') },
    { url: '/', body: gets('transaction', ...hidden.slice(0, 1)) },
    { url: '/', body: gets('transaction', '/Condition?patient=Patient/anna', '/Task?owner=Organization/helpers') },
  ],
}
