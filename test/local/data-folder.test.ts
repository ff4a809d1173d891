import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { DataInUse, openDataFolder } from '../../local/data-folder.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'careloop-folder-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('data is held by one runtime at a time', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(other, 'spawn')
  writeFileSync(join(directory, 'lock'), String(other.pid))
  expect(() => openDataFolder(directory)).toThrow(DataInUse)

  other.kill('SIGKILL')
  await once(other, 'exit')
  const folder = openDataFolder(directory)
  folder.release()
})
