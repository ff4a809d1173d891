import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** The JSON files of one published FHIR package, by file name without its folder. */
export type PackageFiles = ReadonlyMap<string, string>

const BLOCK = 512
const NAME_BYTES = 100
const SIZE_AT = 124
const SIZE_BYTES = 12
const TYPE_AT = 156
const REGULAR_FILES = ['0', '\0']

const textAt = (archive: Buffer, at: number, bytes: number): string =>
  archive
    .toString('utf8', at, at + bytes)
    .split('\0')[0]!
    .trim()

/** The regular files of a tar archive. FHIR packages have short names, so the extended headers of pax are not needed. */
function* tarEntries(archive: Buffer): Generator<[name: string, content: Buffer]> {
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const name = textAt(archive, at, NAME_BYTES)
    if (!name) return
    const size = Number.parseInt(textAt(archive, at + SIZE_AT, SIZE_BYTES), 8)
    const content = at + BLOCK
    if (REGULAR_FILES.includes(archive.toString('latin1', at + TYPE_AT, at + TYPE_AT + 1)))
      yield [name, archive.subarray(content, content + size)]
    at = content + Math.ceil(size / BLOCK) * BLOCK
  }
}

const ofArchive = (path: string): PackageFiles => {
  const files = new Map<string, string>()
  for (const [name, content] of tarEntries(gunzipSync(readFileSync(path)))) {
    const [, folder, file] = /^package\/(?:(example)\/)?([^/]+\.json)$/.exec(name) ?? []
    if (file) files.set(folder ? `${folder}/${file}` : file, content.toString('utf8'))
  }
  return files
}

const ofFolder = (path: string): PackageFiles => {
  const folder = readdirSync(path).includes('package') ? join(path, 'package') : path
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** Reads a package from a `.tgz` or from the folder it was unpacked to. Examples are named `example/<file>`. */
export const readPackage = (path: string): PackageFiles =>
  statSync(path).isDirectory() ? ofFolder(path) : ofArchive(path)

/** The resources of one type in a package. */
export const resourcesOf = <T>(files: PackageFiles, type: string): T[] =>
  [...files].filter(([name]) => name.startsWith(`${type}-`)).map(([, text]) => JSON.parse(text) as T)
