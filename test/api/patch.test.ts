import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome, Patient, Task } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'
import { examplePatient, exampleTask, identifiedBy } from '../support/example-resources.ts'

const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' }

let api: TestApi
beforeEach(async () => {
  api = testApi()
  await api.put('/Task/1', exampleTask({ id: '1', note: [{ text: 'a' }, { text: 'b' }], ...identifiedBy('1') }))
})

const patch = <Body = Task>(operations: unknown, headers = {}, url = '/Task/1') =>
  api.send<Body>('PATCH', url, operations, { ...JSON_PATCH, ...headers })
const operation = (...part: unknown[]) => ({ name: 'operation', part })
const code = (name: string, valueCode: string) => ({ name, valueCode })
const string = (name: string, valueString: string) => ({ name, valueString })
const integer = (name: string, valueInteger: number) => ({ name, valueInteger })
const fhirPath = <Body = Task>(operations: unknown[], url = '/Task/1') =>
  api.send<Body>('PATCH', url, { resourceType: 'Parameters', parameter: operations })

describe('JSON Patch', () => {
  test('makes the next version', async () => {
    const { status, headers, body } = await patch([
      { op: 'test', path: '/status', value: 'requested' },
      { op: 'replace', path: '/status', value: 'accepted' },
      { op: 'add', path: '/note/-', value: { text: 'c' } },
      { op: 'remove', path: '/note/0' },
      { op: 'copy', from: '/note/0', path: '/note/0' },
      { op: 'move', from: '/note/2', path: '/note/0' },
    ])
    expect({ status, etag: headers.etag }).toEqual({ status: 200, etag: 'W/"2"' })
    expect(body).toMatchObject({ status: 'accepted', note: [{ text: 'c' }, { text: 'b' }, { text: 'b' }] })
    const { body: history } = await api.get<Bundle>('/Task/1/_history')
    expect(history.entry![0]!.request).toEqual({ method: 'PATCH', url: 'Task/1' })
  })

  test('that changes nothing makes no version', async () => {
    expect((await patch([{ op: 'replace', path: '/status', value: 'requested' }])).headers.etag).toBe('W/"1"')
    expect((await patch([])).headers.etag).toBe('W/"1"')
  })

  test('whose test fails is 422, names the operation and changes nothing', async () => {
    const { status, body } = await patch<OperationOutcome>([
      { op: 'replace', path: '/status', value: 'accepted' },
      { op: 'test', path: '/status', value: 'requested' },
    ])
    expect(status).toBe(422)
    expect(body.issue[0]!.diagnostics).toContain('Operation 1 (test)')
    expect((await api.get<Task>('/Task/1')).body.status).toBe('requested')
  })

  test.each<[unknown, number, string]>([
    [
      [
        { op: 'replace', path: '/status', value: 'accepted' },
        { op: 'fly', path: '/' },
      ],
      400,
      'Operation 1',
    ],
    [[{ op: 'replace', path: '/status' }], 400, 'Operation 0 (replace)'],
    [[{ op: 'replace', path: 'status', value: 1 }], 400, 'Operation 0 (replace)'],
    [[{ op: 'move', path: '/status' }], 400, 'from'],
    [[{ op: 'add', path: '/__proto__/x', value: 1 }], 400, 'Operation 0 (add)'],
    [[null], 400, 'Operation 0'],
    [{}, 400, 'array'],
    [[{ op: 'remove', path: '/nowhere' }], 422, 'Operation 0 (remove)'],
    [[{ op: 'replace', path: '/note/7', value: {} }], 422, 'Operation 0 (replace)'],
    [[{ op: 'replace', path: '/id', value: '2' }], 422, 'id'],
    [[{ op: 'replace', path: '/resourceType', value: 'Goal' }], 422, 'resourceType'],
    [[{ op: 'replace', path: '', value: 'x' }], 422, 'Operation 0 (replace)'],
    [[{ op: 'replace', path: '/status', value: 'bogus' }], 422, 'Task.status'],
    [[{ op: 'add', path: '/unheard', value: 'x' }], 422, 'Task.unheard'],
  ])('%j is %i', async (operations, expected, said) => {
    const { status, text } = await patch(operations)
    expect(status).toBe(expected)
    expect(text).toContain(said)
    expect((await api.get('/Task/1')).headers.etag).toBe('W/"1"')
  })

  test('keeps the precision of decimals it does not touch, and of those it brings', async () => {
    const value = (text: string) => JSON.rawJSON(text)
    await api.put(
      '/Task/2',
      exampleTask({ id: '2', input: [{ type: { text: 'x' }, valueQuantity: { value: value('1.00') } }] }),
    )
    const body =
      '[{"op":"add","path":"/output","value":[{"type":{"text":"y"},"valueQuantity":{"value":2.50}}]},{"op":"test","path":"/input/0/valueQuantity/value","value":1.0}]'
    const { status, text } = await patch(body, {}, '/Task/2')
    expect(status).toBe(200)
    expect(text).toContain('"value":1.00')
    expect(text).toContain('"value":2.50')
  })

  test.each([
    ['W/"1"', 200],
    ['W/"2"', 412],
  ])('If-Match: %s on version 1 gives %i', async (etag, expected) => {
    expect((await patch([{ op: 'remove', path: '/note' }], { 'If-Match': etag })).status).toBe(expected)
  })

  test('of what is not there is 404, of what was deleted 410', async () => {
    expect((await patch([], {}, '/Task/2')).status).toBe(404)
    await api.delete('/Task/1')
    expect((await patch([])).status).toBe(410)
  })

  test('many at the same time all arrive', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => patch([{ op: 'add', path: '/note/-', value: { text: `${index}` } }])),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect((await api.get<Task>('/Task/1')).body.note).toHaveLength(7)
  })

  test('by criteria patches the one that matches', async () => {
    const operations = [{ op: 'replace', path: '/status', value: 'accepted' }]
    expect((await patch(operations, {}, '/Task?identifier=1')).status).toBe(200)
    expect((await patch(operations, {}, '/Task?identifier=2')).status).toBe(404)
    await api.post('/Task', exampleTask(identifiedBy('1')))
    expect((await patch(operations, {}, '/Task?identifier=1')).status).toBe(412)
  })

  test('brings references below our base as relative ones', async () => {
    await patch([{ op: 'add', path: '/for', value: { reference: 'https://api.test/fhir/Patient/9' } }])
    expect((await api.get<Task>('/Task/1')).body.for!.reference).toBe('Patient/9')
  })
})

describe('FHIRPath Patch', () => {
  test('replaces, adds, inserts, moves and deletes', async () => {
    const { status, body } = await fhirPath([
      operation(code('type', 'replace'), string('path', 'Task.status'), code('value', 'accepted')),
      operation(code('type', 'add'), string('path', 'Task'), string('name', 'description'), string('value', 'new')),
      operation(code('type', 'add'), string('path', 'Task'), string('name', 'note'), {
        name: 'value',
        valueAnnotation: { text: 'c' },
      }),
      operation(code('type', 'insert'), string('path', 'Task.note'), integer('index', 1), {
        name: 'value',
        valueAnnotation: { text: 'd' },
      }),
      operation(code('type', 'move'), string('path', 'Task.note'), integer('source', 3), integer('destination', 0)),
      operation(code('type', 'delete'), string('path', "Task.note.where(text = 'b')")),
      operation(code('type', 'delete'), string('path', 'Task.priority')),
    ])
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'accepted',
      description: 'new',
      note: [{ text: 'c' }, { text: 'a' }, { text: 'd' }],
    })
  })

  test('builds backbone elements of parts, choices of datatypes by their value', async () => {
    const { body } = await fhirPath([
      operation(code('type', 'add'), string('path', 'Task'), string('name', 'input'), {
        name: 'value',
        part: [{ name: 'type', valueCodeableConcept: { text: 'x' } }, string('value', 'y')],
      }),
    ])
    expect(body.input).toEqual([{ type: { text: 'x' }, valueString: 'y' }])
    const { body: replaced } = await fhirPath([
      operation(code('type', 'replace'), string('path', 'Task.input[0].value'), integer('value', 3)),
    ])
    expect(replaced.input).toEqual([{ type: { text: 'x' }, valueInteger: 3 }])
    const { body: gone } = await fhirPath(
      [operation(code('type', 'delete'), string('path', 'Task.input.value'))],
      '/Task/1',
    )
    expect(gone.resourceType).toBe('OperationOutcome')
  })

  test('reaches into lists of primitives and takes the extensions along', async () => {
    await api.put('/Patient/1', examplePatient({ id: '1', name: [{ given: ['a', 'b'], _given: [null, { id: 'x' }] }] }))
    const { body } = await fhirPath<Patient>(
      [operation(code('type', 'delete'), string('path', 'Patient.name[0].given[0]'))],
      '/Patient/1',
    )
    expect(body.name).toEqual([{ given: ['b'], _given: [{ id: 'x' }] }])
  })

  test.each<[unknown[], number]>([
    [[operation(code('type', 'fly'), string('path', 'Task'))], 400],
    [[operation(code('type', 'delete'))], 400],
    [[operation(code('type', 'add'), string('path', 'Task'), string('name', 'x'))], 400],
    [[{ name: 'other' }], 400],
    [[], 400],
    [[operation(code('type', 'delete'), string('path', 'Task.note.'))], 400],
    [[operation(code('type', 'delete'), string('path', 'Task.note'))], 422],
    [[operation(code('type', 'delete'), string('path', 'Task'))], 422],
    [[operation(code('type', 'replace'), string('path', 'Task.priority'), code('value', 'stat'))], 422],
    [[operation(code('type', 'replace'), string('path', 'Task.note.count()'), code('value', 'stat'))], 422],
    [[operation(code('type', 'replace'), string('path', 'Task.status'), code('value', 'bogus'))], 422],
    [[operation(code('type', 'replace'), string('path', 'Task.id'), code('value', '2'))], 422],
    [[operation(code('type', 'add'), string('path', 'Task'), string('name', 'status'), code('value', 'draft'))], 422],
    [
      [operation(code('type', 'move'), string('path', 'Task.note'), integer('source', 2), integer('destination', 0))],
      422,
    ],
  ])('%j is %i', async (operations, expected) => {
    expect((await fhirPath(operations)).status).toBe(expected)
    expect((await api.get('/Task/1')).headers.etag).toBe('W/"1"')
  })

  test('stands in a transaction as Parameters', async () => {
    const parameter = [operation(code('type', 'replace'), string('path', 'Task.status'), code('value', 'accepted'))]
    const { status } = await api.post('/', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          request: { method: 'PATCH', url: 'Task/1', ifMatch: 'W/"1"' },
          resource: { resourceType: 'Parameters', parameter },
        },
      ],
    })
    expect(status).toBe(200)
    expect((await api.get<Task>('/Task/1')).body.status).toBe('accepted')
  })
})
