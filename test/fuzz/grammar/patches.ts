import fc from 'fast-check'
import { anyElement, ofDatatype } from './elements.ts'
import { mutated, mutation } from './mutate.ts'
import * as values from './values.ts'

const POINTERS = [
  '',
  '/',
  '/status',
  '/description',
  '/note',
  '/note/-',
  '/note/0',
  '/note/0/text',
  '/identifier/0',
  '/identifier/99',
  '/identifier/01',
  '/identifier/-1',
  '/__proto__',
  '/__proto__/x',
  '/constructor/prototype',
  '/status/length',
  '/id',
  '/resourceType',
  '/meta/versionId',
  '/meta/tag/-',
  '/~0~1~2',
  'status',
]

const pointer = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('/description', '/priority', '/note/-', '/language') },
  { weight: 3, arbitrary: fc.constantFrom(...POINTERS) },
  { weight: 1, arbitrary: values.text },
)
const value = fc.oneof(anyElement, values.anyJson, fc.constantFrom('routine', 'en', { text: 'x' }))

const jsonPatch = fc.array(
  fc.record(
    {
      op: fc.constantFrom('add', 'add', 'add', 'remove', 'replace', 'move', 'copy', 'test', 'x', '__proto__'),
      path: pointer,
      from: pointer,
      value,
    },
    { requiredKeys: ['op'] },
  ),
  { maxLength: 3 },
)

const PATHS = [
  'Task',
  'Task.status',
  'Task.description',
  'Task.note',
  'Task.note[0].text',
  'Task.note.where(text = 1)',
  "Task.identifier.where(system = 'urn:test:ids').value",
  'Task.restriction.period',
  'Patient.name[0].given[9999999999]',
  'status',
  '%resource.repeat(children())',
  '1 | 2',
  '',
  "'",
  'Task.(((((',
  'Task.__proto__',
  'Task.constructor',
  `Task${'.note'.repeat(300)}`,
]

const part = (name: string, content: fc.Arbitrary<unknown>, key = 'valueString') =>
  content.map((one) => ({ name, [key]: one }))

const fhirPathOperation = fc
  .record({
    type: part('type', fc.constantFrom('add', 'insert', 'delete', 'replace', 'move', 'x'), 'valueCode'),
    path: part(
      'path',
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...PATHS) }, { weight: 1, arbitrary: values.text }),
    ),
    name: fc.option(part('name', fc.constantFrom('status', 'description', 'note', '__proto__', 'x'))),
    value: fc.option(
      fc.oneof(
        part('value', values.text),
        part('value', ofDatatype('CodeableConcept'), 'valueCodeableConcept'),
        part('value', value, 'valueX'),
        fc.constant({ name: 'value', part: [{ name: 'text', valueMarkdown: 'x' }] }),
      ),
    ),
    index: fc.option(part('index', fc.constantFrom<unknown>(0, 1, -1, 1e9, '0'), 'valueInteger')),
    source: fc.option(part('source', fc.constantFrom<unknown>(0, 5, -1), 'valueInteger')),
    destination: fc.option(part('destination', fc.constantFrom<unknown>(0, 5, -1), 'valueInteger')),
  })
  .map((parts) => ({ name: 'operation', part: Object.values(parts).filter((one) => one !== null) }))

const fhirPathPatch = fc
  .array(fhirPathOperation, { maxLength: 3 })
  .map((parameter) => ({ resourceType: 'Parameters', parameter }))

const broken = (patch: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(patch, fc.array(mutation, { maxLength: 1 })).map(([made, changes]) => mutated(made, changes))

export interface Patch {
  type: string
  content: unknown
}

/** JSON Patch or FHIRPath Patch, under the media type it has or under that of the other. */
export const patch: fc.Arbitrary<Patch> = fc
  .tuple(
    fc.oneof(
      fc.record({ type: fc.constant('application/json-patch+json'), content: broken(jsonPatch) }),
      fc.record({ type: fc.constant('application/fhir+json'), content: broken(fhirPathPatch) }),
    ),
    fc.nat(15),
  )
  .map(([made, luck]) => (luck ? made : { ...made, type: 'application/json' }))
