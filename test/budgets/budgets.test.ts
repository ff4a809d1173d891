import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { BUDGET, type BuiltFunctions, buildFunctions, EXCEPTIONS, KB, kindOf, startBytes } from './bundles.ts'

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
    const usual = name.startsWith('events/') ? BUDGET.consumer : BUDGET.api
    if (BUDGET[kindOf(name)] > usual) expect([name, kilobytes > usual]).toEqual([name, true])
  }
})

test('what a function reads at its start is in its entry alone', () => {
  for (const entry of built.entries.values()) expect(startBytes(entry)).toBe(readFileSync(entry).length)
})

// Importing a module of Node's as an ES module evaluates all that it exports: of node:http that is the client of fetch, 20 ms.
test('no function imports node:http at its start', () => {
  for (const [name, entry] of built.entries)
    expect([name, /\bfrom\s*"(?:node:)?http"/.test(readFileSync(entry, 'utf8'))]).toEqual([name, false])
})
