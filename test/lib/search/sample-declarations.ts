import type { Resource } from '../../../lib/fhir.ts'
import type { ResourceDeclaration } from '../../../lib/resources/declaration.ts'

/** Three small types, declared by hand, that between them have every kind of parameter and of order. */
const declare = (declaration: Omit<ResourceDeclaration, 'check'>): ResourceDeclaration => ({
  ...declaration,
  check: async () => [],
})

export const OPEN_STATUSES = ['requested', 'ready', 'in-progress']

export const task = declare({
  type: 'Task',
  search: {
    'based-on': 'reference basedOn:Reference',
    'business-status': 'token businessStatus:CodeableConcept',
    code: 'token code:CodeableConcept',
    'due-date': 'date restriction.period.end:dateTime',
    focus: 'reference focus:Reference',
    identifier: 'token identifier:Identifier',
    'instantiates-canonical': 'reference(ActivityDefinition) instantiatesCanonical:canonical',
    'instantiates-uri': 'uri instantiatesUri:uri',
    modified: 'date lastModified:dateTime',
    owner: 'reference(Practitioner,Organization,CareTeam,Patient) owner:Reference',
    patient: 'reference(Patient) for:Reference>Patient',
    period: 'date executionPeriod:Period',
    priority: 'token priority:code',
    requester: 'reference(Practitioner,Organization,Patient) requester:Reference',
    status: 'token status:code',
    subject: 'reference for:Reference',
  },
  compartment: ['patient', 'focus'],
  order: {
    parameter: 'due-date',
    point: true,
    listed: true,
    open: { element: 'status', codes: OPEN_STATUSES, lists: ['owner', 'patient'] },
  },
  clocks: (resource) => (resource.wakes as string[] | undefined) ?? [],
})

export const observation = declare({
  type: 'Observation',
  search: {
    code: 'token code:CodeableConcept',
    'code-value-quantity': 'composite(code,value-quantity) :Observation',
    'combo-code': 'token code:CodeableConcept component.code:CodeableConcept',
    'combo-code-value-quantity': 'composite(combo-code,combo-value-quantity) :Observation component:BackboneElement',
    'combo-value-quantity': 'quantity valueQuantity:Quantity component.valueQuantity:Quantity',
    'component-code': 'token component.code:CodeableConcept',
    'component-code-value-quantity': 'composite(component-code,component-value-quantity) component:BackboneElement',
    'component-value-quantity': 'quantity component.valueQuantity:Quantity',
    date: 'date effectiveDateTime:dateTime effectivePeriod:Period effectiveTiming:Timing effectiveInstant:instant',
    identifier: 'token identifier:Identifier',
    patient: 'reference(Patient) subject:Reference>Patient',
    performer: 'reference(Practitioner,Organization,Patient) performer:Reference',
    subject: 'reference(Patient,Group,Device,Location) subject:Reference',
    'value-quantity': 'quantity valueQuantity:Quantity valueSampledData:SampledData valueRange:Range',
  },
  compartment: ['patient', 'performer'],
  order: { parameter: 'date' },
})

export const goal = declare({
  type: 'Goal',
  search: {
    category: 'token category:CodeableConcept',
    patient: 'reference(Patient) subject:Reference>Patient',
    'target-date': 'date target.dueDate:date',
  },
  compartment: ['patient'],
  order: { parameter: 'target-date', repeats: true },
})

export const patient = declare({
  type: 'Patient',
  search: {
    active: 'token active:boolean',
    address: 'string address:Address',
    deceased: 'token :deceased',
    email: 'token telecom[system=email]:ContactPoint',
    family: 'string name.family:string',
    'general-practitioner': 'reference(Practitioner,Organization) generalPractitioner:Reference',
    given: 'string name.given:string',
    identifier: 'token identifier:Identifier',
    name: 'string name:HumanName',
    phone: 'token telecom[system=phone]:ContactPoint',
  },
  compartment: [],
})

export const riskAssessment = declare({
  type: 'RiskAssessment',
  search: {
    'dose-number': 'number doseNumber:positiveInt',
    probability: 'number prediction.probabilityDecimal:decimal',
  },
  compartment: [],
})

export const declarations: ReadonlyMap<string, ResourceDeclaration> = new Map(
  [task, observation, goal, patient, riskAssessment].map((declaration) => [declaration.type, declaration]),
)

export const resource = (resourceType: string, content: object): Resource => ({ resourceType, ...content })
