import type { ElementDefinition, StructureDefinition, ValueSet } from 'fhir/r4'

/** A profile made up for tests, from its elements; each is `id` and what it says. */
export const profileOn = (
  type: string,
  name: string,
  elements: readonly (Partial<ElementDefinition> & { id: string })[],
  version = '1.0.0',
): StructureDefinition => ({
  resourceType: 'StructureDefinition',
  url: `http://example.org/fhir/StructureDefinition/${name}`,
  version,
  name,
  status: 'active',
  kind: type === 'Extension' ? 'complex-type' : 'resource',
  abstract: false,
  type,
  baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
  derivation: 'constraint',
  ...(type === 'Extension' && { context: [{ type: 'element', expression: 'Element' }] }),
  snapshot: {
    element: [{ id: type }, ...elements].map((element) => {
      const path = element.id.replace(/:[^.]+/g, '')
      const unbounded = { min: 0, max: '*' }
      return { path, ...unbounded, definition: element.id, base: { path, ...unbounded }, ...element }
    }),
  },
})

const LOINC = 'http://loinc.org'

export const valueSetOf = (name: string, ...codes: string[]): ValueSet => ({
  resourceType: 'ValueSet',
  url: `http://example.org/fhir/ValueSet/${name}`,
  status: 'active',
  compose: { include: [{ system: LOINC, concept: codes.map((code) => ({ code })) }] },
})

/** The blood pressure of US Core in small: two components told apart by their code, and what can go wrong with them. */
export const bloodPressure = profileOn('Observation', 'blood-pressure', [
  { id: 'Observation.status', min: 1, max: '1', type: [{ code: 'code' }] },
  {
    id: 'Observation.category',
    min: 1,
    max: '*',
    type: [{ code: 'CodeableConcept' }],
    slicing: { discriminator: [{ type: 'pattern', path: '$this' }], rules: 'open' },
  },
  {
    id: 'Observation.category:vital-signs',
    sliceName: 'vital-signs',
    min: 1,
    max: '1',
    type: [{ code: 'CodeableConcept' }],
    patternCodeableConcept: { coding: [{ code: 'vital-signs' }] },
  },
  {
    id: 'Observation.code',
    min: 1,
    max: '1',
    type: [{ code: 'CodeableConcept' }],
    binding: { strength: 'required', valueSet: 'http://example.org/fhir/ValueSet/pressures' },
  },
  {
    id: 'Observation.subject',
    min: 1,
    max: '1',
    type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Patient'] }],
  },
  { id: 'Observation.value[x]', min: 0, max: '0' },
  {
    id: 'Observation.interpretation',
    min: 0,
    max: '*',
    type: [{ code: 'CodeableConcept' }],
    binding: { strength: 'extensible', valueSet: 'http://example.org/fhir/ValueSet/interpretations' },
  },
  {
    id: 'Observation.component',
    min: 2,
    max: '*',
    type: [{ code: 'BackboneElement' }],
    slicing: { discriminator: [{ type: 'value', path: 'code' }], rules: 'closed' },
    constraint: [
      {
        key: 'bp-1',
        severity: 'error',
        human: 'A component has a value or says why not',
        expression: 'value.exists() or dataAbsentReason.exists()',
      },
    ],
  },
  ...['systolic', 'diastolic'].flatMap((name) => [
    { id: `Observation.component:${name}`, sliceName: name, min: 1, max: '1', type: [{ code: 'BackboneElement' }] },
    {
      id: `Observation.component:${name}.code`,
      min: 1,
      max: '1',
      type: [{ code: 'CodeableConcept' }],
      patternCodeableConcept: { coding: [{ system: LOINC, code: name }] },
    },
    { id: `Observation.component:${name}.value[x]`, min: 0, max: '1', type: [{ code: 'Quantity' }] },
  ]),
])

export const reading = (elements: Record<string, unknown> = {}) => ({
  resourceType: 'Observation',
  meta: { profile: [bloodPressure.url] },
  status: 'final',
  category: [{ coding: [{ system: 'urn:categories', code: 'vital-signs' }] }],
  code: { coding: [{ system: LOINC, code: 'panel' }] },
  subject: { reference: 'Patient/1' },
  component: [component('systolic'), component('diastolic')],
  ...elements,
})

export const component = (code: string, value: Record<string, unknown> = { valueQuantity: { value: 120 } }) => ({
  code: { coding: [{ system: LOINC, code }] },
  ...value,
})
