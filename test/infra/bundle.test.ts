import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { bundleFunctions } from '../../infra/bundle.ts'

const directory = mkdtempSync(join(tmpdir(), 'careloop-bundle-'))
afterAll(() => rmSync(directory, { recursive: true }))

const source = (name: string, content: string): void => {
  const file = join(directory, 'functions', name)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, content)
}

test('one file is one bundle, complete in one module', async () => {
  source('task.ts', `import { join } from 'node:path'; export const handler = () => join('a', 'b')`)
  source('events/encounter-discharged.ts', 'export const handler = (n: number): number => n')

  const bundles = await bundleFunctions(join(directory, 'out'), join(directory, 'functions'))

  expect([...bundles.keys()]).toEqual(['events/encounter-discharged', 'task'])
  for (const folder of bundles.values()) expect(readdirSync(folder)).toEqual(['index.mjs'])
  expect(readFileSync(join(bundles.get('task')!, 'index.mjs'), 'utf8')).toMatch(/export\s*\{\s*\w+ as handler/)
})

test('what is imported only when needed lies in a chunk of its own', async () => {
  source('large.ts', `export const large = 'x'.repeat(3) + '${'y'.repeat(5_000)}'`)
  source('lazy.ts', `export const handler = async () => (await import('./large.ts')).large.length`)

  const bundles = await bundleFunctions(join(directory, 'out-lazy'), join(directory, 'functions'))

  const folder = bundles.get('lazy')!
  expect(readdirSync(folder).length).toBeGreaterThan(1)
  expect(readFileSync(join(folder, 'index.mjs')).length).toBeLessThan(5_000)
  const { handler } = (await import(join(folder, 'index.mjs'))) as { handler: () => Promise<number> }
  expect(await handler()).toBe(5_003)
})

test('what is loaded at the start and what is loaded later share one instance of a module', async () => {
  source('shared/count.ts', 'let count = 0; export const next = (): number => ++count')
  source('shared/later.ts', `import { next } from './count.ts'; export const later = (): number => next() * 10`)
  const counting = (name: string) => `
    import { next } from './shared/count.ts'
    export const handler = async () => ['${name}', next(), (await import('./shared/later.ts')).later(), next()]`
  source('counts.ts', counting('counts'))
  source('counts-too.ts', counting('counts-too'))

  const bundles = await bundleFunctions(join(directory, 'out-shared'), join(directory, 'functions'))

  for (const name of ['counts', 'counts-too']) {
    const { handler } = await import(join(bundles.get(name)!, 'index.mjs'))
    expect(await handler()).toEqual([name, 1, 20, 3])
  }
})

test('a CommonJS package that is loaded later still requires what Node has', async () => {
  writeFileSync(
    join(directory, 'old.cjs'),
    `const name = 'path'; exports.joined = (a, b) => require('node:' + name).join(a, b)`,
  )
  writeFileSync(join(directory, 'uses-old.ts'), `import old from './old.cjs'; export const { joined } = old`)
  source('requires.ts', `export const handler = async () => (await import('../uses-old.ts')).joined('a', 'b')`)

  const bundles = await bundleFunctions(join(directory, 'out-requires'), join(directory, 'functions'))

  const { handler } = await import(join(bundles.get('requires')!, 'index.mjs'))
  expect(await handler()).toBe(join('a', 'b'))
})

test('a function has only what it needs, and the entry exports only what is wanted later', async () => {
  source('own.ts', `import { next } from './shared/count.ts'; export const handler = next`)

  const bundles = await bundleFunctions(join(directory, 'out-own'), join(directory, 'functions'))

  expect(readdirSync(bundles.get('own')!)).toEqual(['index.mjs'])
  expect(Object.keys(await import(join(bundles.get('own')!, 'index.mjs')))).toEqual(['handler'])
})

test('a folder without functions is refused', async () => {
  mkdirSync(join(directory, 'empty'))
  await expect(bundleFunctions(join(directory, 'out'), join(directory, 'empty'))).rejects.toThrow(/holds no functions/)
})
