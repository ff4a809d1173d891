import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import type { Metafile } from 'esbuild'
import { chunksOf, mergeStart } from '../../infra/merge-start.ts'

const folder = mkdtempSync(join(tmpdir(), 'careloop-merge-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FILES = {
  'task.mjs': `import{a}from"./chunk-A.mjs";export const handler=()=>import("./late.mjs");`,
  'chunk-A.mjs': 'const x=1,y=2;export{x as a,y as $b};',
  'late.mjs': `import{a as c,$b}from"./chunk-A.mjs";import{d}from"./late-too.mjs";import e from"node:fs";export{c,$b,d,e};`,
  'late-too.mjs': 'export const d=4;',
}

const write = (files: Record<string, string>): ReturnType<typeof chunksOf> => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const imported = (path: string, kind = 'import-statement') => ({ path: `build/${path}`, kind })
  const node = { path: 'node:fs', kind: 'import-statement', external: true }
  return chunksOf(folder, {
    outputs: {
      'build/task.mjs': { imports: [imported('chunk-A.mjs'), imported('late.mjs', 'dynamic-import')] },
      'build/chunk-A.mjs': { imports: [] },
      'build/late.mjs': { imports: [imported('chunk-A.mjs'), imported('late-too.mjs'), node] },
      'build/late-too.mjs': { imports: [] },
    },
  } as unknown as Metafile)
}

const options = (outdir: string) =>
  ({ bundle: true, format: 'esm', platform: 'node', outExtension: { '.js': '.mjs' }, outdir }) as const

test('what is loaded later imports from the entry what the start has too', async () => {
  const outdir = join(folder, 'out')
  await mergeStart(write(FILES), 'task.mjs', 'index.mjs', options(outdir))
  expect(readFileSync(join(outdir, 'late.mjs'), 'utf8')).toBe(
    `import{a_1 as c,$b_1 as $b}from"./index.mjs";import{d}from"./late-too.mjs";import e from"node:fs";export{c,$b,d,e};`,
  )
  const { handler } = await import(join(outdir, 'index.mjs'))
  expect(await handler()).toMatchObject({ c: 1, $b: 2, d: 4 })
})

test('an import that is not written as it is looked for is not overlooked', async () => {
  const late = `import { a as c } from './chunk-A.mjs';import{d}from"./late-too.mjs";export{c,d};`
  const merged = mergeStart(write({ ...FILES, 'late.mjs': late }), 'task.mjs', 'index.mjs', options(join(folder, 'no')))
  await expect(merged).rejects.toThrow('late.mjs has 2 imports, but 1 are understood')
})
