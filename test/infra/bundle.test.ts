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

test('a folder without functions is refused', async () => {
  mkdirSync(join(directory, 'empty'))
  await expect(bundleFunctions(join(directory, 'out'), join(directory, 'empty'))).rejects.toThrow(/holds no functions/)
})
