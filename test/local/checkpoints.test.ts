import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { fileCheckpoints } from '../../local/checkpoints.ts'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'careloop-checkpoints-'))
  file = join(directory, 'checkpoints.json')
})
afterEach(() => rmSync(directory, { recursive: true }))

test('checkpoints are there after a restart', () => {
  fileCheckpoints(file, 'stream-1').set('shard-1', '17')
  expect(fileCheckpoints(file, 'stream-1').get('shard-1')).toBe('17')
})

test('those of another stream are not used', () => {
  fileCheckpoints(file, 'stream-1').set('shard-1', '17')
  expect(fileCheckpoints(file, 'stream-2').get('shard-1')).toBeUndefined()
})

test('a file that is damaged means from the beginning', () => {
  writeFileSync(file, '{"stream":"stream-1","sha')
  expect(fileCheckpoints(file, 'stream-1').get('shard-1')).toBeUndefined()
})
