import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { DynamoDBRecord } from 'aws-lambda'
import { publish } from '../../lib/events/publish.ts'
import { tenantWith, transitionOfCare } from '../flows/pathways.ts'
import { type SimulatedTenant, stay } from '../flows/simulated-tenant.ts'
import { planted } from '../support/planted-phi.ts'
import { plantedPatient, plantedReference, saidOfPatient } from './planted-patient.ts'

const DISCHARGED = '2026-11-20T14:00:00-06:00'
const said = { subject: plantedReference, reasonCode: [{ text: planted.note }] }

let tenant: SimulatedTenant
beforeEach(async () => {
  tenant = await tenantWith([transitionOfCare], '2026-11-20T20:05:00.000Z')
  await tenant.put(plantedPatient)
  await tenant.put(stay(undefined, said))
  await tenant.settle()
})

describe('from discharge to overdue', () => {
  beforeEach(async () => {
    await tenant.put(stay(DISCHARGED, said))
    await tenant.settle()
    await tenant.put({
      resourceType: 'Communication',
      id: 'call',
      status: 'completed',
      subject: plantedReference,
      sent: '2026-11-20T21:00:00.000Z',
      payload: [{ contentString: planted.note }],
    })
    await tenant.settle()
  })

  test('the pathway has made Tasks, and events carry nothing of the patient', async () => {
    expect((await tenant.all('Task')).length).toBeGreaterThan(2)
    expect(tenant.archive.length).toBeGreaterThan(3)
    expect(saidOfPatient(JSON.stringify(tenant.archive))).toEqual([])
  })

  test('no function has logged anything of the patient', () => {
    expect(tenant.log.length).toBeGreaterThan(3)
    expect(saidOfPatient(tenant.log.join('\n'))).toEqual([])
  })
})

test('a function of an event that fails throws, for Lambda to log, the class of the error alone', async () => {
  await tenant.put(stay(DISCHARGED, said))
  await tenant.settle()
  const failing = async () => {
    throw new RangeError(`${planted.family} has no phone ${planted.phone}`, { cause: plantedPatient })
  }
  Object.assign(tenant.table, { get: failing, getMany: failing, query: failing })
  tenant.log.length = 0
  const failures = await Promise.allSettled(tenant.archive.map((event) => tenant.deliver(event)))
  const [error] = failures.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []))
  expect(error?.message).toContain('RangeError')
  expect(saidOfPatient(`${error?.stack} ${JSON.stringify(error)} ${String(error?.cause)}`)).toEqual([])
  expect(tenant.log.join()).toContain('"error":"RangeError"')
  expect(saidOfPatient(tenant.log.join())).toEqual([])
})

/** Lines that are expected to hold what the search at the end of the run would find. */
const recorded = globalThis.console
const writtenBeside = (): string[] => {
  const lines: string[] = []
  globalThis.console = { log: (line: string) => lines.push(line) } as unknown as Console
  return lines
}

test('a change that cannot be read is logged without a key that carries an identifier', async () => {
  const lines = writtenBeside()
  const keys = { pk: { S: `Patient?identifier=urn:mrn|${planted.mrn}` }, sk: { S: 'current' } }
  const record: DynamoDBRecord = {
    dynamodb: { Keys: keys, SequenceNumber: '1', NewImage: { content: { S: planted.note } } },
  }
  const client = { send: async () => ({ FailedEntryCount: 0 }) } as unknown as EventBridgeClient
  await publish([record], { client, busName: 'bus', tenant: tenant.careloop.tenant })
  globalThis.console = recorded
  expect(lines.join()).toContain('"outcome":"unreadable","error":"TypeError","dropped":1')
  expect(saidOfPatient(lines.join())).toEqual([])
})
