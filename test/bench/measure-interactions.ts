import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { MeasuredInteraction, MeasuredUse } from '../../infra/cost/measured.ts'
import { systemClock } from '../../lib/clock.ts'
import { randomIds } from '../../lib/ids.ts'
import { itemBytes } from '../../lib/store/item.ts'
import type { Item } from '../../lib/store/table.ts'
import { testApi } from '../support/api.ts'
import { callingWith } from '../support/calling-with.ts'
import { createTestTable, type TestTable } from '../support/tables.ts'
import { type Followed, processorOf, startEventFlow } from './event-flow.ts'
import { type PricedInteraction, pricedInteractions, type Send } from './priced-interactions.ts'
import { aroundTheTasks, fill, OWNER } from './tenant-of-size.ts'

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadWriteCapacityMode.html: 100 bytes an item are added. */
const BYTES_AROUND_AN_ITEM = 100
const TASKS = 1_000

const bytesOf = async ({ client, tableName }: TestTable): Promise<number> => {
  let bytes = 0
  let from: Record<string, unknown> | undefined
  do {
    const page = await client.send(new ScanCommand({ TableName: tableName, ExclusiveStartKey: from }))
    for (const item of page.Items ?? []) bytes += itemBytes(item as Item) + BYTES_AROUND_AN_ITEM
    from = page.LastEvaluatedKey
  } while (from)
  return bytes
}

/** What each priced interaction uses, with all that follows from it, without and with its AuditEvents; on a table of its own. */
export const measureInteractions = async (): Promise<MeasuredInteraction[]> => {
  let used = { read: 0, write: 0, calls: 0 }
  const made = await createTestTable({
    onCapacity: (_operation, { read, write }) => {
      used = { read: used.read + read, write: used.write + write, calls: used.calls + 1 }
    },
  })
  const { table } = made
  const parts = { table, clock: systemClock }
  const apis = { plain: testApi(parts), audited: testApi({ ...parts, audited: true }) }
  let audited = false
  const current = () => (audited ? apis.audited : apis.plain)
  const send: Send = async (method, url, body) => {
    const answer = await callingWith(current(), { scope: 'system/*.cruds', fhirUser: OWNER })(method, url, body)
    if (answer.status >= 300) throw new Error(`${method} ${url} gave ${answer.status}: ${answer.text}`)
    return answer.body
  }
  const flow = await startEventFlow(made, () => current().careloop)

  const runAndFollow = async (serials: readonly string[], run: PricedInteraction['run']): Promise<Followed> => {
    let processorMilliseconds = 0
    // One after the other, each with its consequences, as on a quiet day: no two requests share a run of the publisher.
    for (const serial of serials) {
      processorMilliseconds += await processorOf(() => run(send, serial))
      await flow.settled()
    }
    const followed = flow.take()
    return { ...followed, processorMilliseconds: followed.processorMilliseconds + processorMilliseconds }
  }

  const measure = async ({ times, prepare, run, check }: PricedInteraction): Promise<MeasuredUse> => {
    const [first = '', ...serials] = Array.from({ length: times + 1 }, () => randomIds.next())
    for (const serial of [first, ...serials]) await prepare?.(send, serial)
    await flow.settled()
    // Once before it counts: compiled code and known keys are what nearly all requests meet.
    await runAndFollow([first], run)
    const bytesBefore = await bytesOf(made)
    used = { read: 0, write: 0, calls: 0 }
    const followed = await runAndFollow(serials, run)
    const total: MeasuredUse = { ...used, ...followed, bytes: (await bytesOf(made)) - bytesBefore }
    for (const serial of serials) await check?.(send, serial)
    return mean(total, times)
  }

  try {
    for (const resource of aroundTheTasks()) await send('PUT', `/${resource.resourceType}/${resource.id}`, resource)
    await fill(apis.plain.careloop, 0, TASKS)
    await flow.settled()
    const measured: MeasuredInteraction[] = []
    for (const interaction of pricedInteractions) {
      audited = false
      const plain = await measure(interaction)
      audited = true
      const whole = await measure(interaction)
      measured.push({ name: interaction.name, plain, audited: whole })
      console.error(`measured ${interaction.name}`)
    }
    return measured
  } finally {
    await flow.stop()
    made.client.destroy()
  }
}

const mean = (total: MeasuredUse, times: number): MeasuredUse =>
  Object.fromEntries(
    Object.entries(total).map(([name, sum]) => [name, Math.round((sum / times) * 100) / 100]),
  ) as unknown as MeasuredUse
