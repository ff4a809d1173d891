import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome, Task } from 'fhir/r4'
import { CountingTable } from '../lib/search/counting-table.ts'
import { type TestApi, testApi } from '../support/api.ts'
import { callingAs } from '../support/caller.ts'
import { exampleTask, expressionsOf, identifiedBy } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const OWNER = 'Practitioner/owner'
const REQUESTER = 'Practitioner/requester'
const parties = { requester: { reference: REQUESTER }, owner: { reference: OWNER } }
const because = { statusReason: { text: 'no ride' } }
const task = (status: string, elements: Record<string, unknown> = {}) =>
  exampleTask({ id: '1', status, ...parties, ...elements })
const careTask = (code: string) => ({
  code: { coding: [{ system: 'https://careloop.dev/fhir/CodeSystem/care-task-type', code }] },
})
const transact = (...entry: unknown[]) =>
  api.post<OperationOutcome>('/', { resourceType: 'Bundle', type: 'transaction', entry })
const putEntry = (
  resource: { resourceType: string; id?: string },
  url = `${resource.resourceType}/${resource.id}`,
) => ({
  request: { method: 'PUT', url },
  resource,
})
const stored = async () => (await api.get<Task>('/Task/1')).body

describe('a transition that the table does not have', () => {
  test('is a 422 that says where the Task is, where it was to go and where it can go', async () => {
    await api.put('/Task/1', task('received'))
    const { status, body } = await api.put<OperationOutcome>('/Task/1', task('completed'))
    expect(status).toBe(422)
    expect(body.issue).toEqual([
      {
        severity: 'error',
        code: 'business-rule',
        diagnostics:
          'A Task that is received cannot become completed. It can become: accepted, rejected, cancelled, entered-in-error.',
        expression: ['Task.status'],
      },
    ])
    expect((await stored()).meta!.versionId).toBe('1')
  })

  test.each<[string, () => Promise<{ status: number; body: OperationOutcome }>, string]>([
    [
      'a JSON Patch',
      () => api.send('PATCH', '/Task/1', [{ op: 'replace', path: '/status', value: 'completed' }]),
      'Task.status',
    ],
    ['a conditional update', () => api.put('/Task?_id=1', task('completed')), 'Task.status'],
    [
      'a conditional patch',
      () => api.send('PATCH', '/Task?_id=1', [{ op: 'replace', path: '/status', value: 'completed' }]),
      'Task.status',
    ],
    ['a transaction', () => transact(putEntry(task('completed'))), 'Bundle.entry[0].resource.status'],
    [
      'a conditional update in a transaction',
      () => transact(putEntry(task('completed'), 'Task?_id=1')),
      'Bundle.entry[0].resource.status',
    ],
  ])('is refused of %s', async (_what, attempt, expression) => {
    await api.put('/Task/1', task('received'))
    const { status, body } = await attempt()
    expect({ status, expressions: expressionsOf(body) }).toEqual({ status: 422, expressions: [expression] })
    expect((await stored()).status).toBe('received')
  })

  test('is refused of one entry of a batch, and of all of a transaction', async () => {
    await api.put('/Task/1', task('completed'))
    const entry = [putEntry(exampleTask({ id: '2' })), putEntry(task('ready'))]
    const { body } = await api.post<Bundle>('/', { resourceType: 'Bundle', type: 'batch', entry })
    expect(body.entry!.map(({ response }) => response!.status.slice(0, 3))).toEqual(['201', '422'])
    expect((await transact(putEntry(exampleTask({ id: '3' })), putEntry(task('ready')))).status).toBe(422)
    expect((await api.get('/Task/3')).status).toBe(404)
  })
})

describe('what the lifecycle leaves alone', () => {
  test.each(['completed', 'rejected', 'on-hold', 'in-progress', 'entered-in-error'])(
    'a create in status %s',
    async (status) => {
      expect((await api.post('/Task', exampleTask({ status }))).status).toBe(201)
      expect((await api.put('/Task/new', exampleTask({ id: 'new', status }))).status).toBe(201)
    },
  )

  test('what is brought back after a delete', async () => {
    await api.put('/Task/1', task('completed'))
    await api.delete('/Task/1')
    expect((await api.put('/Task/1', task('draft'))).status).toBe(201)
  })

  test('what changes no status: a closed Task can be annotated and relabelled', async () => {
    await api.put('/Task/1', task('rejected'))
    const send = callingAs(api, 'Practitioner/other')
    expect((await send('PUT', '/Task/1', task('rejected', { description: 'x' }))).status).toBe(200)
    const meta = { name: 'meta', valueMeta: { tag: [{ code: 'late' }] } }
    expect((await send('POST', '/Task/1/$meta-add', { resourceType: 'Parameters', parameter: [meta] })).status).toBe(
      200,
    )
    expect((await send('DELETE', '/Task/1')).status).toBe(204)
  })

  test('reads: a write that changes no status, and one by the owner, cost none besides the resource itself', async () => {
    const table = new CountingTable()
    api = testApi({ table })
    await api.put('/Task/1', task('accepted'))
    const send = callingAs(api, OWNER)
    const readsOf = async (write: () => Promise<unknown>) => {
      table.reset()
      await write()
      return [table.items, table.queries]
    }
    expect(await readsOf(() => send('POST', '/Task', task('draft')))).toEqual([0, 0])
    expect(await readsOf(() => send('PUT', '/Task/1', task('accepted', { description: 'x' })))).toEqual([1, 0])
    expect(await readsOf(() => send('PUT', '/Task/1', task('in-progress')))).toEqual([1, 0])
  })
})

describe('a guard', () => {
  test.each(['rejected', 'cancelled', 'on-hold', 'failed'])('asks why a Task becomes %s', async (status) => {
    await api.put('/Task/1', task(status === 'rejected' ? 'requested' : 'accepted'))
    const { status: answered, body } = await api.put<OperationOutcome>('/Task/1', task(status))
    expect({ answered, expressions: expressionsOf(body) }).toEqual({
      answered: 422,
      expressions: ['Task.statusReason.text'],
    })
    expect((await api.put('/Task/1', task(status, { statusReason: { text: ' ' } }))).status).toBe(422)
    expect((await api.put('/Task/1', task(status, because))).status).toBe(200)
  })

  test('asks for an owner before work begins', async () => {
    await api.put('/Task/1', task('ready', { owner: undefined }))
    const { status, body } = await api.put<OperationOutcome>('/Task/1', task('in-progress', { owner: undefined }))
    expect({ status, expressions: expressionsOf(body) }).toEqual({ status: 422, expressions: ['Task.owner'] })
    expect((await api.put('/Task/1', task('in-progress'))).status).toBe(200)
  })

  test('asks for what a Task of its code has to come to', async () => {
    const medRec = (status: string, reference?: string) =>
      task(status, {
        ...careTask('tcm-med-rec'),
        ...(reference && { output: [{ type: { text: 'list' }, valueReference: { reference } }] }),
      })
    await api.put('/Task/1', medRec('in-progress'))
    const { status, body } = await api.put<OperationOutcome>('/Task/1', medRec('completed'))
    expect({ status, expressions: expressionsOf(body) }).toEqual({ status: 422, expressions: ['Task.output'] })
    expect(body.issue[0]!.diagnostics).toContain('List or DocumentReference')
    expect((await api.put('/Task/1', medRec('completed', 'Encounter/1'))).status).toBe(422)
    expect((await api.put('/Task/1', medRec('completed', 'List/1/_history/2'))).status).toBe(200)
  })

  test('asks nothing of a Task of another code', async () => {
    await api.put('/Task/1', task('in-progress', careTask('tcm-interactive-contact')))
    expect((await api.put('/Task/1', task('completed', careTask('tcm-interactive-contact')))).status).toBe(200)
  })

  test('keeps the intent, whatever else changes, and lists everything wrong at once', async () => {
    await api.put('/Task/1', task('accepted'))
    const { status, body } = await api.put<OperationOutcome>('/Task/1', task('failed', { intent: 'plan' }))
    expect({ status, expressions: expressionsOf(body) }).toEqual({
      status: 422,
      expressions: ['Task.intent', 'Task.statusReason.text'],
    })
    expect((await api.put('/Task/1', task('accepted', { intent: 'plan' }))).status).toBe(422)
  })

  test('holds for trusted systems too: lastModified is not before authoredOn', async () => {
    const dates = { authoredOn: '2026-01-02T00:00:00Z', lastModified: '2026-01-01T00:00:00Z' }
    const { status, body } = await api.put<OperationOutcome>('/Task/1', task('accepted', dates))
    expect(status).toBe(422)
    expect(body.issue[0]!.diagnostics).toContain('lastModified')
  })
})

describe('executionPeriod', () => {
  test('is noted when work begins and ends, and outlasts a client that does not send it', async () => {
    await api.put('/Task/1', task('accepted'))
    await api.put('/Task/1', task('in-progress'))
    const { start } = (await stored()).executionPeriod!
    expect(start).toMatch(/^2026-01-05T12:00:/)
    await api.put('/Task/1', task('in-progress', { description: 'x' }))
    await api.put('/Task/1', task('completed'))
    const { executionPeriod, meta } = await stored()
    expect(executionPeriod!.start).toBe(start)
    expect(executionPeriod!.end! > start!).toBe(true)
    // The same again, as after a lost answer, is no new version.
    expect((await api.put('/Task/1', task('completed'))).headers.etag).toBe(`W/"${meta!.versionId}"`)
  })

  test('is what the client says, if it says so, and can be taken away by a patch', async () => {
    const given = { executionPeriod: { start: '2026-01-01', end: '2026-01-02' } }
    await api.put('/Task/1', task('accepted'))
    await api.put('/Task/1', task('completed', given))
    expect((await stored()).executionPeriod).toEqual(given.executionPeriod)
    await api.send('PATCH', '/Task/1', [{ op: 'remove', path: '/executionPeriod' }])
    expect((await stored()).executionPeriod).toBeUndefined()
  })

  test('never ends before it starts', async () => {
    const given = { executionPeriod: { start: '2126-01-01T00:00:00Z' } }
    await api.put('/Task/1', task('accepted', given))
    expect((await api.put('/Task/1', task('completed', given))).status).toBe(200)
    expect((await stored()).executionPeriod).toEqual(given.executionPeriod)
  })
})

describe('actors', () => {
  let tasks = 0
  const outcomeAs = (reference: string, from: string, to: string, elements = {}) => {
    tasks += 1
    const id = `task-${tasks}`
    return api
      .put(`/Task/${id}`, task(from, { id, ...elements }))
      .then(() =>
        callingAs(api, reference)<OperationOutcome>('PUT', `/Task/${id}`, task(to, { id, ...because, ...elements })),
      )
  }

  test('a 403 says who may', async () => {
    const { status, body } = await outcomeAs('Practitioner/other', 'requested', 'accepted')
    expect(status).toBe(403)
    expect(body.issue[0]).toMatchObject({ code: 'forbidden', expression: ['Task.status'] })
    expect(body.issue[0]!.diagnostics).toBe('A Task that is requested becomes accepted by its owner, and you are not.')
  })

  test('a requester is told how to have work stopped that has begun', async () => {
    const { status, body } = await outcomeAs(REQUESTER, 'in-progress', 'cancelled')
    expect(status).toBe(403)
    expect(body.issue[0]!.diagnostics).toContain('a Task of code abort')
    api = testApi({ tenant: { placerCancelInProgress: true } })
    expect((await outcomeAs(REQUESTER, 'in-progress', 'cancelled')).status).toBe(200)
    expect((await outcomeAs('Practitioner/other', 'on-hold', 'cancelled')).status).toBe(403)
  })

  test('an owner may be a role, a team, a team of roles, or an organization', async () => {
    const practitioner = { reference: OWNER }
    const role = {
      resourceType: 'PractitionerRole',
      practitioner,
      organization: { reference: 'Organization/food-bank' },
    }
    await api.put('/PractitionerRole/role', { ...role, id: 'role' })
    const team = (id: string, reference: string, more = {}) =>
      api.put(`/CareTeam/${id}`, { resourceType: 'CareTeam', id, participant: [{ member: { reference }, ...more }] })
    await team('direct', OWNER)
    await team('roles', 'PractitionerRole/role')
    await team('former', OWNER, { period: { end: '2026-01-04' } })
    const by = async (owner: string, caller = OWNER) =>
      (await outcomeAs(caller, 'accepted', 'in-progress', { owner: { reference: owner } })).status
    expect(await by('PractitionerRole/role')).toBe(200)
    expect(await by('CareTeam/direct')).toBe(200)
    expect(await by('CareTeam/roles')).toBe(200)
    expect(await by('Organization/food-bank')).toBe(200)
    for (const owner of ['PractitionerRole/role', 'CareTeam/direct', 'CareTeam/roles', 'Organization/food-bank'])
      expect([owner, await by(owner, 'Practitioner/other')]).toEqual([owner, 403])
    expect(await by('CareTeam/former')).toBe(403)
    expect(await by('CareTeam/nowhere')).toBe(403)
  })

  test('work that nobody owns, or a pool without members, is theirs who take it', async () => {
    const take = callingAs(api, 'Practitioner/new')
    const mine = { owner: { reference: 'Practitioner/new' } }
    await api.put('/Task/1', task('requested', { owner: undefined }))
    expect((await take('PUT', '/Task/1', task('accepted', { owner: undefined }))).status).toBe(403)
    expect((await take('PUT', '/Task/1', task('accepted', mine))).status).toBe(200)
    await api.put('/CareTeam/pool', { resourceType: 'CareTeam', id: 'pool' })
    const pooled = { id: '2', owner: { reference: 'CareTeam/pool' } }
    await api.put('/Task/2', task('ready', pooled))
    expect((await take('PUT', '/Task/2', task('in-progress', pooled))).status).toBe(403)
    expect((await take('PUT', '/Task/2', task('in-progress', { ...pooled, ...mine }))).status).toBe(200)
    await api.put('/Task/3', task('requested', { id: '3' }))
    expect((await take('PUT', '/Task/3', task('accepted', { id: '3', ...mine }))).status).toBe(403)
  })

  test('what names nobody who could be asked is anybody’s', async () => {
    const nobody = { id: '1', requester: undefined, owner: undefined }
    await api.put('/Task/1', task('draft', nobody))
    expect((await callingAs(api, 'Practitioner/other')('PUT', '/Task/1', task('requested', nobody))).status).toBe(200)
  })

  test('are those of the authorizer, in a transaction too; a header of the client makes nobody anybody', async () => {
    await api.put('/Task/1', task('requested'))
    const bundle = { resourceType: 'Bundle', type: 'transaction', entry: [putEntry(task('accepted'))] }
    expect((await callingAs(api, 'Practitioner/other')('POST', '/', bundle)).status).toBe(403)
    expect(
      (await callingAs(api, 'Practitioner/other')<Bundle>('POST', '/', { ...bundle, type: 'batch' })).body.entry![0]!
        .response!.status,
    ).toMatch(/^403/)
    const said = { 'X-Careloop-User': 'Practitioner/other' }
    expect((await api.send('POST', '/', bundle, said)).status).toBe(200)
    await api.put('/Task/2', task('requested', { id: '2' }))
    expect(
      (
        await callingAs(api, 'Practitioner/other')('PUT', '/Task/2', task('accepted', { id: '2' }), {
          'X-Careloop-User': OWNER,
        })
      ).status,
    ).toBe(403)
    expect(
      (await callingAs(api, `https://api.test/fhir/${OWNER}`)('PUT', '/Task/2', task('accepted', { id: '2' }))).status,
    ).toBe(200)
  })
})

describe('reopenRoles', () => {
  test('let somebody open again what is closed; then it has not ended', async () => {
    api = testApi({ tenant: { reopenRoles: ['supervisor'] } })
    await api.put('/Task/1', task('accepted'))
    await api.put('/Task/1', task('in-progress'))
    await api.put('/Task/1', task('completed'))
    const { executionPeriod } = await stored()
    const reopened = task('ready', { executionPeriod })
    expect((await api.put('/Task/1', reopened)).status).toBe(422)
    expect((await callingAs(api, OWNER, 'nurse')('PUT', '/Task/1', reopened)).status).toBe(422)
    expect((await callingAs(api, 'Practitioner/boss', 'nurse,supervisor')('PUT', '/Task/1', reopened)).status).toBe(200)
    expect((await stored()).executionPeriod).toEqual({ start: executionPeriod!.start })
    await api.put('/Task/2', task('entered-in-error', { id: '2' }))
    expect(
      (await callingAs(api, 'Practitioner/boss', 'supervisor')('PUT', '/Task/2', task('ready', { id: '2' }))).status,
    ).toBe(422)
  })
})

describe('$claim', () => {
  const claim = (by: string, id = '1', body: unknown = { resourceType: 'Parameters' }) =>
    callingAs(api, by)<Task>('POST', `/Task/${id}/$claim`, body)

  test('takes a Task for who asks, when no owner is named', async () => {
    await api.put('/Task/1', task('requested', { owner: undefined }))
    const { status, body } = await claim('Practitioner/new')
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'accepted', owner: { reference: 'Practitioner/new' } })
    expect((await claim('Organization/food-bank')).status).toBe(400)
  })

  test('of a pool is for its members', async () => {
    const participant = [{ member: { reference: 'Practitioner/new' } }]
    await api.put('/CareTeam/pool', { resourceType: 'CareTeam', id: 'pool', participant })
    await api.put('/Task/1', task('requested', { owner: { reference: 'CareTeam/pool' } }))
    expect((await claim('Practitioner/other')).status).toBe(403)
    expect((await claim('Practitioner/new')).status).toBe(200)
  })

  test('accepts nothing that has not been asked for yet', async () => {
    await api.put('/Task/1', task('draft', { owner: undefined }))
    expect((await claim('Practitioner/new')).body.status).toBe('draft')
  })
})

test('identifiers find what they found before: a load that is repeated changes nothing', async () => {
  const entry = [
    putEntry({ ...exampleTask({ status: 'completed' }), ...identifiedBy('7') } as never, 'Task?identifier=7'),
  ]
  const load = { resourceType: 'Bundle', type: 'transaction', entry }
  for (const expected of ['201', '200'])
    expect((await api.post<Bundle>('/', load)).body.entry![0]!.response!.status).toMatch(expected)
})
