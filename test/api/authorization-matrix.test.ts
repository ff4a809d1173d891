import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Bundle, Resource } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'
import {
  type Asking,
  type Caller,
  callers,
  type Expected,
  expected,
  type Ownership,
} from '../support/authorization-oracle.ts'
import { callingWith } from '../support/calling-with.ts'

const ID = 'it'
const MINE = { reference: 'Patient/anna' }
const THEIRS = { reference: 'Patient/ben' }
const identifier = [{ system: 'urn:test', value: 'it' }]

const patientOf = (ownership: Ownership) => (ownership === 'none' ? undefined : ownership === 'other' ? THEIRS : MINE)

const category = (code: string) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
]

/** One resource of each type, which a row is about. */
const targets: Record<string, (ownership: Ownership) => object> = {
  Task: (ownership) => ({
    status: 'requested',
    intent: 'order',
    identifier,
    for: patientOf(ownership),
    owner: { reference: ownership === 'own' ? 'Organization/helpers' : 'Organization/elsewhere' },
  }),
  Observation: (ownership) => ({
    status: 'final',
    code: { text: 'x' },
    identifier,
    subject: patientOf(ownership),
    ...(ownership !== 'none' && { category: category(ownership === 'vitals' ? 'vital-signs' : 'laboratory') }),
  }),
  Condition: (ownership) => ({ identifier, subject: patientOf(ownership) ?? { reference: 'Group/many' } }),
  Patient: () => ({ identifier }),
  Practitioner: () => ({ identifier }),
  AuditEvent: (ownership) => ({
    type: { code: 'rest' },
    recorded: '2026-01-05T12:00:00Z',
    agent: [{ requestor: true }],
    source: { observer: { display: 'test' } },
    entity: [{ what: patientOf(ownership) ?? { reference: 'Device/none' } }],
  }),
}

const OWNERSHIPS: Record<string, Ownership[]> = {
  Task: ['own', 'other', 'none'],
  Observation: ['own', 'vitals', 'other', 'none'],
  Condition: ['own', 'other', 'none'],
  Patient: ['own', 'other'],
  Practitioner: ['none'],
  AuditEvent: ['own', 'other', 'none'],
}

const ASKINGS: Asking[] = [
  'read',
  'vread',
  'history',
  'search',
  'list',
  'history of the type',
  'create',
  'create unless there',
  'update',
  'patch',
  'delete',
  'read in a batch',
  'update in a transaction',
]

interface Row {
  caller: Caller
  asking: Asking
  type: string
  ownership: Ownership
}

const rows: Row[] = callers.flatMap((caller) =>
  Object.entries(OWNERSHIPS).flatMap(([type, ownerships]) =>
    ownerships.flatMap((ownership) =>
      ASKINGS.filter((asking) => !isLeftOut(asking, type)).map((asking) => ({ caller, asking, type, ownership })),
    ),
  ),
)

/** AuditEvents have no identifiers, and a Patient created has an id of its own, which nobody's compartment has. */
function isLeftOut(asking: Asking, type: string): boolean {
  if (type === 'AuditEvent') return asking === 'create unless there'
  return type === 'Patient' && asking.startsWith('create')
}

const idOf = ({ type, ownership }: Row) => (type !== 'Patient' ? ID : ownership === 'own' ? 'anna' : 'ben')

/** A tenant with what the row is about, two patients, and an agency that has been sent a Task about the first. */
const worldOf = async (row: Row): Promise<{ api: TestApi; before: number }> => {
  const api = testApi({ access: 'token' })
  const { type, ownership } = row
  const isSent = ownership === 'own' || ownership === 'vitals'
  const resources: object[] = [
    { resourceType: 'Patient', id: 'anna', identifier: type === 'Patient' && ownership === 'own' ? identifier : [] },
    { resourceType: 'Patient', id: 'ben', identifier: type === 'Patient' && ownership === 'other' ? identifier : [] },
    { resourceType: 'Organization', id: 'helpers', name: 'h' },
    {
      resourceType: 'PractitionerRole',
      id: 'hal-at-helpers',
      practitioner: { reference: 'Practitioner/hal' },
      organization: { reference: 'Organization/helpers' },
    },
    {
      resourceType: 'Task',
      id: 'sent',
      status: 'requested',
      intent: 'order',
      for: MINE,
      owner: { reference: 'PractitionerRole/hal-at-helpers' },
      ...(isSent && { input: [{ type: { text: 'x' }, valueReference: { reference: `${type}/${idOf(row)}` } }] }),
    },
  ]
  if (type !== 'Patient') resources.push({ resourceType: type, id: ID, ...targets[type]!(ownership) })
  const writes = resources.map((resource) => ({
    type: (resource as Resource).resourceType,
    id: (resource as { id: string }).id,
    resource: JSON.parse(JSON.stringify(resource)),
    method: 'PUT' as const,
  }))
  await api.careloop.store.write(writes)
  return { api, before: 1 }
}

const hasIt = (bundle: Bundle, { type }: Row, id: string): boolean =>
  (bundle.entry ?? []).some(({ resource }) => resource?.resourceType === type && resource.id === id)

const FLAG = { language: 'en' }

const observe = async (row: Row): Promise<Expected> => {
  const { caller, asking, type, ownership } = row
  const { api, before } = await worldOf(row)
  const ask = callingWith(api, caller.token)
  const id = idOf(row)
  const url = `/${type}/${id}`
  const content = JSON.parse(JSON.stringify({ resourceType: type, ...targets[type]!(ownership) }))
  const shows = ({ text }: { text: string }) => text !== '' && JSON.parse(text).resourceType === type
  const wrote = async (answer: { status: number; text: string }): Promise<Expected> => {
    const now = await api.careloop.store.read(type, id)
    const isDone = answer.status < 300
    return {
      status: answer.status,
      ...(isDone && answer.status !== 204 && { shown: shows(answer) }),
      ...(now!.v !== before && { changed: true }),
    }
  }
  switch (asking) {
    case 'read':
    case 'vread':
    case 'history': {
      const path = { read: url, vread: `${url}/_history/1`, history: `${url}/_history` }[asking]
      const { status, body } = await ask<Bundle | Resource>('GET', path)
      if (status !== 200) return { status }
      return { status, shown: body.resourceType === type || hasIt(body as Bundle, row, id) }
    }
    case 'search':
    case 'list':
    case 'history of the type': {
      const path = { search: `?_id=${id}`, list: '?_total=accurate', 'history of the type': '/_history' }[asking]
      const { status, body } = await ask<Bundle>('GET', `/${type}${path}`)
      if (status !== 200) return { status }
      expect(body.total).toBe(body.entry?.length ?? 0)
      return { status, shown: hasIt(body, row, id) }
    }
    case 'create':
    case 'create unless there': {
      const headers: Record<string, string> = asking === 'create' ? {} : { 'If-None-Exist': 'identifier=urn:test|it' }
      const answer = await ask('POST', `/${type}`, content, headers)
      return { status: answer.status, ...(answer.status < 300 && { shown: shows(answer) }) }
    }
    case 'update':
      return wrote(await ask('PUT', url, { ...content, id, ...FLAG }))
    case 'patch':
      return wrote(
        await ask('PATCH', url, [{ op: 'add', path: '/language', value: 'en' }], {
          'Content-Type': 'application/json-patch+json',
        }),
      )
    case 'delete':
      return wrote(await ask('DELETE', url))
    case 'read in a batch': {
      const bundle = {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [{ request: { method: 'GET', url: url.slice(1) } }],
      }
      const { status, body } = await ask<Bundle>('POST', '/', bundle)
      return { status, ...(status === 200 && { shown: hasIt(body, row, id) }) }
    }
    case 'update in a transaction': {
      const resource = { ...content, id, ...FLAG }
      const entry = [{ resource, request: { method: 'PUT', url: url.slice(1) } }]
      const answer = await ask<Bundle>(
        'POST',
        '/',
        { resourceType: 'Bundle', type: 'transaction', entry },
        { Prefer: 'return=representation' },
      )
      const text = JSON.stringify(answer.body.entry?.[0]?.resource ?? '')
      return wrote({ status: answer.status, text: text === '""' ? '' : text })
    }
  }
}

const nameOf = ({ asking, type, ownership }: Row) => `${asking}: ${type} ${ownership}`

describe('who may do what with which resource', () => {
  test('at least 2,000 rows', () => {
    expect(rows.length).toBeGreaterThanOrEqual(2_000)
  })

  describe.each(callers)('$name', (caller) => {
    const ours = rows.filter((row) => row.caller === caller)
    const found = new Map<Row, Expected>()

    beforeAll(async () => {
      for (const row of ours) found.set(row, await observe(row))
    }, 60_000)

    test.each(ours.map((row) => [nameOf(row), row] as const))('%s', (_name, row) => {
      expect(found.get(row)).toEqual(expected(row.caller, row.asking, row.type, row.ownership))
    })
  })
})
