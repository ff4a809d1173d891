import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { type BuildOptions, build, stop } from 'esbuild'
import { type Chunks, chunksOf, mergeStart } from './merge-start.ts'
import { packJson } from './pack-json.ts'

/** Where the functions are: one file, one Lambda. */
export const FUNCTIONS_DIRECTORY = join(import.meta.dirname, '..', 'functions')

/** Folder of the bundle of each function, by its path below the functions folder without `.ts`: `task`, `stream/publish`. */
export type Bundles = ReadonlyMap<string, string>

/** What each bundle exports is in `index.mjs`, as `handler`. */
export const HANDLER = 'index.handler'
export const HANDLER_FILE = 'index.mjs'

const functionNames = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.slice(0, -'.ts'.length).split(sep).join('/'))
    .sort()

/**
 * Bundles every file below `directory` for Lambda into `outdir`: a tenant's stack and the one-machine runtime take the same bytes. The
 * AWS SDK is bundled too, so that what runs is what the lockfile says. What a function imports only when it needs it becomes a chunk
 * beside its `index.mjs`, so that a cold start does not pay for it.
 */
export const bundleFunctions = async (outdir: string, directory: string = FUNCTIONS_DIRECTORY): Promise<Bundles> => {
  const names = functionNames(directory)
  if (!names.length) throw new Error(`${directory} holds no functions: expected files such as task.ts`)
  const temporary = await mkdtemp(join(tmpdir(), 'careloop-bundles-'))
  try {
    const chunks = await buildChunks(names, join(temporary, 'chunks'), directory)
    const merged = (name: string) =>
      mergeStart(chunks, `${chunkOf(name)}.mjs`, HANDLER_FILE, { ...OPTIONS, outdir: join(outdir, name) })
    await Promise.all(names.map(merged))
  } finally {
    // Its process would stay, with all its memory, as long as this one.
    await stop()
    await rm(temporary, { recursive: true })
  }
  return new Map(names.map((name) => [name, join(outdir, name)]))
}

const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  outExtension: { '.js': '.mjs' },
  legalComments: 'none',
  logLevel: 'error',
} as const satisfies BuildOptions

/** What a function begins with lies in the folder of all chunks, and in none below. */
const chunkOf = (name: string): string => name.replaceAll('/', '.')

/** Reads, shakes and minifies what the functions have in common once, and not for each of them: that is nearly all of the work. */
const buildChunks = async (names: readonly string[], outdir: string, directory: string): Promise<Chunks> => {
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: names.map((name) => ({ in: join(directory, `${name}.ts`), out: chunkOf(name) })),
    outdir,
    // The names of chunks depend on it, and those are to be the same wherever this runs.
    absWorkingDir: join(import.meta.dirname, '..'),
    splitting: true,
    minify: true,
    metafile: true,
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.ts'),
      '@aws-sdk/middleware-endpoint-discovery': join(import.meta.dirname, 'no-endpoint-discovery.ts'),
    },
    plugins: [packJson],
  })
  return chunksOf(outdir, metafile)
}
