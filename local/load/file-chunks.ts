import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Resource } from '../../lib/fhir.ts'
import { parseJson, stringifyJson } from '../../lib/json.ts'
import { UnreadableFile } from './cannot-load.ts'
import type { InputFile } from './discover.ts'
import { createContentIds, putOf, readBundle } from './entries.ts'
import { type BundlePlan, planBundle } from './plan-bundle.ts'
import type { ChunkLimits } from './plan-chunks.ts'
import type { Chunk } from './send-chunk.ts'
import type { LoadProblem } from './tally.ts'

/** Told while a file is read, before the chunk it belongs to is given. */
export interface ReadingReport {
  found(type: string): void
  notServed(type: string): void
  note(text: string): void
  /** a part of the file that cannot be sent at all */
  unreadable(problem: LoadProblem): void
}

/** A chunk, and how much of the file has been dealt with once it is answered. */
export interface FileChunk extends Chunk {
  bytesRead: number
}

export interface ReadingParts {
  served: ReadonlySet<string>
  limits: ChunkLimits
  report: ReadingReport
}

/** What need not stand or fall together goes in transactions that DynamoDB commits at once, which takes half the time. */
const SMALL_TRANSACTION = 100

const small = (limits: ChunkLimits): ChunkLimits => ({ ...limits, size: Math.min(limits.size, SMALL_TRANSACTION) })

/** The chunks of a file in the order to send them; the same file and limits give the same chunks in every run. */
export const chunksOf = (file: InputFile, parts: ReadingParts): AsyncGenerator<FileChunk> =>
  file.format === 'ndjson' ? chunksOfLines(file, { ...parts, limits: small(parts.limits) }) : chunksOfJson(file, parts)

const parsedFile = async (file: InputFile): Promise<unknown> => {
  try {
    return parseJson(await readFile(file.path, 'utf8'))
  } catch (error) {
    throw new UnreadableFile(`this is not JSON: ${withoutContent(error as Error)}`)
  }
}

/** What JSON.parse says, without the piece of the text it quotes: that may be of a patient. */
const withoutContent = ({ message }: Error): string => message.replace(/,? ?(\.\.\.)?".*" is not valid JSON/s, '')

const plural = (count: number, singular: string, several = `${singular}s`): string =>
  `${count} ${count === 1 ? singular : several}`

const notesOn = ({ chunks, linksToLeftOut, dangling, forward }: BundlePlan, reads: number): string[] => [
  ...(chunks.length > 1 ? [`sent in ${chunks.length} parts, in the order of its references`] : []),
  ...(forward > 0
    ? [`${plural(forward, 'reference')} of circles too large for a transaction point to a later one`]
    : []),
  ...(linksToLeftOut > 0 ? [`${plural(linksToLeftOut, 'reference')} to those kept`] : []),
  ...(dangling > 0 ? [`${plural(dangling, 'urn:uuid reference')} to nothing in the file, kept`] : []),
  ...(reads > 0 ? [`${plural(reads, 'entry', 'entries')} only read (GET): left out`] : []),
]

async function* chunksOfJson(file: InputFile, { served, limits, report }: ReadingParts): AsyncGenerator<FileChunk> {
  const bundle = readBundle(await parsedFile(file))
  const plan = planBundle(bundle, served, bundle.type === 'transaction' ? limits : small(limits))
  for (const { type } of bundle.entries) report.found(type)
  for (const { type } of plan.leftOut) report.notServed(type)
  for (const note of notesOn(plan, bundle.reads)) report.note(note)
  const total = plan.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  let done = 0
  for (const entries of plan.chunks) {
    done += entries.length
    yield {
      type: bundle.type === 'batch' ? 'batch' : 'transaction',
      atomic: bundle.type === 'transaction' && plan.chunks.length === 1,
      entries,
      bytesRead: Math.round((file.bytes * done) / total),
    }
  }
}

const isResource = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && 'resourceType' in value && typeof value.resourceType === 'string'

const resourceOn = (text: string): Resource | LoadProblem => {
  try {
    const value = parseJson(text)
    return isResource(value) ? value : { text: 'this line is JSON, but no FHIR resource: it has no resourceType' }
  } catch (error) {
    return { text: `this line is not JSON: ${withoutContent(error as Error)}` }
  }
}

/** Holds one chunk of lines at a time, however long the file is. */
async function* chunksOfLines(file: InputFile, { served, limits, report }: ReadingParts): AsyncGenerator<FileChunk> {
  const contentIds = createContentIds()
  let entries: Chunk['entries'] = []
  let targets = new Set<string>()
  let bytes = 0
  let bytesRead = 0
  let number = 0
  const close = (): FileChunk => {
    const chunk: FileChunk = { type: 'transaction', atomic: false, entries, bytesRead }
    entries = []
    targets = new Set()
    bytes = 0
    return chunk
  }
  for await (const line of createInterface({
    input: createReadStream(file.path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1
    const place = `line ${number}`
    const length = Buffer.byteLength(line) + 1
    const resource = line.trim() === '' ? undefined : resourceOn(line)
    if (resource && !('resourceType' in resource)) report.unreadable({ place, ...resource })
    if (resource && 'resourceType' in resource) {
      report.found(resource.resourceType)
      if (served.has(resource.resourceType)) {
        const entry = putOf(resource, place, contentIds)
        const size = Buffer.byteLength(stringifyJson(entry.resource))
        const full = entries.length === limits.size || bytes + size > limits.bytes || targets.has(entry.target!)
        if (full && entries.length > 0) yield close()
        entries.push(entry)
        targets.add(entry.target!)
        bytes += size
      } else {
        report.notServed(resource.resourceType)
      }
    }
    bytesRead += length
  }
  if (entries.length > 0) yield close()
}
