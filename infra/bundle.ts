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
 * Bundles every file below `directory` for Lambda into `outdir`, all in one go: a tenant's stack and the one-machine runtime take
 * the same bytes. The AWS SDK is bundled too, so that what runs is what the lockfile says.
 */
export const bundleFunctions = async (outdir: string, directory: string = FUNCTIONS_DIRECTORY): Promise<Bundles> => {
  const names = functionNames(directory)
  if (!names.length) throw new Error(`${directory} holds no functions: expected files such as task.ts`)
  await build({
    entryPoints: names.map((name) => ({ in: join(directory, `${name}.ts`), out: join(name, 'index') })),
    outdir,
    bundle: true,
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
  // Its process would stay, with all its memory, as long as this one.
  await stop()
  return new Map(names.map((name) => [name, join(outdir, name)]))
}
