import type { Encounter, Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { facilities } from '../simulate/facilities.ts'
import type { Random } from '../simulate/random.ts'
import { encounterOf } from '../simulate/resources.ts'
import type { Stay } from '../simulate/stays.ts'
import { type Client, createClient } from './client.ts'
import { type Deed, type Journal, outcomeOf } from './journal.ts'
import {
  GROUPS,
  IDENTIFIERS,
  marked,
  OWNERS,
  PATIENTS,
  patientOf,
  type TaskParts,
  type TransactionEntry,
  taskOf,
  transactionOf,
} from './resources.ts'
import type { Scene } from './scene.ts'

export interface Load {
  scene: Scene
  journal: Journal
  /** what the service's clock says, as far as anybody knows */
  now: () => string
  /** the stays of the hospitals as they are in the end */
  stays: Map<string, Stay>
}

/** More than one TransactWriteItems takes. */
const LARGE = [101, 140] as const
const SMALL = [2, 9] as const
const LONGEST_STAY_HOURS = 200
const DUE_HOURS = [1, 4, 24, 72] as const
const SHARED = 4

const dueAfter = (now: string, hours: number): string => Temporal.Instant.from(now).add({ hours }).toString()

/** Each does one thing at a time, again and again, until the storm is over; all choose by chances of their own. */
export const workersOf = (load: Load): ((random: Random, name: string) => Promise<void>)[] => {
  const { scene, journal, now, stays } = load
  let identifiers = 0
  const newIdentifier = (): string => {
    identifiers += 1
    return `id-${identifiers}`
  }

  const someTask = (random: Random, mark: string, more: Partial<TaskParts> = {}): Task =>
    taskOf({
      mark,
      identifier: newIdentifier(),
      owner: random.pick(OWNERS),
      group: random.pick(GROUPS),
      patient: random.pick(PATIENTS),
      priority: random.pick(['routine', 'urgent', 'asap', 'stat']),
      ...(random.chance(0.5) && { due: dueAfter(now(), random.pick(DUE_HOURS)) }),
      ...more,
    })

  /** Reads, changes what it read and writes it back on condition that nobody came between. */
  const change = async (client: Client, random: Random, id: string, kind: string): Promise<void> => {
    const before = await client.read<Task>(`/Task/${id}`)
    if (before?.status !== 200) return
    const deed = journal.begin(kind)
    const task: Task = {
      ...before.body,
      owner: { reference: random.pick(OWNERS) },
      groupIdentifier: { system: IDENTIFIERS, value: random.pick(GROUPS) },
      note: [{ text: deed.mark }],
    }
    await client.attempt(deed, 'PUT', `/Task/${id}`, task, { 'if-match': `W/"${before.version}"` })
  }

  const remove = async (client: Client, id: string): Promise<boolean> => {
    const before = await client.read<Task>(`/Task/${id}`)
    if (before?.status !== 200) return false
    const deed = journal.begin('delete', 0)
    deed.deletes = { reference: `Task/${id}`, version: before.version! }
    await client.attempt(deed, 'DELETE', `/Task/${id}`)
    return true
  }

  /** What has been acknowledged is found by a search that begins afterwards. */
  const findAgain = async (client: Client, { named: [named] }: Deed, identifier: string): Promise<void> => {
    const found = await client.read<{ entry?: { resource: Task }[] }>(`/Task?identifier=${IDENTIFIERS}|${identifier}`)
    if (!found || !named) return
    journal.looked += 1
    const ids = (found.body.entry ?? []).map(({ resource }) => `Task/${resource.id}`)
    if (found.status !== 200 || !ids.includes(named.reference))
      journal.astonished.push(`${named.reference} is not found by its identifier (${found.status})`)
  }

  const tasks = async (random: Random, name: string): Promise<void> => {
    const client = createClient(scene, journal)
    const own: string[] = []
    for (let n = 1; !scene.isOver(); n += 1) {
      if (!own.length || random.chance(0.4)) {
        const id = `${name}-${n}`
        const deed = journal.begin('create')
        const task = someTask(random, deed.mark, { id })
        await client.attempt(deed, 'PUT', `/Task/${id}`, task)
        // One that was not answered is sent once more as it was, as a careful client would.
        if (deed.outcome === 'unknown' && random.chance(0.5)) await client.attempt(deed, 'PUT', `/Task/${id}`, task)
        own.push(id)
        if (deed.outcome === 'acknowledged' && random.chance(0.3))
          await findAgain(client, deed, task.identifier![0]!.value!)
      } else if (random.chance(0.08)) {
        const id = own.splice(random.between(0, own.length - 1), 1)[0]!
        await remove(client, id)
      } else await change(client, random, random.pick(own), 'update')
    }
  }

  const rivals = async (random: Random): Promise<void> => {
    const client = createClient(scene, journal)
    while (!scene.isOver()) {
      const id = `shared-${random.between(1, SHARED)}`
      const there = await client.read(`/Task/${id}`)
      if (there?.status === 404) {
        const deed = journal.begin('create')
        await client.attempt(deed, 'PUT', `/Task/${id}`, someTask(random, deed.mark, { id }), { 'if-none-match': '*' })
      } else await change(client, random, id, 'contended update')
    }
  }

  let criterion = 1
  const conditionalCreates = async (random: Random): Promise<void> => {
    const client = createClient(scene, journal)
    while (!scene.isOver()) {
      // Several try the same one, and the last one moves on.
      if (random.chance(0.5)) criterion += 1
      const identifier = `criterion-${criterion}`
      const deed = journal.begin('conditional create')
      deed.identifier = identifier
      const body = someTask(random, deed.mark, { identifier })
      const answer = await client.attempt(deed, 'POST', '/Task', body, {
        'if-none-exist': `identifier=${IDENTIFIERS}|${identifier}`,
      })
      if (answer?.status === 200) deed.size = 0
    }
  }

  const transactions = async (random: Random, name: string): Promise<void> => {
    const client = createClient(scene, journal)
    for (let n = 1; !scene.isOver(); n += 1) {
      const size = random.chance(0.3) ? random.between(...LARGE) : random.between(...SMALL)
      const shared = random.chance(0.5) ? `shared-${random.between(1, SHARED)}` : undefined
      const before = shared && (await client.read<Task>(`/Task/${shared}`))
      const deed = journal.begin(size >= LARGE[0] ? 'large transaction' : 'transaction', size)
      const entries = Array.from({ length: size }, (_, at): TransactionEntry => {
        if (at === 0 && before && before.status === 200)
          return { resource: { ...before.body, note: [{ text: deed.mark }] }, method: 'PUT', ifMatch: before.version! }
        const task = someTask(random, deed.mark)
        return random.chance(0.7)
          ? { resource: { ...task, id: `${name}-${n}-${at}` }, method: 'PUT' }
          : { resource: task, method: 'POST' }
      })
      await client.attempt(deed, 'POST', '', transactionOf(entries))
    }
  }

  /** Tells it until it is heard. */
  const insist = async (client: Client, resource: Encounter | ReturnType<typeof patientOf>, deed: Deed) => {
    const path = `/${resource.resourceType}/${resource.id}`
    while (!scene.isOver()) {
      const answer = await client.attempt(deed, 'PUT', path, resource)
      if (deed.outcome === 'acknowledged') return true
      if (outcomeOf(answer?.status) !== 'refused') continue
      journal.astonished.push(`${resource.resourceType}/${resource.id} is refused with ${answer?.status}`)
      return false
    }
    return false
  }

  /** Somebody does a piece of the work that a discharge has made. */
  const work = async (client: Client, random: Random, stayId: string): Promise<void> => {
    const found = await client.read<{ entry?: { resource: Task }[] }>(
      `/Task?encounter=Encounter/${stayId}&status=ready`,
    )
    const ready = found?.status === 200 ? (found.body.entry ?? []) : []
    if (!ready.length) return
    const { resource } = random.pick(ready)
    const deed = journal.begin('completion')
    const completed: Task = {
      ...resource,
      status: 'completed',
      lastModified: now(),
      output: [
        { type: { text: 'Reconciled medication list' }, valueReference: { type: 'List', display: 'In the chart' } },
      ],
      note: [{ text: deed.mark }],
    }
    const headers = { 'if-match': `W/"${resource.meta?.versionId}"` }
    await client.attempt(deed, 'PUT', `/Task/${resource.id}`, completed, headers)
  }

  const hospital = async (random: Random, name: string): Promise<void> => {
    const client = createClient(scene, journal)
    for (let n = 1; !scene.isOver(); n += 1) {
      const patientId = `${name}-p${n}`
      const known = journal.begin('patient')
      if (!(await insist(client, patientOf(patientId, known.mark), known))) return
      const at = Temporal.Instant.from(now())
      const stay: Stay = {
        id: `${name}-s${n}`,
        patientId,
        facility: random.pick(facilities),
        status: 'in-progress',
        class: 'IMP',
        admitted: at.subtract({ hours: random.between(24, LONGEST_STAY_HOURS) }),
      }
      const say = async (said: Stay, kind: string): Promise<boolean> => {
        const deed = journal.begin(kind)
        return insist(client, marked(encounterOf(said), deed.mark), deed)
      }
      const over: Stay = { ...stay, status: 'finished', discharged: at, disposition: 'home' }
      stays.set(stay.id, over)
      if (!(await say(stay, 'admission'))) return
      if (!(await say(over, 'discharge'))) return
      if (random.chance(0.15) && (!(await say(stay, 'undone discharge')) || !(await say(over, 'discharge')))) return
      if (random.chance(0.6)) await work(client, random, random.pick([...stays.keys()]))
    }
  }

  return [tasks, tasks, rivals, rivals, conditionalCreates, conditionalCreates, transactions, hospital]
}
