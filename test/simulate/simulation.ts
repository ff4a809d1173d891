import type { Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { shards, wakeShard } from '../../lib/store/keys.ts'
import type { Item } from '../../lib/store/table.ts'
import { versionOf } from '../../lib/store/version.ts'
import { SimulatedTenant } from '../flows/simulated-tenant.ts'
import { testApi } from '../support/api.ts'
import { Agenda } from './agenda.ts'
import { checkWorld } from './check.ts'
import { facilities, locationOf } from './facilities.ts'
import { type Deliveries, faultyBus } from './faulty-bus.ts'
import { createPlans } from './follow-up/plans.ts'
import { createReferrals } from './follow-up/referrals.ts'
import { createScreenings } from './follow-up/screenings.ts'
import type { Stage, Story } from './follow-up/story.ts'
import type { SimulationOptions } from './options.ts'
import { type Check, Promises, referenceOf } from './promises.ts'
import { createRandom } from './random.ts'
import { encounterOf, patientOf, riskOf } from './resources.ts'
import { type Stay, type StayNotice, staysOf } from './stays.ts'
import { createWorkforce } from './workforce.ts'

const START = Temporal.Instant.from('2026-10-05T06:00:00Z')
const TIME_ZONE = 'America/Chicago'
/** The last discharge may be heard of days late, and its windows are open for thirty days. */
const AFTERMATH_DAYS = 45
const MINUTE_MS = 60_000
const HOURS_A_DAY = 24

export interface Outcome {
  tenant: SimulatedTenant
  checks: Check[]
  deliveries: Deliveries
  /** how many notices there were of each kind */
  notices: ReadonlyMap<string, number>
  stories: readonly Story[]
  ticks: number
}

/** The first full minute at or after the earliest instant for which a clock is set. */
export const nextTick = async ({ table }: SimulatedTenant): Promise<number | undefined> => {
  const due = await Promise.all(shards().map((shard) => table.due(wakeShard(shard), '9999', 1)))
  const instants = due.flat().flatMap(({ wakeAt }) => (wakeAt ? [Date.parse(wakeAt)] : []))
  return instants.length ? Math.ceil(Math.min(...instants) / MINUTE_MS) * MINUTE_MS : undefined
}

const kindOf = (before: Stay | undefined, stay: Stay): string => {
  if (before && JSON.stringify(before) === JSON.stringify(stay)) return 'repeated'
  if (stay.status === 'cancelled') return 'cancelled'
  if (stay.status === 'onleave') return 'on leave'
  if (stay.status === 'finished') return before?.status === 'finished' ? 'corrected' : 'discharged'
  if (before?.status === 'finished') return 'undone'
  return before ? 'changed class' : 'admitted'
}

/**
 * Runs hospitals, patients and workers through the service's own handlers on a simulated clock, over a bus at its worst, until every
 * window has ended; then looks whether every promise was kept.
 */
export const simulate = async (options: SimulationOptions): Promise<Outcome> => {
  const { days, patients, seed } = options
  const random = createRandom(seed)
  const agenda = new Agenda()
  const tenant = new SimulatedTenant(START.toString(), { timeZone: TIME_ZONE })
  const api = testApi({
    table: tenant.table,
    clock: { now: () => tenant.now },
    tenant: { timeZone: TIME_ZONE },
  })
  const { deliveries, deliverAll } = faultyBus(random.fork(), tenant, agenda)
  const workforce = createWorkforce(tenant, api, agenda, seed)
  tenant.table.onWrite = (before: Item | undefined, after: Item) => {
    const version = versionOf(after)
    if (before || version.type !== 'Task' || version.deleted) return
    const task = version.content as unknown as Task
    workforce.hear(task)
    for (const story of stories) story.hear?.(task)
  }

  const tell = async (resource: { resourceType: string; id?: string }, query = ''): Promise<void> => {
    const { status, text } = await api.put(`/${resource.resourceType}/${resource.id}${query}`, resource)
    if (status >= 300) throw new Error(`PUT ${resource.resourceType}/${resource.id} is answered ${status}: ${text}`)
  }

  const stories: Story[] = []
  const written = new Set<string>()
  const tellOf: Stage['tell'] = async (resource, query) => {
    written.add(referenceOf(resource))
    await tell(resource, query)
  }
  const stage: Stage = { tenant, agenda, from: START, days, tell: tellOf }
  stories.push(createPlans(stage), createScreenings(stage), await createReferrals(stage))

  for (const facility of facilities) await tell(locationOf(facility))
  const lastSaid = new Map<string, Stay>()
  const dead = new Set<string>()
  const notices = new Map<string, number>()
  const people = random.fork()
  for (let n = 1; n <= patients; n += 1) {
    const patientId = `p${n}`
    const [patient, ...teams] = patientOf(people, patientId)
    for (const resource of [patient, ...teams]) await tell(resource)
    const life = random.fork()
    const announce = ({ at, stay }: StayNotice) => {
      agenda.put(at, async () => {
        const kind = kindOf(lastSaid.get(stay.id), stay)
        notices.set(kind, (notices.get(kind) ?? 0) + 1)
        lastSaid.set(stay.id, stay)
        await tell(encounterOf(stay))
        if (stay.disposition === 'exp') {
          dead.add(patientId)
          await tell({ ...patient, deceasedBoolean: true } as typeof patient)
        }
      })
    }
    for (const notice of staysOf(life, { patientId, from: START, days })) {
      announce(notice)
      if (notice.stay.status === 'finished' && life.chance(0.3))
        agenda.put(notice.at.add({ minutes: life.between(1, (2 * MINUTE_MS) / 1_000) }), () =>
          tell(riskOf(notice.stay, life.pick(['low', 'moderate', 'high'] as const))),
        )
    }
    const follow = people.fork()
    for (const story of stories) story.begin(follow.fork(), patientId)
  }
  await tenant.settle()

  const until = START.add({ hours: (days + AFTERMATH_DAYS) * HOURS_A_DAY }).epochMilliseconds
  let ticks = 0
  for (;;) {
    const tick = (await nextTick(tenant)) ?? Number.POSITIVE_INFINITY
    const entry = agenda.next ?? Number.POSITIVE_INFINITY
    const at = Math.min(tick, entry)
    if (at > until) break
    // A clock may be set for what is past already.
    tenant.now = new Date(Math.max(at, Date.parse(tenant.now))).toISOString()
    if (entry <= tick) await agenda.take()!.act()
    else ticks += 1
    if (entry <= tick) await tenant.settle(deliverAll)
    else await tenant.tick(deliverAll)
  }

  // What the bus still holds comes in the end.
  agenda.endOfWishes()
  for (let late = agenda.take(); late; late = agenda.take()) {
    await late.act()
    await tenant.settle(deliverAll)
  }

  const stays = Map.groupBy([...lastSaid.values()], ({ patientId }) => patientId)
  const tasks = await tenant.all<Task>('Task', '', Number.POSITIVE_INFINITY)
  const promises = new Promises()
  await checkWorld({ tenant, stays, dead, written, tasks, promises })
  for (const story of stories) await story.check({ tenant, tasks, dead, promises })
  return { tenant, checks: promises.checks, deliveries, notices, stories, ticks }
}
