import type { Discovery, InputFile } from './discover.ts'
import type { FhirServer } from './fhir-server.ts'
import { type FileResult, loadFile } from './load-file.ts'
import type { LoadState } from './load-state.ts'
import type { ChunkLimits } from './plan-chunks.ts'
import type { Progress } from './progress.ts'
import { Tally } from './tally.ts'

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

/** Loads infrastructure files one by one, then the others `concurrency` at a time. */
export const runLoad = async (parts: RunLoadParts): Promise<LoadResult> => {
  const { discovery, server, progress, stopping } = parts
  const { files } = discovery
  const started = performance.now()
  const served = await server.served()
  const results: FileResult[] = []
  let failure: string | undefined
  progress.start(files.reduce((sum, { bytes }) => sum + bytes, 0))

  const onProgress = (bytes: number, resources: number) => progress.advance(bytes, resources)
  const lane = async (waiting: InputFile[]): Promise<void> => {
    for (let file = waiting.shift(); file && !stopping.signal.aborted; file = waiting.shift()) {
      const result = await loadFile(file, { ...parts, served, stopping: stopping.signal, onProgress })
      results.push(result)
      if (result.ended) progress.say(lineOf(result, results.length, files.length))
      if (!result.failure) continue
      failure ??= result.failure
      stopping.abort()
    }
  }

  try {
    await lane(files.filter(({ infrastructure }) => infrastructure))
    const others = files.filter(({ infrastructure }) => !infrastructure)
    await Promise.all(Array.from({ length: parts.concurrency }, () => lane(others)))
  } finally {
    progress.stop()
  }

  const counts = new Tally()
  for (const result of results) counts.add(result.counts)
  const ended = new Set(results.filter((result) => result.ended).map(({ name }) => name))
  const stopped = failure ?? (stopping.signal.aborted ? 'Stopped on request.' : undefined)
  return {
    server: server.base,
    files: results,
    unfinished: files.map(({ name }) => name).filter((name) => !ended.has(name)),
    ignored: discovery.ignored,
    counts,
    unreadable: results.reduce((sum, { unreadable }) => sum + unreadable, 0),
    seconds: (performance.now() - started) / 1000,
    ...(stopped && { stopped }),
  }
}

const lineOf = (result: FileResult, number: number, total: number): string => {
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
  return `[${number}/${total}] ${result.name}: ${what}`
}
