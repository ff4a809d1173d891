import { wake } from '../../lib/events/wake.ts'
import type { TestApi } from '../support/api.ts'
import { MEMBER, measuredTask, OWNER, PATIENT, PATIENT_IDENTIFIER, PLAN_URL } from './tenant-of-size.ts'

/** Capacity units. */
export interface Units {
  read: number
  write: number
}

/** What is measured, and the most it may cost. */
export interface Operation {
  name: string
  target: Partial<Units>
  /** one request of the measured kind; preparation it needs is done by `prepare` and not counted */
  run(api: TestApi, prepared: string): Promise<unknown>
  prepare?(api: TestApi): Promise<string>
}

const created = async (api: TestApi, url: string, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await api.post(url, body, headers)
  if (answer.status !== 201) throw new Error(`expected 201 and got ${answer.status}: ${answer.text}`)
  return answer.headers.location!.replace(/^.*\/fhir/, '').replace(/\/_history\/1$/, '')
}

const page =
  (url: string, entries = 20) =>
  async (api: TestApi) => {
    const answer = await api.get<{ entry?: unknown[] }>(url)
    if (answer.status !== 200) throw new Error(`expected 200 and got ${answer.status}: ${answer.text}`)
    if ((answer.body.entry?.length ?? 0) !== entries)
      throw new Error(`${url} gave ${answer.body.entry?.length ?? 0} of ${entries} entries`)
  }

const put = async (api: TestApi, url: string, change: Record<string, unknown> = {}) => {
  const now = await api.get(url)
  return async () => {
    const answer = await api.put(url, { ...now.body, ...change })
    if (answer.status !== 200) throw new Error(`expected 200 and got ${answer.status}: ${answer.text}`)
  }
}

const serials = Array.from({ length: 1_000 }, (_, n) => `bench-${n}`)
const newTask = (api: TestApi) => created(api, '/Task', measuredTask(serials.pop()!))
let prepared: () => Promise<void> = async () => undefined

export const operations: readonly Operation[] = [
  { name: 'read', target: { read: 1 }, prepare: newTask, run: (api, url) => api.get(url) },
  {
    name: 'vread, a superseded version',
    target: { read: 1 },
    prepare: async (api) => {
      const url = await newTask(api)
      await (await put(api, url, { status: 'accepted' }))()
      return url
    },
    run: (api, url) => api.get(`${url}/_history/1`),
  },
  {
    name: 'vread, the current version',
    target: { read: 1 },
    prepare: newTask,
    run: (api, url) => api.get(`${url}/_history/1`),
  },
  { name: 'create Task, 8 indexed values', target: { write: 12 }, run: newTask },
  {
    name: 'conditional create by identifier',
    target: { write: 18, read: 2 },
    run: (api) => {
      const value = serials.pop()!
      return created(api, '/Task', measuredTask(value), { 'If-None-Exist': `identifier=urn:bench|${value}` })
    },
  },
  {
    name: 'update, status only (stays open)',
    target: { write: 8 },
    prepare: async (api) => {
      const url = await newTask(api)
      prepared = await put(api, url, { status: 'accepted' })
      return url
    },
    run: () => prepared(),
  },
  {
    name: 'update, status only (closes)',
    target: { write: 8 },
    prepare: async (api) => {
      const url = await newTask(api)
      prepared = await put(api, url, { status: 'cancelled', statusReason: { text: 'No longer needed' } })
      return url
    },
    run: () => prepared(),
  },
  {
    name: 'identical PUT',
    target: { write: 0 },
    prepare: async (api) => {
      const url = await newTask(api)
      prepared = await put(api, url)
      return url
    },
    run: () => prepared(),
  },
  { name: 'search by patient', target: { read: 22 }, run: page(`/Task?patient=${PATIENT}`) },
  { name: 'search by encounter', target: { read: 22 }, run: page('/Task?encounter=Encounter/stay-0') },
  { name: 'search by group-identifier', target: { read: 22 }, run: page('/Task?group-identifier=group-0') },
  { name: 'search by due date', target: { read: 22 }, run: page('/Task?due-date=ge2026-01-01') },
  { name: 'search by _lastUpdated', target: { read: 22 }, run: page('/Task?_lastUpdated=ge2026-01-01') },
  { name: 'search without parameters', target: { read: 22 }, run: page('/Task') },
  {
    name: 'worklist: owner, open, by due date',
    target: { read: 22 },
    run: page(`/Task?owner=${OWNER}&status=requested,accepted&_sort=due-date`),
  },
  {
    name: 'open work of the tenant, by due date',
    target: { read: 22 },
    run: page('/Task?status=requested&_sort=due-date'),
  },
  { name: 'all work of the tenant, by due date', target: { read: 22 }, run: page('/Task?_sort=due-date') },
  { name: 'compartment, one type', target: { read: 22 }, run: page(`/${PATIENT}/Task`) },
  { name: 'chain, to one patient', target: { read: 24 }, run: page(`/Task?patient.identifier=${PATIENT_IDENTIFIER}`) },
  {
    name: '_has, back from one encounter',
    target: { read: 52 },
    run: page('/Task?patient._has:Task:patient:group-identifier=group-0'),
  },
  {
    name: '_include of one patient',
    target: { read: 23 },
    run: page(`/Task?patient=${PATIENT}&_include=Task:patient`, 21),
  },
  {
    name: '_revinclude of 25 Tasks of one patient',
    target: { read: 29 },
    run: page('/Patient?_id=p-0&_revinclude=Task:patient', 26),
  },
  {
    name: '_revinclude, nothing there',
    target: { read: 42 },
    run: page(`/Task?patient=${PATIENT}&_revinclude=Provenance:target`),
  },
  {
    name: 'token beside a list: patient, status',
    target: { read: 22 },
    run: page(`/Task?patient=${PATIENT}&status=requested`),
  },
  {
    // Among the newest rows of the log are those of the versions that the operations above have superseded.
    name: 'token without a list that all have: code',
    target: { read: 26 },
    run: page('/Task?code=tcm-interactive-contact'),
  },
  {
    name: 'token without a list that none has, one page',
    target: { read: 1_100 },
    run: page('/Task?business-status=nowhere', 0),
  },
  { name: 'token: identifier, one match', target: { read: 2 }, run: page('/Task?identifier=urn:bench|task-0', 1) },
  { name: 'token:not beside a list', target: { read: 22 }, run: page(`/Task?owner=${OWNER}&code:not=x`) },
  {
    name: ':missing beside a list',
    target: { read: 22 },
    run: page(`/Task?owner=${OWNER}&business-status:missing=true`),
  },
  {
    name: 'date beside a list: owner, authored-on',
    target: { read: 22 },
    run: page(`/Task?owner=${OWNER}&authored-on=ge2026`),
  },
  { name: 'string: Patient name', target: { read: 22 }, run: page('/Patient?name=bench') },
  {
    name: 'quantity beside a list',
    target: { read: 22 },
    run: page(`/Observation?patient=${PATIENT}&value-quantity=gt5||kg`),
  },
  {
    name: 'composite beside a list',
    target: { read: 22 },
    run: page(`/Observation?patient=${PATIENT}&code-value-quantity=weight$gt5`),
  },
  { name: 'uri: PlanDefinition url, one match', target: { read: 2 }, run: page(`/PlanDefinition?url=${PLAN_URL}`, 1) },
  { name: '_id, one match', target: { read: 1 }, run: page('/Patient?_id=p-0', 1) },
  {
    name: '_sort=-due-date, open of one owner',
    target: { read: 22 },
    run: page(`/Task?owner=${OWNER}&status=requested,accepted&_sort=-due-date`),
  },
  {
    name: '_sort by another date: gathers 25 of a patient',
    target: { read: 27 },
    run: page(`/Task?patient=${PATIENT}&_sort=authored-on`),
  },
  {
    name: '_summary=count of a patient',
    target: { read: 27 },
    run: page(`/Task?patient=${PATIENT}&_summary=count`, 0),
  },
  { name: 'named query worklist, no roles', target: { read: 22 }, run: page(`/Task?_query=worklist&worker=${OWNER}`) },
  {
    name: 'named query worklist, a role and its team',
    target: { read: 28 },
    run: page(`/Task?_query=worklist&worker=${MEMBER}`),
  },
  { name: 'history of a type', target: { read: 64 }, run: page('/Task/_history') },
  { name: 'history of the system', target: { read: 66 }, run: page('/_history') },
  { name: '$everything, first page of 20', target: { read: 23 }, run: page(`/${PATIENT}/$everything?_count=20`, 21) },
  {
    name: '$everything within dates, page of 20',
    target: { read: 53 },
    run: page(`/${PATIENT}/$everything?_count=20&start=2026-01-01`, 21),
  },
  { name: 'compartment, all types', target: { read: 23 }, run: page(`/${PATIENT}/*`) },
  { name: 'system, two types', target: { read: 24 }, run: page('/?_type=Task,Goal') },
  { name: 'system, two types of one patient', target: { read: 23 }, run: page(`/?_type=Task,Goal&patient=${PATIENT}`) },
  {
    name: 'one minute tick, nothing due',
    target: { read: 1, write: 0 },
    run: (api) => wake(api.careloop, '2020-01-01T00:00:00.000Z'),
  },
]
