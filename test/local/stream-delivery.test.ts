import { describe, expect, test } from '@jest/globals'
import type { DynamoDBRecord } from 'aws-lambda'
import fc from 'fast-check'
import type { DeadLetter } from '../../local/async-invocations.ts'
import { createStreamDelivery } from '../../local/stream-delivery.ts'

type Handler = (sequenceNumbers: string[]) => { batchItemFailures: { itemIdentifier: string }[] } | undefined

const record = (n: number, sk = 'current'): DynamoDBRecord => ({
  dynamodb: { SequenceNumber: String(n), Keys: { sk: { S: sk } } },
})

const delivery = (handler: Handler, retries = 1) => {
  const deadLetters: DeadLetter[] = []
  const deliver = createStreamDelivery({
    mapping: {
      functionArn: 'publish',
      filters: [{ dynamodb: { Keys: { sk: { S: ['current'] } } } }],
      batchSize: 4,
      retries,
      bisect: true,
    },
    host: {
      nameOf: (arn) => arn,
      invoke: async (_arn, event) =>
        handler((event as { Records: DynamoDBRecord[] }).Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '')),
      dispose: () => undefined,
    },
    onDeadLetter: (letter) => deadLetters.push(letter),
    signal: new AbortController().signal,
  })
  return { deliver, deadLetters }
}

describe('the delivery of stream records', () => {
  test('gives what passes the filter, in batches', async () => {
    const batches: string[][] = []
    const { deliver } = delivery((batch) => void batches.push(batch))
    await deliver([...Array(6).keys()].map((n) => record(n)).concat(record(6, 'v#0000000001'), record(7)))
    expect(batches).toEqual([
      ['0', '1', '2', '3'],
      ['4', '5', '7'],
    ])
  })

  test('goes on from the record that is reported as failed', async () => {
    const batches: string[][] = []
    let failing = true
    const { deliver, deadLetters } = delivery((batch) => {
      batches.push(batch)
      const fails = failing && batch.includes('2')
      failing = false
      return { batchItemFailures: fails ? [{ itemIdentifier: '2' }] : [] }
    })
    await deliver([record(1), record(2), record(3)])
    expect(batches).toEqual([
      ['1', '2', '3'],
      ['2', '3'],
    ])
    expect(deadLetters).toEqual([])
  })

  test('an identifier that is not of the batch fails the batch as a whole', async () => {
    const batches: string[][] = []
    const { deliver } = delivery((batch) => {
      batches.push(batch)
      return { batchItemFailures: batches.length === 1 ? [{ itemIdentifier: '' }] : [] }
    })
    await deliver([record(1), record(2)])
    expect(batches).toEqual([['1', '2'], ['1'], ['2']])
  })

  test('whatever fails, every other record is processed, in order, and every poisonous one is a dead letter', async () => {
    const numbers = fc.uniqueArray(fc.nat(9), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(numbers, numbers, async (throwing, reported) => {
        const processed: string[] = []
        const { deliver, deadLetters } = delivery((batch) => {
          const bad = batch.find((n) => throwing.includes(Number(n)))
          if (bad) throw new Error('poison')
          const failed = batch.find((n) => reported.includes(Number(n)))
          processed.push(...batch.slice(0, failed ? batch.indexOf(failed) : batch.length))
          return { batchItemFailures: failed ? [{ itemIdentifier: failed }] : [] }
        }, 0)
        await deliver([...Array(10).keys()].map((n) => record(n)))
        const poisonous = [...Array(10).keys()].filter((n) => throwing.includes(n) || reported.includes(n))
        expect(processed).toEqual([...Array(10).keys()].filter((n) => !poisonous.includes(n)).map(String))
        expect(deadLetters.map(({ event }) => event)).toEqual(poisonous.map((n) => `stream record ${n}`))
      }),
      { numRuns: 40 },
    )
  })
})
