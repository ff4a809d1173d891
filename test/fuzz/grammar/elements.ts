import fc from 'fast-check'
import * as values from './values.ts'

const SYSTEMS = ['http://loinc.org', 'http://snomed.info/sct', 'urn:test:ids', 'https://hosp.example/mrn']
const system = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...SYSTEMS) }, { weight: 1, arbitrary: values.text })
const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })

/** Leaves out what is undefined, as JSON does. */
const object = (members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(members).map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)))

const REFERRED = ['Patient', 'Practitioner', 'Organization', 'Task', 'ServiceRequest', 'CarePlan', 'Goal', 'Encounter']

export const reference: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...REFERRED), values.id).map(([type, id]) => `${type}/${id}`) },
  { weight: 1, arbitrary: fc.constantFrom('Patient/amelia', 'Practitioner/nora', 'Organization/pantry', 'Task/ask') },
  { weight: 1, arbitrary: fc.constantFrom('Patient?identifier=urn:test:ids|1', 'Patient?', 'Task?_id=1&_id=2') },
  { weight: 1, arbitrary: values.text },
)

const decimal = values.number.map((source): unknown =>
  // What is no JSON number is a text in its place.
  /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(source) ? JSON.rawJSON(source) : source,
)

const coding = object({ system: some(system), code: some(values.text), display: some(values.text) })
const period = object({ start: some(values.date), end: some(values.date) })
const quantity = object({
  value: some(decimal),
  comparator: some(fc.constantFrom('<', '>', '=')),
  unit: some(values.text),
  system: some(fc.constantFrom('http://unitsofmeasure.org', 'urn:test')),
  code: some(fc.constantFrom('kg', 'mm[Hg]', '%', '[lb_av]', 'not a unit', '10*3/uL')),
})
const identifier = object({ system: some(system), value: some(values.text), type: some(object({ text: values.text })) })
const timing = object({
  event: some(fc.array(values.date, { maxLength: 2 })),
  repeat: some(
    object({
      frequency: some(fc.constantFrom(0, 1, 2, 1_000_000, -1)),
      period: some(decimal),
      periodUnit: some(fc.constantFrom('s', 'min', 'h', 'd', 'wk', 'mo', 'a', 'x')),
      count: some(fc.constantFrom(0, 1, 5, 2_147_483_647)),
      timeOfDay: some(fc.constantFrom(['09:00:00'], ['25:00:00'], ['noon'], [])),
      dayOfWeek: some(fc.constantFrom(['mon'], ['mon', 'mon'], ['x'])),
      boundsPeriod: some(period),
    }),
  ),
})

const DATATYPES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  boolean: fc.boolean(),
  Coding: coding,
  CodeableConcept: object({ coding: some(fc.array(coding, { maxLength: 2 })), text: some(values.text) }),
  Identifier: identifier,
  Period: period,
  Timing: timing,
  Quantity: quantity,
  Money: object({ value: decimal, currency: some(fc.constantFrom('USD', 'x')) }),
  Range: object({ low: some(quantity), high: some(quantity) }),
  Reference: fc.oneof(
    { weight: 4, arbitrary: object({ reference: some(reference), display: some(values.text) }) },
    { weight: 1, arbitrary: object({ identifier, type: some(fc.constantFrom('Patient', 'x')) }) },
  ),
  HumanName: object({ family: some(values.text), given: some(fc.array(values.text, { maxLength: 2 })) }),
  Address: object({ city: some(values.text), line: some(fc.array(values.text, { maxLength: 2 })) }),
  ContactPoint: object({ system: some(fc.constantFrom('phone', 'email', 'x')), value: some(values.text) }),
  Annotation: object({ text: values.text, time: some(values.date) }),
  date: values.date,
  dateTime: values.date,
  instant: values.date,
  decimal,
  integer: decimal,
}

/** A value of an R4 datatype, or nearly. */
export const ofDatatype = (datatype: string): fc.Arbitrary<unknown> => DATATYPES[datatype] ?? values.text

export const anyElement: fc.Arbitrary<unknown> = fc.oneof(...Object.values(DATATYPES), values.anyJson)
