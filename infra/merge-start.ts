import { basename, join } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'

type Outputs = Metafile['outputs']

/** The files that are loaded when the first of them is: those it imports, and so on. What is imported only when needed is not among them. */
export const loadedWith = (outputs: Outputs, first: string): Set<string> => {
  const loaded = new Set([first])
  for (const file of loaded)
    for (const { path, kind } of outputs[file]!.imports)
      if (kind === 'import-statement' && path in outputs) loaded.add(path)
  return loaded
}

/** What the entry calls what a chunk exports: names are unique in a chunk only, and the entry keeps its own. */
const nameInEntry = (nth: number, name: string): string => (nth === 0 ? name : `${name}_${nth}`)

/**
 * Puts what a function loads at its start into its entry alone. Splitting makes a file of each set of modules that the same parts of a
 * function have in common, dozens of them, and each takes a third of a millisecond of a cold start to find, read and link. What is loaded
 * later imports from the entry what it has in common with it.
 * @param chunks the folder of a build with splitting, without folders below it
 * @param outputs what its metafile says of them, by name; `entry` is the name of what the function begins with
 */
export const mergeStart = async (
  chunks: string,
  outputs: Outputs,
  entry: string,
  options: BuildOptions & { outdir: string },
): Promise<void> => {
  const start = [...loadedWith(outputs, entry)]
  const later = Object.keys(outputs).filter((file) => !start.includes(file))
  const exportsOf = (nth: number, text: (name: string, inEntry: string) => string): string =>
    outputs[start[nth]!]!.exports.map((name) => text(name, nameInEntry(nth, name))).join(', ')

  const plugin: Plugin = {
    name: 'merge-start',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^entry:$/ }, ({ path }) => ({ path, namespace: 'entry' }))
      onLoad({ filter: /.*/, namespace: 'entry' }, () => ({
        contents: start
          .map((file, nth) => `export { ${exportsOf(nth, (name, own) => `${name} as ${own}`)} } from './${file}'`)
          .join('\n'),
        resolveDir: chunks,
      }))
      onResolve({ filter: /^\.\// }, ({ path, importer, namespace }) => {
        const file = basename(path)
        if (!start.includes(file) || namespace === 'of-entry') return { path, external: true }
        if (namespace === 'entry' || start.includes(basename(importer))) return { path: join(chunks, file) }
        return { path: file, namespace: 'of-entry' }
      })
      onLoad({ filter: /.*/, namespace: 'of-entry' }, ({ path }) => ({
        contents: `export { ${exportsOf(start.indexOf(path), (name, own) => `${own} as ${name}`)} } from './${entry}'`,
        resolveDir: chunks,
      }))
    },
  }
  const parts: BuildOptions = { ...options, splitting: false, plugins: [plugin] }
  await Promise.all([
    build({ ...parts, entryPoints: [{ in: 'entry:', out: basename(entry, '.mjs') }], minify: true }),
    // Its names are short already, and that it is loaded late leaves nothing to be gained by more.
    build({
      ...parts,
      entryPoints: later.map((file) => ({ in: join(chunks, file), out: basename(file, '.mjs') })),
      minifyWhitespace: true,
    }),
  ])
}
