import { readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { build, stop } from 'esbuild'

/** Where the functions are: one file, one Lambda. */
export const FUNCTIONS_DIRECTORY = join(import.meta.dirname, '..', 'functions')

/** Folder of the bundle of each function, by its path below the functions folder without `.ts`: `task`, `stream/publish`. */
export type Bundles = ReadonlyMap<string, string>

/** What each bundle exports is in `index.mjs`, as `handler`. */
export const HANDLER = 'index.handler'
export const HANDLER_FILE = 'index.mjs'

/** CommonJS packages inside an ES module still call `require`. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`

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
  await Promise.all(names.map((name) => bundleFunction(join(directory, `${name}.ts`), join(outdir, name))))
  // Its process would stay, with all its memory, as long as this one.
  await stop()
  return new Map(names.map((name) => [name, join(outdir, name)]))
}

/** One build for each function: the chunks of a common one would lie outside of the functions' folders. */
const bundleFunction = async (file: string, outdir: string): Promise<void> => {
  await build({
    entryPoints: [{ in: file, out: 'index' }],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    keepNames: true,
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
    legalComments: 'none',
    logLevel: 'error',
  })
}
