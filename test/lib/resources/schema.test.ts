import { describe, expect, test } from '@jest/globals'
import {
  type Change,
  call,
  type Expected,
  goal,
  plan,
  problem,
  problemsAfter,
  remove,
  request,
  set,
} from './mutations.ts'

const extended = { extension: [{ url: 'urn:x', valueCode: 'unknown' }] }
const script = '<div><script>1</script></div>'
const bothDue = set('target[0].dueDuration', { value: 3 })
const wrongPerformer = set('performer[1]', { reference: 'Task/1' })
const untypedContained = set('contained', [{ id: 'a' }])
const performers =
  'Practitioner or PractitionerRole or Organization or CareTeam or HealthcareService or Patient or Device or RelatedPerson'
const activityStatuses =
  'not-started, scheduled, in-progress, on-hold, completed, cancelled, stopped, unknown, entered-in-error'

describe('a changed example is refused where it is wrong', () => {
  test.each<[string, string, Change, Expected]>([
    ['no required code', call, remove('intent'), ['required', 'Task.intent', 'is required']],
    ['no required element', goal, remove('subject'), ['required', 'Goal.subject', 'is required']],
    [
      'no required choice',
      call,
      remove('input[1].valuePositiveInt'),
      ['required', 'Task.input[1].value', 'is required'],
    ],
    ['unknown member', call, set('foo', 1), ['structure', 'Task.foo', 'is not an element of Task']],
    [
      'unknown inner member',
      call,
      set('code.foo', 1),
      ['structure', 'Task.code.foo', 'is not an element of Task.code'],
    ],
    [
      'unknown code',
      plan,
      set('activity[1].detail.status', 'paused'),
      ['code-invalid', 'CarePlan.activity[1].detail.status', `is not one of ${activityStatuses}`],
    ],
    ['text for an object', call, set('for', 'Patient/1'), ['structure', 'Task.for', 'must be a JSON object']],
    ['number for text', call, set('description', 5), ['structure', 'Task.description', 'must be a JSON string']],
    [
      'text for a boolean',
      request,
      set('doNotPerform', 'no'),
      ['structure', 'ServiceRequest.doNotPerform', 'must be a JSON boolean'],
    ],
    ['one for many', call, set('note', { text: 'x' }), ['structure', 'Task.note', 'must be a JSON array']],
    ['many for one', call, set('owner', [{}]), ['structure', 'Task.owner', 'must be a JSON object']],
    ['empty list', call, set('note', []), ['structure', 'Task.note', 'must not be empty']],
    ['empty object', call, set('code', {}), ['structure', 'Task.code', 'must not be empty']],
    ['an id alone', call, set('code', { id: 'a' }), ['structure', 'Task.code', 'must not be empty']],
    [
      'more extensions than values',
      plan,
      (resource) => Object.assign(resource, { instantiatesUri: ['urn:a'], _instantiatesUri: [null, extended] }),
      ['structure', 'CarePlan.instantiatesUri', 'must have a value or null for each of its extensions'],
    ],
    [
      'type of a reference',
      plan,
      set('subject', { type: 'Practitioner', display: 'Lee' }),
      ['value', 'CarePlan.subject.type', 'must refer to Patient or Group'],
    ],
    [
      'reference by a search for a wrong type',
      plan,
      set('subject.reference', 'Practitioner?identifier=1'),
      ['value', 'CarePlan.subject.reference', 'must refer to Patient or Group'],
    ],
    [
      'comparator of an exact quantity',
      goal,
      set('target[0].detailRange.low.comparator', '<'),
      ['invariant', 'Goal.target[0].detail.low', 'must not have a comparator (sqty-1)'],
    ],
    ['null', call, set('code', null), ['structure', 'Task.code', 'must be a JSON object']],
    [
      'two of a choice',
      goal,
      bothDue,
      ['structure', 'Goal.target[0].due', 'must be one of dueDate, dueDuration, not several'],
    ],
    [
      'reference to a wrong type',
      plan,
      set('subject.reference', 'Practitioner/lee'),
      ['value', 'CarePlan.subject.reference', 'must refer to Patient or Group'],
    ],
    [
      'reference to a wrong type in a list',
      request,
      wrongPerformer,
      ['value', 'ServiceRequest.performer[1].reference', `must refer to ${performers}`],
    ],
    [
      'narrative with a script',
      call,
      set('text.div', script),
      [
        'value',
        'Task.text.div',
        'must be a <div> of XHTML that is not empty, without scripts, forms or other active content',
      ],
    ],
    [
      'contained resource without a type',
      call,
      untypedContained,
      ['structure', 'Task.contained[0].resourceType', 'must be a JSON string'],
    ],
  ])('%s', (_name, file, change, expected) => {
    expect(problemsAfter(file, change)).toEqual([problem(expected)])
  })
})

describe('what the JSON format of FHIR allows passes', () => {
  const nested = [{ url: 'urn:x', extension: [{ url: 'part', valueReference: { reference: 'Patient/1' } }] }]

  test.each<[string, string, Change[]]>([
    ['an extension of a primitive', call, [set('_description', extended)]],
    ['an extension in place of a required value', call, [remove('status'), set('_status', extended)]],
    [
      'null that keeps the place of a value with an extension',
      plan,
      [set('instantiatesUri', ['urn:a', null]), set('_instantiatesUri', [null, extended])],
    ],
    ['extensions within extensions', call, [set('extension', nested)]],
    ['contained resources of any type', plan, [set('contained', [{ resourceType: 'Device', id: 'd', anything: [1] }])]],
    ['an absolute reference', plan, [set('subject.reference', 'https://ehr.example/fhir/Patient/1')]],
    ['a reference to a contained resource', plan, [set('subject.reference', '#p')]],
    ['a logical reference', plan, [set('subject', { type: 'Patient', identifier: { value: 'v' } })]],
    ['an id of a primitive', call, [set('_description', { id: 'a' })]],
  ])('%s', (_name, file, changes) => {
    expect(problemsAfter(file, ...changes)).toEqual([])
  })

  test('null in a list of primitives is refused without an extension beside it', () => {
    expect(problemsAfter(plan, set('instantiatesUri', ['urn:a', null]))).toEqual([
      problem(['structure', 'CarePlan.instantiatesUri[1]', 'must not be null unless it has an extension']),
    ])
  })

  test('an id of a resource has no extension', () => {
    expect(problemsAfter(call, set('_id', extended))).toEqual([
      { code: 'structure', expression: 'Task._id', text: 'Task._id is not an element of Task' },
    ])
  })
})
