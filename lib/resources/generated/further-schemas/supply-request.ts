/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Period, Quantity, Range, Timing } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const SupplyRequest: Schema = object(() => ({
  resourceType: resourceType('SupplyRequest'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: maybe(v.supplyrequestStatus),
  category: maybe(CodeableConcept),
  priority: maybe(v.requestPriority),
  item: mustChoose({ CodeableConcept, Reference: reference('Medication', 'Substance', 'Device') }),
  quantity: must(Quantity),
  parameter: many(SupplyRequestParameter),
  occurrence: choice({ DateTime: p.dateTime, Period, Timing }),
  authoredOn: maybe(p.dateTime),
  requester: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'RelatedPerson', 'Device')),
  supplier: many(reference('Organization', 'HealthcareService')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport', 'DocumentReference')),
  deliverFrom: maybe(reference('Organization', 'Location')),
  deliverTo: maybe(reference('Organization', 'Location', 'Patient')),
}))

export const SupplyRequestParameter: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  value: choice({ CodeableConcept, Quantity, Range, Boolean: p.boolean }),
}))
