import type { EventBridgeClient, PutEventsCommand, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Context, DynamoDBRecord, EventBridgeEvent } from 'aws-lambda'
import { WAKE } from '../../infra/constructs/schedule.ts'
import { type Careloop, createCareloop } from '../../lib/careloop.ts'
import { consumer } from '../../lib/events/consumer.ts'
import type { EventDetail, EventName } from '../../lib/events/contract.ts'
import { publish } from '../../lib/events/publish.ts'
import { rules } from '../../lib/events/rules.ts'
import { wakeHandler } from '../../lib/events/wake.ts'
import type { Instant, Resource } from '../../lib/fhir.ts'
import { MemoryTable } from '../../lib/store/memory-table.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Condition, ConditionalPut, Item, Key } from '../../lib/store/table.ts'
import { resourceOf } from '../../lib/store/version.ts'
import { defaultSettings, type TenantSettings } from '../../lib/tenant.ts'
import { eventMatcher } from '../../local/event-pattern.ts'
import { consumers } from './consumers.ts'
import { asFunction, refuseForeignWrites, runningFunction } from './function-role.ts'
import { requireProvenance } from './provenance-of-automation.ts'
import { requireWholeDefinitions } from './structure-of-automation.ts'

export type DeliveredEvent = EventBridgeEvent<EventName, EventDetail>

const matchingRules = rules.map(({ pattern, target }) => ({ pattern: eventMatcher(pattern), target }))

/** Where a process may die: before or after a commit. */
export type Crash = 'before' | 'after'

const imageOf = (item: Item | undefined) => {
  if (!item) return undefined
  const image = marshall(item, { removeUndefinedValues: true })
  const asLambdaHandsItOver = Object.entries(image).map(([name, value]) =>
    value.B ? [name, { B: Buffer.from(value.B).toString('base64') }] : [name, value],
  )
  return Object.fromEntries(asLambdaHandsItOver)
}

/** A table in memory that remembers its writes as the stream of DynamoDB would give them, and can crash its user. */
class StreamingTable extends MemoryTable {
  readonly records: DynamoDBRecord[] = []
  crash: Crash | undefined
  /** hears of every write of a current item */
  onWrite: ((before: Item | undefined, after: Item) => void) | undefined
  private sequence = 0

  override async put(item: Item, condition: Condition): Promise<void> {
    await this.commit([item], () => super.put(item, condition))
  }

  override async transact(puts: readonly ConditionalPut[]): Promise<void> {
    await this.commit(
      puts.map(({ item }) => item),
      () => super.transact(puts),
    )
  }

  override async delete(key: Key, condition: Readonly<Record<string, string | number>>): Promise<void> {
    refuseForeignWrites([key])
    await super.delete(key, condition)
  }

  override async writeMany(puts: readonly Item[], deletes: readonly Key[]): Promise<void> {
    refuseForeignWrites([...puts, ...deletes])
    await super.writeMany(puts, deletes)
  }

  private async commit(items: readonly Item[], write: () => Promise<void>): Promise<void> {
    refuseForeignWrites(items)
    const { crash } = this
    this.crash = undefined
    if (crash === 'before') throw new Error('crashed')
    const before = await Promise.all(items.map((item) => this.get(item)))
    await write()
    items.forEach((item, index) => {
      if (item.sk === 'current') this.record(before[index], item)
    })
    if (crash === 'after') throw new Error('crashed')
  }

  private record(before: Item | undefined, after: Item): void {
    this.sequence += 1
    this.onWrite?.(before, after)
    this.records.push({
      dynamodb: {
        Keys: { pk: { S: after.pk }, sk: { S: after.sk } },
        SequenceNumber: String(this.sequence),
        ...(before && { OldImage: imageOf(before) }),
        NewImage: imageOf(after),
      },
    })
  }
}

/** Everything of a tenant that events run through: table, stream, bus, rules, consumers and the clock, on simulated time. */
export class SimulatedTenant {
  readonly table = new StreamingTable()
  readonly careloop: Careloop
  /** every event that was ever on the bus: its archive */
  readonly archive: DeliveredEvent[] = []
  /** the lines that have been logged since it began */
  readonly log: string[] = []
  now: Instant
  private readonly undelivered: DeliveredEvent[] = []
  private writeAsClient!: Store['write']

  constructor(now: Instant, settings: Partial<TenantSettings> = {}) {
    this.now = now
    console.log = (line: unknown) => this.log.push(String(line))
    this.careloop = createCareloop({
      table: this.table,
      clock: { now: () => this.now },
      ids: { next: () => 'unused' },
      tenant: { ...defaultSettings, timeZone: 'America/Chicago', ...settings },
    })
    this.watchAutomation()
  }

  /** Whatever a function of an event changes has to have its Provenance in the same commit, and to be what a client might write. */
  private watchAutomation(): void {
    const { store } = this.careloop
    const write = store.write.bind(store)
    this.writeAsClient = write
    store.write = async (writes) => {
      const by = runningFunction()
      if (by !== undefined) {
        requireProvenance(writes, by)
        await requireWholeDefinitions(writes, by)
      }
      return write(writes)
    }
  }

  /** Creates or replaces a resource, as a client does. */
  async put(resource: object): Promise<void> {
    const { resourceType: type, id } = resource as Resource
    const base = await this.careloop.store.read(type, id!)
    await this.writeAsClient([{ type, id: id!, resource: resource as Resource, base, method: 'PUT' }])
  }

  async change<Type>(reference: string, elements: Partial<Type>): Promise<void> {
    await this.put({ ...(await this.read(reference)), ...elements })
  }

  async delete(reference: string): Promise<void> {
    const [type, id] = reference.split('/') as [string, string]
    const base = await this.careloop.store.read(type, id)
    await this.writeAsClient([{ type, id, base, method: 'DELETE' }])
  }

  async read<Type = Resource>(reference: string): Promise<Type> {
    const [type, id] = reference.split('/') as [string, string]
    const version = await this.careloop.store.read(type, id)
    if (!version || version.deleted) throw new Error(`${reference} is not there`)
    return resourceOf(version) as Type
  }

  async all<Type = Resource>(type: string, query = '', limit?: number): Promise<Type[]> {
    return (await this.careloop.search.all(type, query, limit)).map((version) => resourceOf(version) as Type)
  }

  /** From the stream to the bus. */
  async publish(): Promise<void> {
    const send = async (command: PutEventsCommand) => {
      const entries = command.input.Entries ?? []
      for (const entry of entries) this.receive(entry)
      return { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: 'event' })) }
    }
    const client = { send } as unknown as EventBridgeClient
    await publish(this.table.records.splice(0), { client, busName: 'bus', tenant: this.careloop.tenant })
  }

  /** From the bus to the functions of the rules that match. */
  async deliver(event: DeliveredEvent): Promise<void> {
    for (const { pattern, target } of matchingRules)
      if (pattern(event)) {
        const consume = consumers[target]
        if (!consume) throw new Error(`test/flows/consumers.ts does not say what functions/${target}.ts does`)
        await asFunction(target, () => this.invoke(consumer(this.careloop, consume), event))
      }
  }

  /** Lets every write have its consequences; `deliverAll` says how the bus behaves, once and in order if not given. */
  async settle(deliverAll = this.deliverInOrder): Promise<void> {
    await this.publish()
    while (this.undelivered.length) {
      await deliverAll(this.undelivered.splice(0))
      await this.publish()
    }
  }

  private readonly deliverInOrder = async (events: readonly DeliveredEvent[]): Promise<void> => {
    for (const event of events) await this.deliver(event)
  }

  /** One run of the clock, and its consequences. */
  async tick(deliverAll = this.deliverInOrder): Promise<void> {
    const context = { getRemainingTimeInMillis: () => 29_000 } as Context
    await asFunction(WAKE, async () => wakeHandler(this.careloop)(undefined, context, () => undefined))
    await this.settle(deliverAll)
  }

  async advanceTo(now: Instant): Promise<void> {
    this.now = now
    await this.tick()
  }

  private receive(entry: PutEventsRequestEntry): void {
    const event = {
      source: entry.Source,
      'detail-type': entry.DetailType,
      detail: JSON.parse(entry.Detail!),
    } as DeliveredEvent
    this.archive.push(event)
    this.undelivered.push(event)
  }

  private async invoke(handler: unknown, event: DeliveredEvent): Promise<void> {
    await (handler as (event: DeliveredEvent) => Promise<void>)(event)
  }
}

const V3_ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'

/** A hospital stay of Patient/amelia; over when it has an end. */
export const stay = (end?: string, others: object = {}): object => ({
  resourceType: 'Encounter',
  id: 'stay',
  status: end ? 'finished' : 'in-progress',
  class: { system: V3_ACT_CODE, code: 'IMP' },
  subject: { reference: 'Patient/amelia', display: 'Amelia Brandt' },
  period: { start: '2026-11-16T09:40:00-06:00', ...(end && { end }) },
  ...others,
})

export const disposition = (code: string, system = 'http://terminology.hl7.org/CodeSystem/discharge-disposition') => ({
  hospitalization: { dischargeDisposition: { coding: [{ system, code }] } },
})

export const highRisk = (id: string, at: string, code = 'high'): object => ({
  resourceType: 'RiskAssessment',
  id,
  status: 'final',
  subject: { reference: 'Patient/amelia' },
  occurrenceDateTime: at,
  prediction: [
    { qualitativeRisk: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/risk-probability', code }] } },
  ],
})
