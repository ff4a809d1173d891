import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'

/** What a minifying build with splitting has made. */
export interface Chunks {
  /** where all of it is, in no folders below */
  folder: string
  /** the other chunks that each chunk imports and how, by name */
  imports: ReadonlyMap<string, readonly Pick<ImportOf, 'path' | 'kind'>[]>
}

type ImportOf = Metafile['outputs'][string]['imports'][number]

/** @param metafile of the build into `folder` */
export const chunksOf = (folder: string, { outputs }: Metafile): Chunks => ({
  folder,
  imports: new Map(
    Object.entries(outputs).map(([path, { imports }]) => [
      basename(path),
      imports.flatMap(({ path, kind, external }) => (external ? [] : { path: basename(path), kind })),
    ]),
  ),
})

/** CommonJS packages inside an ES module still call `require`, by a function of esbuild's that is always in the start. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`

/** The files that come with the first of them, by what it imports in these ways, by what those import, and so on. */
const reached = ({ imports }: Chunks, first: string, kinds: readonly string[]): Set<string> => {
  const files = new Set([first])
  for (const file of files) for (const { path, kind } of imports.get(file)!) if (kinds.includes(kind)) files.add(path)
  return files
}

/** Names of what a file exports, by the file. */
type Names = ReadonlyMap<string, ReadonlySet<string>>

/** What the entry calls what a file exports: names are unique in a file only. */
const nameInEntry = (nth: number, name: string): string => `${name}_${nth}`

/** An import of another chunk, as esbuild writes it when it minifies. */
const IMPORT = /\bimport(?:\{([^{}]*)\}from)?"\.\/([^"]+)"/g

/**
 * A file that is loaded later, what it has in common with the start imported from the entry.
 * @param named is told of each name that it imports from a file of the start
 * @throws Error when the file imports in a way that is not understood here
 */
const importingFromEntry = async (
  { folder, imports }: Chunks,
  file: string,
  start: readonly string[],
  entry: string,
  named: (from: string, name: string) => void,
): Promise<string> => {
  let found = 0
  const text = await readFile(join(folder, file), 'utf8')
  const rewritten = text.replace(IMPORT, (statement, names: string | undefined, from: string) => {
    found += 1
    const nth = start.indexOf(from)
    if (nth < 0) return statement
    const imported = (names?.split(',') ?? []).map((each) => {
      const [name, own = name] = each.split(' as ') as [string, string?]
      named(from, name)
      return `${nameInEntry(nth, name)} as ${own}`
    })
    return `import{${imported}}from"./${entry}"`
  })
  const count = imports.get(file)!.filter(({ kind }) => kind === 'import-statement').length
  if (found !== count) throw new Error(`${file} has ${count} imports, but ${found} are understood`)
  return rewritten
}

/** What is imported only when needed stays where it is. */
const laterIsBeside: Plugin = {
  name: 'later-is-beside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\// }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    )
  },
}

/** Makes one file of all that a function loads at its start. It exports what the function does, and what is wanted later. */
const writeEntry = async (
  { folder }: Chunks,
  start: readonly string[],
  wanted: Names,
  entry: string,
  options: BuildOptions,
): Promise<void> => {
  const exported = start.flatMap((file, nth) => {
    const names = [...(wanted.get(file) ?? [])].sort().map((name) => `${name} as ${nameInEntry(nth, name)}`)
    return names.length ? `export { ${names.join(', ')} } from './${file}'` : []
  })
  await build({
    ...options,
    stdin: { contents: [`export * from './${start[0]}'`, ...exported].join('\n'), resolveDir: folder },
    entryNames: basename(entry, '.mjs'),
    plugins: [laterIsBeside],
    banner: { js: REQUIRE },
    minify: true,
  })
}

/**
 * Writes a function that begins with the file `own`, what it loads at its start in one file, `entry`. Splitting makes a file of each set of
 * modules that the same functions have in common, dozens of them, and each takes a third of a millisecond of a cold start to find, read and
 * link. What is loaded later stays in the files of the chunks, and imports from the entry what it has in common with it.
 */
export const mergeStart = async (
  chunks: Chunks,
  own: string,
  entry: string,
  options: BuildOptions & { outdir: string },
): Promise<void> => {
  const start = [...reached(chunks, own, ['import-statement'])]
  const later = [...reached(chunks, own, ['import-statement', 'dynamic-import'])].filter(
    (file) => !start.includes(file),
  )
  const wanted = new Map<string, Set<string>>()
  const want = (from: string, name: string) => wanted.set(from, (wanted.get(from) ?? new Set()).add(name))
  await mkdir(options.outdir, { recursive: true })
  for (const file of later)
    await writeFile(join(options.outdir, file), await importingFromEntry(chunks, file, start, entry, want))
  await writeEntry(chunks, start, wanted, entry, options)
}
