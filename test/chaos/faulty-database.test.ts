import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createRandom } from '../simulate/random.ts'
import { type FaultyDatabase, startFaultyDatabase } from './faulty-database.ts'

const BATCH = { RequestItems: { T: [1, 2, 3, 4].map((n) => ({ PutRequest: { Item: { pk: { S: `${n}` } } } })) } }

describe('a faulty database', () => {
  let server: Server
  let faulty: FaultyDatabase
  let done: { operation: string; items: number }[] = []

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { RequestItems } = JSON.parse(Buffer.concat(chunks).toString()) as typeof BATCH
      done.push({ operation: String(request.headers['x-amz-target']), items: RequestItems?.T.length ?? 1 })
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    faulty = await startFaultyDatabase(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, createRandom(7))
  })
  afterAll(async () => {
    await faulty.stop()
    server.close()
  })
  beforeEach(() => {
    done = []
    faulty.severity = 0
  })

  /** undefined: the connection was dropped */
  const ask = async (operation: string, body: object): Promise<{ status: number; body: object } | undefined> => {
    try {
      const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` }
      const answer = await fetch(faulty.endpoint, { method: 'POST', headers, body: JSON.stringify(body) })
      return { status: answer.status, body: (await answer.json()) as object }
    } catch {
      return undefined
    }
  }

  test('lets everything through until it is told otherwise, and the making of tables even then', async () => {
    for (let n = 0; n < 20; n += 1) expect(await ask('PutItem', {})).toMatchObject({ status: 200 })
    faulty.severity = 1
    expect(await ask('CreateTable', {})).toMatchObject({ status: 200 })
    expect(faulty.faults.size).toBe(0)
    expect(done).toHaveLength(21)
  })

  test('drops, refuses and fails what was done as well as what was not', async () => {
    faulty.severity = 1
    const seen = new Set<string>()
    for (let n = 0; n < 60; n += 1) {
      const before = done.length
      const answer = await ask('PutItem', {})
      seen.add(`${answer?.status ?? 'dropped'}, ${done.length > before ? 'done' : 'not done'}`)
    }
    await faulty.quiet()
    expect([...seen]).toEqual(
      expect.arrayContaining(['dropped, done', 'dropped, not done', '400, not done', '500, done', '500, not done']),
    )
    expect(faulty.faults.get('late')).toBeGreaterThan(0)
  })

  test('leaves a part of a batch, and what it says is left is what it did not do', async () => {
    faulty.severity = 1
    let partial = 0
    for (let n = 0; n < 40; n += 1) {
      const before = done.length
      const answer = await ask('BatchWriteItem', BATCH)
      const left = (answer?.body as { UnprocessedItems?: { T: unknown[] } })?.UnprocessedItems?.T.length
      if (left === undefined) continue
      partial += 1
      const items = done.slice(before).filter(({ items: count }) => count < BATCH.RequestItems.T.length)
      expect(left + (items[0]?.items ?? 0)).toBe(BATCH.RequestItems.T.length)
    }
    expect(partial).toBeGreaterThan(0)
  })
})
