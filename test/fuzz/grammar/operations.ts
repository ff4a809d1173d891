import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { OperationDefinition } from 'fhir/r4'
import { anyElement, ofDatatype, reference } from './elements.ts'
import { mutated, mutation } from './mutate.ts'
import { anyType, resourceOf } from './resources.ts'
import type { Query } from './search.ts'
import * as values from './values.ts'

interface OperationParameter {
  name: string
  type: string
}

const folder = join(import.meta.dirname, '../../../fhir-profiles/operation-definitions')

/** Of HL7's operations, those parameters that the service knows or may be asked for. */
const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  $validate: ['resource:Resource', 'mode:code', 'profile:uri'],
  $meta: [],
  '$meta-add': ['meta:Meta'],
  '$meta-delete': ['meta:Meta'],
  $everything: ['start:date', 'end:date', '_since:instant', '_type:code', '_count:integer', '_cursor:string'],
  $claim: ['owner:Reference', 'performer:Reference'],
  $apply: ['subject:string', 'encounter:string', 'practitioner:string', 'asOf:date', 'planDefinition:Resource'],
  $expand: ['url:uri', 'filter:string', 'offset:integer', 'count:integer', 'valueSet:Resource', 'displayLanguage:code'],
  $lookup: ['code:code', 'system:uri', 'version:string', 'coding:Coding', 'property:code'],
  '$validate-code': [
    'url:uri',
    'code:code',
    'system:uri',
    'display:string',
    'coding:Coding',
    'codeableConcept:CodeableConcept',
  ],
}

const own = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as OperationDefinition,
)

const parametersOfOperation = (interaction: string): OperationParameter[] => {
  const published = (PUBLISHED[interaction] ?? []).map((text) => {
    const [name = '', type = ''] = text.split(':')
    return { name, type }
  })
  const declared = own
    .filter(({ code }) => `$${code}` === interaction)
    .flatMap(({ parameter = [] }) => parameter.filter(({ use }) => use === 'in'))
    .map(({ name, type = 'string' }) => ({ name, type }))
  return [...published, ...declared]
}

const CANONICALS = [
  'https://careloop.dev/fhir/ValueSet/care-task-type',
  'http://hl7.org/fhir/ValueSet/task-status',
  'http://loinc.org',
  'https://careloop.dev/fhir/CodeSystem/care-task-type',
  'x|1',
  '|',
]

const meta = fc.record(
  {
    tag: fc.array(ofDatatype('Coding'), { maxLength: 2 }),
    profile: fc.array(values.text, { maxLength: 2 }),
    security: values.anyJson,
  },
  { requiredKeys: [] },
)

/** What makes an operation do something, by the name of its parameter. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  url: CANONICALS,
  system: [
    'http://hl7.org/fhir/task-status',
    'https://careloop.dev/fhir/CodeSystem/care-task-type',
    'http://loinc.org',
  ],
  code: ['requested', 'ready', 'follow-up-call'],
  subject: ['Patient/amelia', 'Patient/1'],
  encounter: ['Encounter/1', 'Encounter/2'],
  start: ['2026-01-01', '2026-11-01'],
  end: ['2026-12-31', '2026-11-30'],
  periodStart: ['2026-01-01'],
  periodEnd: ['2026-12-31'],
  count: ['1', '20'],
  days: ['1', '30'],
  candidate: ['PractitionerRole/1', 'PractitionerRole/2'],
  team: ['CareTeam/1'],
  pool: ['CareTeam/1'],
  task: ['Task/1', 'Task/2', 'Task/ask'],
  owner: ['Practitioner/nora', 'PractitionerRole/1'],
  _type: ['Task', 'Task,Goal'],
  practitioner: ['Practitioner/nora'],
}

const textFor = ({ name, type }: OperationParameter): fc.Arbitrary<string> => {
  const fitting = FITTING[name]
  return fitting
    ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: simple(type) })
    : simple(type)
}

/** Some of the parameters, each once as a rule; one time in so many another that is not known. */
const chosen = (interaction: string): fc.Arbitrary<OperationParameter[]> => {
  const declared = declaredFor(interaction)
  return fc
    .tuple(fc.subarray(declared), values.seldom(fc.constantFrom(...declared, { name: 'x', type: 'string' }), 10))
    .map(([some, more]) => [...some, ...(more ? [more] : [])])
}

/** One arbitrary for each, in the order given. */
const each = <Value>(arbitraries: readonly fc.Arbitrary<Value>[]): fc.Arbitrary<Value[]> => fc.tuple(...arbitraries)

const simple = (type: string): fc.Arbitrary<string> => {
  if (type === 'Reference') return reference
  if (/date|instant/i.test(type)) return values.date
  if (/integer|decimal|positiveInt/.test(type)) return values.number
  if (type === 'boolean') return fc.constantFrom('true', 'false', '1', '')
  return fc.oneof(values.text, reference, fc.constantFrom(...CANONICALS, 'active', 'csv', 'a1c'))
}

const valueFor = (parameter: OperationParameter): fc.Arbitrary<Record<string, unknown>> => {
  const { type } = parameter
  if (type === 'Resource') return anyType.chain((one) => resourceOf(one).map((resource) => ({ resource })))
  if (type === 'Meta') return meta.map((valueMeta) => ({ valueMeta }))
  const suffix = `${type.charAt(0).toUpperCase()}${type.slice(1)}`
  const value: fc.Arbitrary<unknown> = fc.oneof(
    { weight: 3, arbitrary: fitting(parameter) },
    { weight: 1, arbitrary: ofDatatype(type) },
    { weight: 1, arbitrary: anyElement },
  )
  return value.map((one) => ({ [`value${suffix}`]: one }))
}

const known = new Map<string, OperationParameter[]>()
const declaredFor = (interaction: string): OperationParameter[] => {
  const found = known.get(interaction) ?? parametersOfOperation(interaction)
  known.set(interaction, found)
  return found
}

/** Parameters of an operation in its URL. */
export const operationQuery = (interaction: string): fc.Arbitrary<Query> =>
  chosen(interaction).chain((parameters) =>
    each(parameters.map((one) => textFor(one).map((value) => [one.name, value] as const))),
  )

const fitting = (parameter: OperationParameter): fc.Arbitrary<unknown> => {
  const text = textFor(parameter)
  if (parameter.type === 'Reference') return text.map((reference) => ({ reference }))
  if (parameter.type === 'boolean') return fc.boolean()
  return text
}

/** A Parameters with what an operation takes, or nearly. */
export const operationBody = (interaction: string): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      chosen(interaction).chain((parameters) =>
        each(parameters.map((one) => valueFor(one).map((value) => ({ name: one.name, ...value })))),
      ),
      fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(mutation, { maxLength: 2 }) },
      ),
    )
    .map(([parameter, changes]) => mutated({ resourceType: 'Parameters', parameter }, changes))
