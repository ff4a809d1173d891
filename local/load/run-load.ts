import type { Discovery, InputFile } from './discover.ts'
import type { FhirServer } from './fhir-server.ts'
import { type FileResult, loadFile } from './load-file.ts'
import type { LoadState } from './load-state.ts'
import type { ChunkLimits } from './plan-chunks.ts'
import type { Progress } from './progress.ts'
import { Room } from './room.ts'
import { lostOf, Tally } from './tally.ts'

export interface RunLoadParts {
  discovery: Discovery
  server: FhirServer
  state: LoadState
  limits: ChunkLimits
  concurrency: number
  progress: Progress
  /** aborted by Ctrl-C */
  stopping: AbortController
}

export interface LoadResult {
  server: string
  files: FileResult[]
  /** files that were not begun, or not to their end */
  unfinished: string[]
  ignored: string[]
  counts: Tally
  unreadable: number
  seconds: number
  /** why the run ended early */
  stopped?: string
}

/** Entries under way at once: what the server answers within its 29 s, on a slow disk too, with room to spare. */
const ENTRIES_AT_ONCE = 1_500

/**
 * Loads infrastructure files one by one, then the others `concurrency` at a time; then those again in which something refers to what
 * was not there, as long as that gets more of them there.
 */
export const runLoad = async (parts: RunLoadParts): Promise<LoadResult> => {
  const { discovery, progress, stopping } = parts
  const { files } = discovery
  const started = performance.now()
  const served = await parts.server.served()
  const room = new Room(ENTRIES_AT_ONCE)
  const server: FhirServer = {
    ...parts.server,
    post: (bundle) => room.within(bundle.entry?.length ?? 0, () => parts.server.post(bundle)),
  }
  const byFile = new Map<InputFile, FileResult>()
  let failure: string | undefined
  progress.start(files.reduce((sum, { bytes }) => sum + bytes, 0))

  const lane = async (waiting: InputFile[]): Promise<void> => {
    for (let file = waiting.shift(); file && !stopping.signal.aborted; file = waiting.shift()) {
      const before = byFile.get(file)
      const onProgress = (bytes: number, resources: number) => !before && progress.advance(bytes, resources)
      const result = await loadFile(file, { ...parts, server, served, stopping: stopping.signal, onProgress })
      byFile.set(file, before ? added(before, result) : result)
      if (result.ended) progress.say(lineOf(byFile.get(file)!, before ? 'again' : `${byFile.size}/${files.length}`))
      if (!result.failure) continue
      failure ??= result.failure
      stopping.abort()
    }
  }
  const lanes = async (some: readonly InputFile[], concurrency: number): Promise<void> => {
    const waiting = [...some]
    await Promise.all(Array.from({ length: concurrency }, () => lane(waiting)))
  }

  try {
    await lanes(
      files.filter(({ infrastructure }) => infrastructure),
      1,
    )
    await lanes(
      files.filter(({ infrastructure }) => !infrastructure),
      parts.concurrency,
    )
    const incomplete = () => files.filter((file) => byFile.get(file)?.missing)
    for (let before = 0, now = lostIn(byFile.values()); now !== before && !stopping.signal.aborted; ) {
      before = now
      await lanes(incomplete(), 1)
      now = lostIn(byFile.values())
    }
  } finally {
    progress.stop()
  }

  const results = [...byFile.values()]
  const counts = new Tally()
  for (const result of results) counts.add(result.counts)
  const ended = new Set(results.filter((result) => result.ended).map(({ name }) => name))
  const stopped = failure ?? (stopping.signal.aborted ? 'Stopped on request.' : undefined)
  return {
    server: parts.server.base,
    files: results,
    unfinished: files.map(({ name }) => name).filter((name) => !ended.has(name)),
    ignored: discovery.ignored,
    counts,
    unreadable: results.reduce((sum, { unreadable }) => sum + unreadable, 0),
    seconds: (performance.now() - started) / 1000,
    ...(stopped && { stopped }),
  }
}

const lostIn = (results: Iterable<FileResult>): number =>
  [...results].reduce(
    (sum, { counts }) => sum + counts.entries().reduce((lost, [, ofType]) => lost + lostOf(ofType), 0),
    0,
  )

/** What both times came to. */
const added = (before: FileResult, after: FileResult): FileResult => ({
  ...after,
  counts: before.counts.again(after.counts),
  transactions: before.transactions + after.transactions,
  seconds: before.seconds + after.seconds,
})

const lineOf = (result: FileResult, number: string): string => {
  const { counts, notes, seconds } = result
  const refused = counts.total('refused')
  const parts = [
    `${counts.total('created') + counts.total('present')} loaded`,
    ...(counts.total('notServed') > 0 ? [`${counts.total('notServed')} of types not served`] : []),
    ...(refused > 0 ? [`${refused} REFUSED`] : []),
    ...(result.unreadable > 0 ? [`UNREADABLE: ${result.problems.at(-1)?.text}`] : []),
    ...notes,
  ]
  const what = result.before ? 'loaded by an earlier run' : `${parts.join('; ')} (${seconds.toFixed(1)} s)`
  return `[${number}] ${result.name}: ${what}`
}
