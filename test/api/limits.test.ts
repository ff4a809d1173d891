import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome, Patient, Task } from 'fhir/r4'
import { isUnicode } from '../../lib/json.ts'
import { checkWith } from '../../lib/resources/check.ts'
import { parametersOf } from '../../lib/resources/index.ts'
import { parseSearch } from '../../lib/search/parse.ts'
import { folded } from '../../lib/search/string.ts'
import { zoneOf } from '../../lib/search/zone.ts'
import { type TestApi, testApi } from '../support/api.ts'
import { exampleTask, incompressibleText } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const refused = async (answer: ReturnType<TestApi['send']>): Promise<[status: number, type: unknown]> => {
  const { status, body } = await answer
  return [status, (body as { resourceType?: string } | undefined)?.resourceType]
}
const BAD_REQUEST = [400, 'OperationOutcome']

describe('JSON', () => {
  const patch = (json: string) => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        request: { method: 'PATCH', url: 'Task/1' },
        resource: {
          resourceType: 'Binary',
          contentType: 'application/json-patch+json',
          data: Buffer.from(json).toString('base64'),
        },
      },
    ],
  })
  const DEEP = `[{"op":"add","path":"/note","value":${'['.repeat(70)}${']'.repeat(70)}}]`
  const HALF = '[{"op":"add","path":"/description","value":"\\ud800"}]'

  test.each([
    ['a body', 'POST', '/Task', '{"resourceType":"Task","status":"draft","intent":"order","description":"\\ud83d"}'],
    [
      'the other half',
      'POST',
      '/Task',
      '{"resourceType":"Task","status":"draft","intent":"order","description":"\\uDE00"}',
    ],
    ['a name', 'POST', '/Task', '{"resourceType":"Task","\\ud800":1}'],
    ['the patch in a Binary', 'POST', '/', JSON.stringify(patch(HALF))],
  ])('with half of a surrogate pair in %s is refused', async (_what, method, url, body) => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    expect(await refused(api.send(method, url, body))).toEqual(BAD_REQUEST)
  })

  test('may have whole pairs, and what only looks like half of one', async () => {
    const description = '😀 \\ud800'
    const { body } = await api.post<Task>(
      '/Task',
      JSON.stringify(exampleTask({ description })).replace('😀', '\\ud83d\\ude00'),
    )
    expect(body.description).toBe(description)
  })

  test('is nested no deeper than 64 in a Binary and in X-Provenance either', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    expect(await refused(api.post('/', patch(DEEP)))).toEqual(BAD_REQUEST)
    expect(await refused(api.post('/Task', exampleTask(), { 'X-Provenance': DEEP }))).toEqual(BAD_REQUEST)
    expect(await refused(api.post('/Task', exampleTask(), { 'X-Provenance': HALF }))).toEqual(BAD_REQUEST)
  })

  test.each([
    ['many arrays', `{"resourceType":"Task","note":[${'[],'.repeat(200_000)}[]]}`],
    ['many members', `{"resourceType":"Task",${Array.from({ length: 100_000 }, (_, n) => `"m${n}":${n}`).join()}}`],
    ['one member many times', `{"resourceType":"Task",${'"status":"draft",'.repeat(100_000)}"intent":"x"}`],
    ['a number of many digits', `{"resourceType":"Task","restriction":{"repetitions":${'9'.repeat(1_000_000)}}}`],
    ['an exponent', '{"resourceType":"Task","restriction":{"repetitions":1e999999999}}'],
  ])('of %s is refused like any other', async (_what, body) => {
    const { status, text } = await api.post('/Task', body)
    expect(status).toBe(422)
    expect(text.length).toBeLessThan(50_000)
  })

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'with a member %s is refused and changes nothing of ours',
    async (name) => {
      const body = `{"resourceType":"Task","status":"draft","intent":"order","${name}":{"polluted":true}}`
      expect((await api.post('/Task', body)).status).toBe(422)
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    },
  )

  test.each(['__proto__', 'constructor', 'toString'])('patches know no operation %s', async (op) => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    const headers = { 'Content-Type': 'application/json-patch+json' }
    expect(await refused(api.send('PATCH', '/Task/1', [{ op, path: '/status' }], headers))).toEqual(BAD_REQUEST)
  })
})

describe('names that every object has', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is the name of no parameter',
    async (name) => {
      for (const path of ['/Task', '/Task/_history', '/SearchParameter', '/CodeSystem/$lookup', '/Patient/1/*', '/'])
        expect([path, ...(await refused(api.get(`${path}?${name}=1`)))]).toEqual([path, ...BAD_REQUEST])
      for (const result of ['_sort', '_include', '_query', '_has:Task:subject'])
        expect(await refused(api.get(`/Patient?${result}=${name}`))).toEqual(BAD_REQUEST)
    },
  )

  test.each(['__proto__', 'constructor', 'toString'])('%s is no type', async (name) => {
    expect((await api.get(`/${name}/1`)).status).toBe(404)
    const contained = [{ resourceType: name, id: 'c' }]
    expect((await api.post('/Basic', { resourceType: 'Basic', code: { text: 'x' }, contained })).status).toBeLessThan(
      500,
    )
  })
})

describe('operations', () => {
  const minutes = (parameter: unknown) => ({ resourceType: 'Parameters', parameter })
  const text = { name: 'text', valueString: 'x' }

  test.each<[string, string, unknown]>([
    ['a list of parameters that is none', '/Appointment/1/$conference-minutes?text=x', minutes({})],
    ['parts that are no list', '/Appointment/1/$conference-minutes', minutes([text, { name: 'action', part: {} }])],
    [
      'a number for a reference',
      '/Task/$assign',
      '{"resourceType":"Parameters","parameter":[{"name":"task","valueReference":{"reference":1.0}}]}',
    ],
    [
      'a number for an owner',
      '/Task/1/$claim',
      '{"resourceType":"Parameters","parameter":[{"name":"owner","valueReference":{"reference":1.0}}]}',
    ],
    [
      'a number for a boolean',
      '/Encounter/1/$readmission-risk?method=lace',
      '{"resourceType":"Parameters","parameter":[{"name":"acuteAdmission","valueBoolean":1.0}]}',
    ],
    ['labels that are none', '/Task/1/$meta-delete', minutes([{ name: 'meta', valueMeta: { tag: [null] } }])],
    ['messages in no list', '/$process-message', { resourceType: 'Bundle', type: 'message', entry: {} }],
  ])('refuse %s', async (_what, url, body) => {
    for (const type of ['Appointment', 'Encounter'])
      await api.put(`/${type}/1`, {
        ...{ resourceType: type, id: '1', status: type === 'Encounter' ? 'finished' : 'booked' },
        ...(type === 'Encounter'
          ? { class: { code: 'IMP' } }
          : { participant: [{ status: 'accepted', actor: { reference: 'Patient/1' } }] }),
      })
    await api.put('/Task/1', exampleTask({ id: '1' }))
    const { status } = await api.post(url, body)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })
})

describe('ids', () => {
  test('that no resource can have are not looked for: a key has 2 KB at most', async () => {
    const asked: string[] = []
    const { table } = api.careloop.store
    const getMany = table.getMany.bind(table)
    api = testApi({
      table: Object.assign(Object.create(table), {
        getMany: (keys: readonly { pk: string }[]) => {
          asked.push(...keys.map(({ pk }) => pk))
          return getMany(keys as never)
        },
      }),
    })
    const { status, body } = await api.get<Bundle>(`/Patient?_id=${'x'.repeat(3_000)},anna`)
    expect([status, body.entry]).toEqual([200, undefined])
    expect(asked).toEqual(['Patient/anna'])
  })

  test.each(['x'.repeat(65), 'x'.repeat(100_000), 'a_b', 'a b', 'é', '%00', 'a%0d%0aX-Injected:1', '😀'])(
    'such as %j are refused',
    async (id) => {
      expect(await refused(api.get(`/Task/${encodeURI(id).replaceAll('%25', '%')}`))).toEqual(BAD_REQUEST)
    },
  )

  test.each<[string, unknown]>([
    ['a list', ['1']],
    ['a number', 1],
    ['too long', 'x'.repeat(65)],
    ['no id', 'a/b'],
  ])('of a conditional update that are %s are refused', async (_what, id) => {
    const lenient = testApi({ tenant: { structure: 'searched' } })
    // 422 where the check of the content comes first.
    expect([400, 422]).toContain((await lenient.put('/Basic?_id=none', { resourceType: 'Basic', id })).status)
  })
})

describe('the path', () => {
  test.each([
    ['/Task%2F1', 404],
    ['/Task/..%2FPatient%2F1', 400],
    ['/Task/../Patient/1', 404],
    ['/Task/%252e%252e', 400],
    ['/Task/%2531', 400],
    ['/Task/%', 400],
    ['/Task/%c3%28', 400],
    ['/Task/1%00', 400],
  ])('%s leads nowhere else: %i', async (path, expected) => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    await api.put('/Patient/1', { resourceType: 'Patient', id: '1' })
    const { status, body } = await api.get(path)
    expect([status, body.resourceType]).toEqual([expected, 'OperationOutcome'])
  })
})

test.each(['/Task//1', '//Task/1', '/Task/1//'])('%s is what it is with one slash for several', async (path) => {
  await api.put('/Task/1', exampleTask({ id: '1' }))
  expect((await api.get(path)).body).toEqual((await api.get('/Task/1')).body)
  const token = testApi({ access: 'token' })
  expect((await token.get(path)).status).toBe(401)
})

describe('headers of the answer', () => {
  const BREAKS = ['a\r\nX-Injected: 1', 'a\nb', 'a\u0000b', 'é', '\u2028', 'x'.repeat(129)]
  const LEGAL = /^[\t\u0020-\u007e]*$/

  test.each(BREAKS)('repeat nothing of %j', async (text) => {
    const written = await api.post('/Task', exampleTask(), { 'X-Request-Id': text, 'X-Correlation-Id': text })
    expect(written.headers['x-request-id']).toBe('request-1')
    const found = await api.get(`/Task?_tag=${encodeURIComponent(text)}`, { 'If-None-Match': text, 'If-Match': text })
    for (const { headers } of [written, found]) for (const value of Object.values(headers)) expect(value).toMatch(LEGAL)
  })

  test('hold no part of an id that has no business there', async () => {
    const { headers, status } = await api.put('/Task/a%0d%0aX-Injected:%201', exampleTask({ id: 'a\r\nX-Injected: 1' }))
    expect(status).toBe(400)
    expect(headers.location).toBeUndefined()
  })
})

describe('text', () => {
  test('is kept as it was written, and found by whatever it is the same as', async () => {
    const family = ['e\u0301te\u0301', '\u00e9t\u00e9', 'ﬁn', 'İstanbul', 'Straße', '👩‍👩‍👧', '\u202eabc', 'a\u0000b']
    for (const [index, one] of family.entries()) {
      const patient = { resourceType: 'Patient', id: `p${index}`, name: [{ family: one }] }
      const { status } = await api.put(`/Patient/p${index}`, patient)
      if (status === 201) expect((await api.get<Patient>(`/Patient/p${index}`)).body.name![0]!.family).toBe(one)
      else expect([index, status]).toEqual([7, 422])
    }
    const idsOf = async (text: string) =>
      ((await api.get<Bundle>(`/Patient?family=${encodeURIComponent(text)}`)).body.entry ?? []).map(
        ({ resource }) => resource!.id,
      )
    expect((await idsOf('été')).sort()).toEqual(['p0', 'p1'])
    expect(await idsOf('strasse')).toEqual(['p4'])
  })
})

describe('a cursor', () => {
  test('is refused with any of its characters changed, and away from its search', async () => {
    for (const id of ['1', '2', '3']) await api.put(`/Task/${id}`, exampleTask({ id }))
    const { body } = await api.get<Bundle>('/Task?_count=1')
    const url = new URL(body.link!.find(({ relation }) => relation === 'next')!.url)
    const cursor = url.searchParams.get('_cursor')!
    for (let at = 0; at < cursor.length; at += 1) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1)
      expect([at, ...(await refused(api.get(`/Task?_count=1&_cursor=${changed}`)))]).toEqual([at, ...BAD_REQUEST])
    }
    expect(await refused(api.get(`/Task?status=ready&_count=1&_cursor=${cursor}`))).toEqual(BAD_REQUEST)
    expect(await refused(api.get(`/Patient?_count=1&_cursor=${cursor}`))).toEqual(BAD_REQUEST)
    expect((await api.get(`/Task?_count=1&_cursor=${cursor}`)).status).toBe(200)
  })
})

describe('how much can be asked for', () => {
  test('is 200 resources a page, 50 values of a parameter, 3 references in a chain', async () => {
    const { body } = await api.get<Bundle>('/Task?_count=1000')
    expect(body.link![0]!.url).toContain('_count=200')
    const values = (many: number) => Array.from({ length: many }, (_, n) => `c${n}`).join()
    expect((await api.get(`/Task?code=${values(50)}`)).status).toBe(200)
    expect(await refused(api.get(`/Task?code=${values(51)}`))).toEqual(BAD_REQUEST)
    const chain = (many: number) => `${'part-of.'.repeat(many)}status=ready`
    expect((await api.get(`/Task?${chain(3)}`)).status).toBe(200)
    expect(await refused(api.get(`/Task?${chain(4)}`))).toEqual(BAD_REQUEST)
  })

  test('is 5,000 entries of a Bundle', async () => {
    const entry = Array.from({ length: 5_001 }, (_, n) => ({ request: { method: 'DELETE', url: `Task/${n}` } }))
    for (const type of ['batch', 'transaction']) {
      const { status, body } = await api.post<OperationOutcome>('/', { resourceType: 'Bundle', type, entry })
      expect([type, status, body.issue[0]!.code]).toEqual([type, 413, 'too-long'])
    }
  })

  test('is 6 MB and 400 KB stored, and nothing is written of more', async () => {
    const large = exampleTask({ id: '1', description: incompressibleText(700_000) })
    expect((await api.put('/Task/1', large)).status).toBe(413)
    expect((await api.get('/Task/1')).status).toBe(404)
    const entry = ['1', '2'].map((id) => ({
      request: { method: 'PUT', url: `Task/${id}` },
      resource: id === '1' ? exampleTask({ id }) : { ...large, id },
    }))
    expect((await api.post('/', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(413)
    expect((await api.get('/Task/1')).status).toBe(404)
  })
})

describe('no text takes more than its length deserves', () => {
  /** What is quadratic takes four times as long for twice the length, and seconds for a text as long as this. */
  const LENGTH = 50_000
  const TOO_SHORT_TO_TELL_MICROSECONDS = 50_000
  const LESS_THAN_QUADRATIC = 3.2

  /** Processor time, the least of three: other processes take none of it. */
  const microseconds = (work: () => void): number =>
    Math.min(
      ...Array.from({ length: 3 }, () => {
        const before = process.cpuUsage()
        work()
        const { user, system } = process.cpuUsage(before)
        return user + system
      }),
    )

  const growth = (work: (text: string) => void, text: (length: number) => string): number => {
    const [short, long] = [text(LENGTH), text(2 * LENGTH)]
    const ofLong = microseconds(() => work(long))
    return ofLong < TOO_SHORT_TO_TELL_MICROSECONDS ? 1 : ofLong / microseconds(() => work(short))
  }

  const repeated = (text: string) => (length: number) => text.repeat(length / text.length)
  const TEXTS = [
    ' ',
    'a',
    '1',
    '0',
    '\\',
    '1.',
    '1e',
    '-',
    ',',
    '|',
    'a ',
    '2026-',
    '<p ',
    '.-',
    'http://',
    '\u0301',
    'QQ==',
  ]

  const task = (text: string) => ({
    ...exampleTask({ id: text, status: text, description: text, authoredOn: text, instantiatesUri: text }),
    text: { status: 'generated', div: text },
    input: [
      { type: { text }, valueBase64Binary: text },
      { valueTime: text },
      { valueOid: text },
      { valueInstant: text },
    ],
  })
  const searched = (name: string, value: string): void => {
    const options = {
      type: 'Task',
      parameters: parametersOf('Task'),
      served: () => parametersOf('Task'),
      handling: 'lenient',
      zone: zoneOf('UTC'),
      now: 0,
    } as const
    parseSearch([[name, value]], options)
  }

  test.each(TEXTS)('made of %j: JSON, elements, search values', (text) => {
    const works: Record<string, (long: string) => void> = {
      json: (long) => isUnicode(long),
      folded: (long) => folded(long),
      elements: (long) => checkWith('Task')(task(long) as never),
      ...Object.fromEntries(
        ['status', 'due-date', 'subject', '_lastUpdated', '_sort', '_include', '_elements'].map((name) => [
          name,
          (long: string) => searched(name, long),
        ]),
      ),
      name: (long) => searched(long, 'x'),
    }
    for (const [name, work] of Object.entries(works))
      expect([name, growth(work, repeated(text)) < LESS_THAN_QUADRATIC]).toEqual([name, true])
  })
})
