import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type BuildFailure, build } from 'esbuild'
import { BUDGET, type BuiltFunctions, buildFunctions, EXCEPTIONS, isApi, KB, kindOf, startBytes } from './bundles.ts'
import { buildClient, leastImports, MOST_RATIO } from './cold-import.ts'

let built: BuiltFunctions
beforeAll(async () => {
  built = await buildFunctions()
}, 300_000)
afterAll(() => built?.dispose())

test('no function reads more at its start than its budget', () => {
  const over = [...built.entries].flatMap(([name, entry]) => {
    const kilobytes = Math.ceil(startBytes(entry) / KB)
    return kilobytes > BUDGET[kindOf(name)] ? [`${name}: ${kilobytes} KB of ${BUDGET[kindOf(name)]}`] : []
  })
  expect(over).toEqual([])
})

test('every exception is needed', () => {
  for (const name of Object.keys(EXCEPTIONS)) {
    expect([...built.entries.keys()]).toContain(name)
    const kilobytes = startBytes(built.entries.get(name)!) / KB
    if (BUDGET[kindOf(name)] > BUDGET.usual) expect([name, kilobytes > BUDGET.usual]).toEqual([name, true])
  }
})

test('what a function reads at its start is in its entry alone', () => {
  for (const entry of built.entries.values()) expect(startBytes(entry)).toBe(readFileSync(entry).length)
})

test('all that a function loads later finds what it imports', async () => {
  for (const [name, entry] of built.entries) {
    const folder = dirname(entry)
    const entryPoints = readdirSync(folder).map((file) => join(folder, file))
    const { errors } = await build({
      entryPoints,
      bundle: true,
      format: 'esm',
      platform: 'node',
      write: false,
      outdir: folder,
      splitting: true,
      logLevel: 'silent',
    }).catch(({ errors }: BuildFailure) => ({ errors }))
    expect([name, errors.map(({ text }) => text)]).toEqual([name, []])
  }
}, 120_000)

// Importing a module of Node's as an ES module evaluates all that it exports: of node:http that is the client of fetch, 20 ms.
test('no function imports node:http at its start', () => {
  for (const [name, entry] of built.entries)
    expect([name, /\bfrom\s*"(?:node:)?http"/.test(readFileSync(entry, 'utf8'))]).toEqual([name, false])
})

// CPU time beside CPU time of the same run, the least of some rounds: how fast or busy the machine is does not matter.
test('no API function costs much more to import than the document client alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'careloop-client-'))
  const client = await buildClient(folder)
  const api = [...built.entries].filter(([name]) => isApi(name))
  const least = leastImports(new Map([['client', client], ...api]), 8)
  rmSync(folder, { recursive: true })
  expect(api.map(([name]) => name)).toContain('task')
  const over = api.flatMap(([name]) => {
    const ratio = least.get(name)! / least.get('client')!
    return ratio > MOST_RATIO ? [`${name}: ${ratio.toFixed(2)} of ${MOST_RATIO}`] : []
  })
  expect(over).toEqual([])
}, 120_000)
