import { readdirSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { CannotLoad } from './cannot-load.ts'

export interface InputFile {
  /** absolute */
  path: string
  /** as people are told of it: from the folder above the argument it was found under */
  name: string
  bytes: number
  /** milliseconds since the epoch */
  modified: number
  format: 'json' | 'ndjson'
  /** others refer to what it holds: it is loaded alone, before them */
  infrastructure: boolean
}

export interface Discovery {
  /** infrastructure first, else by name */
  files: InputFile[]
  /** names of files that are neither .json nor .ndjson */
  ignored: string[]
}

const INFRASTRUCTURE_FOLDER_OR_FILE = /^0-/
const SYNTHEA_INFRASTRUCTURE = /^(hospital|practitioner)Information/

/** @param name with `/` between folders */
export const isInfrastructure = (name: string): boolean =>
  name.split('/').some((part) => INFRASTRUCTURE_FOLDER_OR_FILE.test(part)) ||
  SYNTHEA_INFRASTRUCTURE.test(name.split('/').at(-1) ?? '')

const formatOf = (name: string): InputFile['format'] | undefined =>
  /\.json$/i.test(name) ? 'json' : /\.ndjson$/i.test(name) ? 'ndjson' : undefined

const stats = (path: string): Stats => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new CannotLoad(`${path} does not exist.`)
  return found
}

const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const inOrder = (a: InputFile, b: InputFile): number =>
  Number(b.infrastructure) - Number(a.infrastructure) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/**
 * The files that the arguments stand for, each once.
 *
 * @param base the folder that relative paths start from
 * @throws CannotLoad when a path does not exist or there is nothing to load
 */
export const discover = (paths: readonly string[], base: string): Discovery => {
  const files = new Map<string, InputFile>()
  const ignored: string[] = []
  for (const argument of paths.map((path) => resolve(base, path))) {
    const folder = stats(argument).isDirectory()
    for (const path of folder ? below(argument) : [argument]) {
      const name = relative(dirname(argument), path).split(sep).join('/')
      const format = formatOf(basename(path))
      if (!format) {
        ignored.push(name)
        continue
      }
      const { size, mtimeMs } = stats(path)
      files.set(path, { path, name, bytes: size, modified: mtimeMs, format, infrastructure: isInfrastructure(name) })
    }
  }
  if (files.size === 0) throw new CannotLoad(`There is no .json or .ndjson file in ${paths.join(', ')}.`)
  return { files: [...files.values()].sort(inOrder), ignored }
}
