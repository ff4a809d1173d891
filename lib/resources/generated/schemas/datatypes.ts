/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { invariants } from '../../invariants/core.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple, type Restricted, targeting } from '../../restrictions.ts'
import { anyResource, type Choice, choice, many, maybe, must, mustChoose, objectsWith, type Shape, some } from '../../schema.ts'
import * as v from './value-sets.ts'

export const object = objectsWith(() => Element)

export const reference = (...types: string[]): Restricted => targeting(Reference, types)

export const elementMembers = (): Shape => ({
  id: maybe(p.elementId),
  extension: many(Extension),
})

export const backboneElementMembers = (): Shape => ({
  ...elementMembers(),
  modifierExtension: many(Extension),
})

export const resourceMembers = (): Shape => ({
  id: maybe(p.resourceId),
  meta: maybe(Meta),
  implicitRules: maybe(p.uri),
  language: maybe(p.code),
})

export const domainResourceMembers = (): Shape => ({
  ...resourceMembers(),
  text: maybe(Narrative),
  contained: many(anyResource),
  extension: many(Extension),
  modifierExtension: many(Extension),
})

export const anyDatatype = (): Choice['types'] => ({
  Base64Binary: p.base64Binary,
  Boolean: p.boolean,
  Canonical: p.canonical,
  Code: p.code,
  Date: p.date,
  DateTime: p.dateTime,
  Decimal: p.decimal,
  Id: p.id,
  Instant: p.instant,
  Integer: p.integer,
  Markdown: p.markdown,
  Oid: p.oid,
  PositiveInt: p.positiveInt,
  String: p.string,
  Time: p.time,
  UnsignedInt: p.unsignedInt,
  Uri: p.uri,
  Url: p.url,
  Uuid: p.uuid,
  Address,
  Age,
  Annotation,
  Attachment,
  CodeableConcept,
  Coding,
  ContactPoint,
  Count,
  Distance,
  Duration,
  HumanName,
  Identifier,
  Money,
  Period,
  Quantity,
  Range,
  Ratio,
  Reference,
  SampledData,
  Signature,
  Timing,
  ContactDetail,
  Contributor,
  DataRequirement,
  Expression,
  ParameterDefinition,
  RelatedArtifact,
  TriggerDefinition,
  UsageContext,
  Dosage,
  Meta,
})

export const Address: Schema = object(() => ({
  ...elementMembers(),
  use: maybe(v.addressUse),
  type: maybe(v.addressType),
  text: maybe(p.string),
  line: many(p.string),
  city: maybe(p.string),
  district: maybe(p.string),
  state: maybe(p.string),
  postalCode: maybe(p.string),
  country: maybe(p.string),
  period: maybe(Period),
}))

export const Age: Schema = object(() => ({
  ...elementMembers(),
  value: maybe(p.decimal),
  comparator: maybe(v.quantityComparator),
  unit: maybe(p.string),
  system: maybe(p.uri),
  code: maybe(p.code),
}), [invariants['age-1'], invariants['qty-3']])

export const Annotation: Schema = object(() => ({
  ...elementMembers(),
  author: choice({ Reference: reference('Practitioner', 'Patient', 'RelatedPerson', 'Organization'), String: p.string }),
  time: maybe(p.dateTime),
  text: must(p.markdown),
}))

export const Attachment: Schema = object(() => ({
  ...elementMembers(),
  contentType: maybe(p.code),
  language: maybe(p.code),
  data: maybe(p.base64Binary),
  url: maybe(p.url),
  size: maybe(p.unsignedInt),
  hash: maybe(p.base64Binary),
  title: maybe(p.string),
  creation: maybe(p.dateTime),
}), [invariants['att-1']])

export const CodeableConcept: Schema = object(() => ({
  ...elementMembers(),
  coding: many(Coding),
  text: maybe(p.string),
}))

export const Coding: Schema = object(() => ({
  ...elementMembers(),
  system: maybe(p.uri),
  version: maybe(p.string),
  code: maybe(p.code),
  display: maybe(p.string),
  userSelected: maybe(p.boolean),
}))

export const ContactDetail: Schema = object(() => ({
  ...elementMembers(),
  name: maybe(p.string),
  telecom: many(ContactPoint),
}))

export const ContactPoint: Schema = object(() => ({
  ...elementMembers(),
  system: maybe(v.contactPointSystem),
  value: maybe(p.string),
  use: maybe(v.contactPointUse),
  rank: maybe(p.positiveInt),
  period: maybe(Period),
}), [invariants['cpt-2']])

export const Contributor: Schema = object(() => ({
  ...elementMembers(),
  type: must(v.contributorType),
  name: must(p.string),
  contact: many(ContactDetail),
}))

export const Count: Schema = object(() => ({
  ...elementMembers(),
  value: maybe(p.decimal),
  comparator: maybe(v.quantityComparator),
  unit: maybe(p.string),
  system: maybe(p.uri),
  code: maybe(p.code),
}), [invariants['cnt-3'], invariants['qty-3']])

export const DataRequirement: Schema = object(() => ({
  ...elementMembers(),
  type: must(v.allTypes),
  profile: many(p.canonical),
  subject: choice({ CodeableConcept, Reference: reference('Group') }),
  mustSupport: many(p.string),
  codeFilter: many(DataRequirementCodeFilter),
  dateFilter: many(DataRequirementDateFilter),
  limit: maybe(p.positiveInt),
  sort: many(DataRequirementSort),
}))

export const DataRequirementCodeFilter: Schema = object(() => ({
  ...elementMembers(),
  path: maybe(p.string),
  searchParam: maybe(p.string),
  valueSet: maybe(p.canonical),
  code: many(Coding),
}), [invariants['drq-1']])

export const DataRequirementDateFilter: Schema = object(() => ({
  ...elementMembers(),
  path: maybe(p.string),
  searchParam: maybe(p.string),
  value: choice({ DateTime: p.dateTime, Period, Duration }),
}), [invariants['drq-2']])

export const DataRequirementSort: Schema = object(() => ({
  ...elementMembers(),
  path: must(p.string),
  direction: must(v.sortDirection),
}))

export const Distance: Schema = object(() => ({
  ...elementMembers(),
  value: maybe(p.decimal),
  comparator: maybe(v.quantityComparator),
  unit: maybe(p.string),
  system: maybe(p.uri),
  code: maybe(p.code),
}), [invariants['dis-1'], invariants['qty-3']])

export const Dosage: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: maybe(p.integer),
  text: maybe(p.string),
  additionalInstruction: many(CodeableConcept),
  patientInstruction: maybe(p.string),
  timing: maybe(Timing),
  asNeeded: choice({ Boolean: p.boolean, CodeableConcept }),
  site: maybe(CodeableConcept),
  route: maybe(CodeableConcept),
  method: maybe(CodeableConcept),
  doseAndRate: many(DosageDoseAndRate),
  maxDosePerPeriod: maybe(Ratio),
  maxDosePerAdministration: maybe(simple(Quantity)),
  maxDosePerLifetime: maybe(simple(Quantity)),
}))

export const DosageDoseAndRate: Schema = object(() => ({
  ...elementMembers(),
  type: maybe(CodeableConcept),
  dose: choice({ Range, Quantity: simple(Quantity) }),
  rate: choice({ Ratio, Range, Quantity: simple(Quantity) }),
}))

export const Duration: Schema = object(() => ({
  ...elementMembers(),
  value: maybe(p.decimal),
  comparator: maybe(v.quantityComparator),
  unit: maybe(p.string),
  system: maybe(p.uri),
  code: maybe(p.code),
}), [invariants['drt-1'], invariants['qty-3']])

export const Element: Schema = object(() => ({
  id: maybe(p.elementId),
  extension: many(Extension),
}))

export const Expression: Schema = object(() => ({
  ...elementMembers(),
  description: maybe(p.string),
  name: maybe(p.id),
  language: must(p.code),
  expression: maybe(p.string),
  reference: maybe(p.uri),
}), [invariants['exp-1']])

export const Extension: Schema = object(() => ({
  ...elementMembers(),
  url: must(p.extensionUrl),
  value: choice(anyDatatype()),
}), [invariants['ext-1']])

export const HumanName: Schema = object(() => ({
  ...elementMembers(),
  use: maybe(v.nameUse),
  text: maybe(p.string),
  family: maybe(p.string),
  given: many(p.string),
  prefix: many(p.string),
  suffix: many(p.string),
  period: maybe(Period),
}))

export const Identifier: Schema = object(() => ({
  ...elementMembers(),
  use: maybe(v.identifierUse),
  type: maybe(CodeableConcept),
  system: maybe(p.uri),
  value: maybe(p.string),
  period: maybe(Period),
  assigner: maybe(reference('Organization')),
}))

export const Meta: Schema = object(() => ({
  ...elementMembers(),
  versionId: maybe(p.id),
  lastUpdated: maybe(p.instant),
  source: maybe(p.uri),
  profile: many(p.canonical),
  security: many(Coding),
  tag: many(Coding),
}))

export const Money: Schema = object(() => ({
  ...elementMembers(),
  value: maybe(p.decimal),
  currency: maybe(p.code),
}))

export const Narrative: Schema = object(() => ({
  ...elementMembers(),
  status: must(v.narrativeStatus),
  div: must(p.xhtml),
}))

export const ParameterDefinition: Schema = object(() => ({
  ...elementMembers(),
  name: maybe(p.code),
  use: must(v.operationParameterUse),
  min: maybe(p.integer),
  max: maybe(p.string),
  documentation: maybe(p.string),
  type: must(v.allTypes),
  profile: maybe(p.canonical),
}))

export const Period: Schema = object(() => ({
  ...elementMembers(),
  start: maybe(p.dateTime),
  end: maybe(p.dateTime),
}), [invariants['per-1']])

export const Quantity: Schema = object(() => ({
  ...elementMembers(),
  value: maybe(p.decimal),
  comparator: maybe(v.quantityComparator),
  unit: maybe(p.string),
  system: maybe(p.uri),
  code: maybe(p.code),
}), [invariants['qty-3']])

export const Range: Schema = object(() => ({
  ...elementMembers(),
  low: maybe(simple(Quantity)),
  high: maybe(simple(Quantity)),
}), [invariants['rng-2']])

export const Ratio: Schema = object(() => ({
  ...elementMembers(),
  numerator: maybe(Quantity),
  denominator: maybe(Quantity),
}), [invariants['rat-1']])

export const Reference: Schema = object(() => ({
  ...elementMembers(),
  reference: maybe(p.string),
  type: maybe(p.uri),
  identifier: maybe(Identifier),
  display: maybe(p.string),
}))

export const RelatedArtifact: Schema = object(() => ({
  ...elementMembers(),
  type: must(v.relatedArtifactType),
  label: maybe(p.string),
  display: maybe(p.string),
  citation: maybe(p.markdown),
  url: maybe(p.url),
  document: maybe(Attachment),
  resource: maybe(p.canonical),
}))

export const SampledData: Schema = object(() => ({
  ...elementMembers(),
  origin: must(simple(Quantity)),
  period: must(p.decimal),
  factor: maybe(p.decimal),
  lowerLimit: maybe(p.decimal),
  upperLimit: maybe(p.decimal),
  dimensions: must(p.positiveInt),
  data: maybe(p.string),
}))

export const Signature: Schema = object(() => ({
  ...elementMembers(),
  type: some(Coding),
  when: must(p.instant),
  who: must(reference('Practitioner', 'PractitionerRole', 'RelatedPerson', 'Patient', 'Device', 'Organization')),
  onBehalfOf: maybe(reference('Practitioner', 'PractitionerRole', 'RelatedPerson', 'Patient', 'Device', 'Organization')),
  targetFormat: maybe(p.code),
  sigFormat: maybe(p.code),
  data: maybe(p.base64Binary),
}))

export const Timing: Schema = object(() => ({
  ...backboneElementMembers(),
  event: many(p.dateTime),
  repeat: maybe(TimingRepeat),
  code: maybe(CodeableConcept),
}))

export const TimingRepeat: Schema = object(() => ({
  ...elementMembers(),
  bounds: choice({ Duration, Range, Period }),
  count: maybe(p.positiveInt),
  countMax: maybe(p.positiveInt),
  duration: maybe(p.decimal),
  durationMax: maybe(p.decimal),
  durationUnit: maybe(v.unitsOfTime),
  frequency: maybe(p.positiveInt),
  frequencyMax: maybe(p.positiveInt),
  period: maybe(p.decimal),
  periodMax: maybe(p.decimal),
  periodUnit: maybe(v.unitsOfTime),
  dayOfWeek: many(v.daysOfWeek),
  timeOfDay: many(p.time),
  when: many(v.eventTiming),
  offset: maybe(p.unsignedInt),
}), [invariants['tim-1'], invariants['tim-2'], invariants['tim-4'], invariants['tim-5'], invariants['tim-6'], invariants['tim-7'], invariants['tim-8'], invariants['tim-9'], invariants['tim-10']])

export const TriggerDefinition: Schema = object(() => ({
  ...elementMembers(),
  type: must(v.triggerType),
  name: maybe(p.string),
  timing: choice({ Timing, Reference: reference('Schedule'), Date: p.date, DateTime: p.dateTime }),
  data: many(DataRequirement),
  condition: maybe(Expression),
}), [invariants['trd-1'], invariants['trd-2'], invariants['trd-3']])

export const UsageContext: Schema = object(() => ({
  ...elementMembers(),
  code: must(Coding),
  value: mustChoose({ CodeableConcept, Quantity, Range, Reference: reference('PlanDefinition', 'ResearchStudy', 'InsurancePlan', 'HealthcareService', 'Group', 'Location', 'Organization') }),
}))
