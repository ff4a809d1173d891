import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  claimKey,
  compartmentPartition,
  currentKey,
  listingPartition,
  logPartition,
  logRowKey,
  parseRow,
  postingHash,
  rowSortKey,
  SHARDS,
  shardOf,
  shards,
  valuePartition,
  versionKey,
} from '../../../lib/store/keys.ts'

const id = fc.stringMatching(/^[A-Za-z0-9\-.]{1,64}$/)

describe('keys', () => {
  test('as they are written in docs/data-model.md', () => {
    expect(currentKey('Task', '1')).toEqual({ pk: 'Task/1', sk: 'current' })
    expect(versionKey('Task', '1', 3)).toEqual({ pk: 'Task/1', sk: 'v#0000000003' })
    expect(valuePartition('Task', 'owner', 'Practitioner/9')).toBe('Task?owner=Practitioner/9')
    expect(compartmentPartition('123')).toBe('Patient/123?')
    expect(listingPartition('Task')).toBe('Task?!')
    expect(claimKey('Task', 'identifier=urn:mrn|7')).toEqual({ pk: 'Task?identifier=urn:mrn|7', sk: 'claim' })
    expect(logRowKey('Task', '1', 2, '2026-11-25T05:59:59.000Z').sk).toBe('2026-11-25T05:59:59.000Z#1@2')
  })

  test('a row reads back as it was written, whatever its order and id', () => {
    const order = fc.constantFrom('', '~', '0', '1~', '02026-11-25T05:59:59.000Z', 'a#b@c')
    fc.assert(
      fc.property(fc.constantFrom('', 'Task/'), order, id, fc.integer({ min: 1 }), (prefix, place, name, v) => {
        expect(parseRow(rowSortKey(prefix, place, name, v), prefix)).toEqual({
          ...{ position: `${place}#${name}`, order: place, id: name, v },
        })
      }),
    )
  })

  test('versions sort as numbers', () => {
    expect(versionKey('Task', '1', 9).sk < versionKey('Task', '1', 10).sk).toBe(true)
  })

  test('a value of any length makes a key that DynamoDB takes, and no two values the same one', () => {
    const long = 'ü'.repeat(5_000)
    for (const value of [long, `${long}x`]) {
      const pk = valuePartition('ServiceRequest', 'instantiates-canonical', value)
      expect(Buffer.byteLength(pk)).toBeLessThan(2_048)
      expect(Buffer.byteLength(claimKey('Task', value).pk)).toBeLessThan(2_048)
    }
    expect(valuePartition('Task', 'a', long)).not.toBe(valuePartition('Task', 'a', `${long}x`))
    expect(valuePartition('Task', 'a', 'x'.repeat(512))).toContain('xxx')
  })

  test('no partition is of two kinds', () => {
    const partitions = [
      currentKey('Task', '1').pk,
      valuePartition('Task', 'code', '!0'),
      compartmentPartition('1'),
      listingPartition('Task'),
      logPartition('Task', 0),
    ]
    expect(new Set(partitions).size).toBe(partitions.length)
  })

  test('a posting key is told from another by each of its parts', () => {
    const key = { pk: 'Task?owner=A', prefix: '', order: '0' }
    const others = [key, { ...key, pk: 'Task?owner=B' }, { ...key, prefix: 'Task/' }, { ...key, order: '1' }]
    expect(new Set(others.map(postingHash)).size).toBe(4)
    expect(postingHash(key)).toHaveLength(8)
  })

  test('ids spread over the shards, always the same way', () => {
    const counts = new Map<number, number>(shards().map((shard) => [shard, 0]))
    for (let n = 0; n < 1_000; n += 1) counts.set(shardOf(`id-${n}`), counts.get(shardOf(`id-${n}`))! + 1)
    expect(counts.size).toBe(SHARDS)
    for (const count of counts.values()) expect(count).toBeGreaterThan(1_000 / SHARDS / 2)
  })
})
