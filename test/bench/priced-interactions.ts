import { discharge, hospital, inpatient } from './discharge/patients.ts'
import { measuredTask, OWNER, PATIENT } from './tenant-of-size.ts'

/** Sends a request and gives its answer. @throws Error when it is not answered as expected */
export type Send = (method: string, url: string, body?: unknown) => Promise<Record<string, unknown>>

/** An interaction that has a price. */
export interface PricedInteraction {
  /** as docs/operations/cost.md calls it */
  name: string
  /** how many of them one figure is the mean of */
  times: number
  /** what has to be there; not counted */
  prepare?(send: Send, serial: string): Promise<unknown>
  run(send: Send, serial: string): Promise<unknown>
  /** Whether what was to follow is there; not counted. @throws Error when it is not */
  check?(send: Send, serial: string): Promise<void>
}

const URL_OF = (serial: string): string => `/Task/${serial}`
const there = (serial: string) => ({ ...measuredTask(serial), id: serial })
const make = (send: Send, serial: string) => send('PUT', URL_OF(serial), there(serial))
const change = (send: Send, serial: string, status: string) => send('PUT', URL_OF(serial), { ...there(serial), status })

/** Numbers for patients that nobody else has. */
let patients = 0
const numbers = new Map<string, number>()
const numberOf = (serial: string): number => {
  if (!numbers.has(serial)) numbers.set(serial, ++patients)
  return numbers.get(serial)!
}

const stayOf = (serial: string) => discharge(numberOf(serial))

const transactionOf = (serial: string, entries: number) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: Array.from({ length: entries }, (_, n) => ({
    resource: measuredTask(`${serial}-${n}`),
    request: { method: 'POST', url: 'Task' },
  })),
})

/** What `npm run cost` prices. A Task is 1.9 KB and has eight indexed values; pages are of 20. */
export const pricedInteractions: readonly PricedInteraction[] = [
  { name: 'read', times: 40, prepare: make, run: (send, serial) => send('GET', URL_OF(serial)) },
  {
    name: 'vread of a superseded version',
    times: 20,
    async prepare(send, serial) {
      await make(send, serial)
      await change(send, serial, 'accepted')
    },
    run: (send, serial) => send('GET', `${URL_OF(serial)}/_history/1`),
  },
  {
    name: 'history of a Task, 5 versions',
    times: 10,
    async prepare(send, serial) {
      await make(send, serial)
      for (const status of ['accepted', 'in-progress', 'ready', 'in-progress']) await change(send, serial, status)
    },
    run: (send, serial) => send('GET', `${URL_OF(serial)}/_history`),
  },
  { name: 'search by patient, page of 20', times: 20, run: (send) => send('GET', `/Task?patient=${PATIENT}`) },
  {
    name: 'worklist, page of 20',
    times: 20,
    run: (send) => send('GET', `/Task?_query=worklist&worker=${OWNER}`),
  },
  { name: 'create', times: 20, run: (send, serial) => send('POST', '/Task', measuredTask(serial)) },
  {
    name: 'update of the status, stays open',
    times: 20,
    prepare: make,
    run: (send, serial) => change(send, serial, 'accepted'),
  },
  {
    name: 'update of the status, closes',
    times: 20,
    prepare: make,
    run: (send, serial) =>
      send('PUT', URL_OF(serial), { ...there(serial), status: 'cancelled', statusReason: { text: 'Not needed' } }),
  },
  {
    name: 'transaction of 20 creates',
    times: 5,
    run: (send, serial) => send('POST', '/', transactionOf(serial, 20)),
  },
  {
    name: 'discharge through to its Tasks',
    times: 5,
    async prepare(send, serial) {
      await send('POST', '/', hospital())
      await send('POST', '/', inpatient(numberOf(serial)))
    },
    async run(send, serial) {
      const stay = stayOf(serial)
      await send('PUT', `/Encounter/${stay.id}`, stay)
    },
    async check(send, serial) {
      const { total } = await send('GET', `/Task?encounter=Encounter/${stayOf(serial).id}&_summary=count`)
      if (!total) throw new Error('a discharge calls for no Task: nothing was measured')
    },
  },
]
