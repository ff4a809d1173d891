import { createCareloop } from '../../lib/careloop.ts'
import { systemClock } from '../../lib/clock.ts'
import type { Resource } from '../../lib/fhir.ts'
import { randomIds } from '../../lib/ids.ts'
import type { Units } from '../../lib/store/dynamodb-table.ts'
import { defaultSettings } from '../../lib/tenant.ts'
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts'
import { createTestTable } from '../support/tables.ts'
import { postSyntheaBundles } from './synthea-bundles.ts'

/**
 * `npm run bench:transaction [-- --on-disk]`: entries a second and capacity of transactions of several sizes, on DynamoDB Local; then
 * every Synthea Bundle posted whole, where there are some. Ends with 1 when one below 6 MB was not taken.
 */
const observation = (n: number): Resource =>
  ({
    resourceType: 'Observation',
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
    ],
    code: {
      coding: [{ system: 'http://loinc.org', code: '85354-9', display: 'Blood pressure panel' }],
      text: 'Blood pressure',
    },
    subject: { reference: 'Patient/p1' },
    encounter: { reference: `Encounter/e${n % 40}` },
    effectiveDateTime: `2026-01-${String((n % 28) + 1).padStart(2, '0')}T10:00:00Z`,
    component: Array.from({ length: 4 }, (_, part) => ({
      code: {
        coding: [{ system: 'http://loinc.org', code: `8480-${part}`, display: `Component number ${part} of ${n}` }],
      },
      valueQuantity: {
        value: 100 + ((n * 7 + part) % 60),
        unit: 'mm[Hg]',
        system: 'http://unitsofmeasure.org',
        code: 'mm[Hg]',
      },
    })),
  }) as unknown as Resource

const local = process.env.CARELOOP_DYNAMODB_ENDPOINT
  ? undefined
  : await startDynamoDbLocal({ inMemory: true, longLived: true })
if (local) process.env.CARELOOP_DYNAMODB_ENDPOINT = local.endpoint
try {
  const spent = new Map<string, Units & { requests: number }>()
  const onCapacity = (operation: string, { read, write }: Units) => {
    const sum = spent.get(operation) ?? { read: 0, write: 0, requests: 0 }
    spent.set(operation, { read: sum.read + read, write: sum.write + write, requests: sum.requests + 1 })
  }
  const { table } = await createTestTable({ onCapacity })
  const { store } = createCareloop({ table, clock: systemClock, ids: randomIds, tenant: defaultSettings })
  for (const size of [100, 100, 101, 1_000, 3_000, 5_000]) {
    spent.clear()
    const writes = Array.from({ length: size }, (_, n) => ({
      ...{ type: 'Observation', id: randomIds.next(), resource: observation(n), method: 'POST' as const },
    }))
    const started = performance.now()
    const cpu = process.cpuUsage()
    await store.write(writes)
    const seconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(cpu)
    const units = [...spent.values()].reduce((sum, { write }) => sum + write, 0)
    const operations = [...spent].map(([name, { write, requests }]) => `${name} ${requests} (${write})`).join(', ')
    console.log(
      `${size} entries: ${seconds.toFixed(2)} s, ${Math.round(size / seconds)} entries/s, own CPU ${((user + system) / 1e6).toFixed(2)} s, ` +
        `${(units / size).toFixed(1)} write units an entry; requests (units): ${operations}`,
    )
  }
} finally {
  await local?.stop()
  if (local) delete process.env.CARELOOP_DYNAMODB_ENDPOINT
}
process.exitCode = (await postSyntheaBundles(process.argv.includes('--on-disk'))) ? 0 : 1
