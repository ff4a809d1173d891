import { CannotLoad, UnreadableFile } from './cannot-load.ts'
import { lookUpConditionalCreates } from './conditional-creates.ts'
import type { InputFile } from './discover.ts'
import { type FhirServer, Interrupted } from './fhir-server.ts'
import { chunksOf, type FileChunk } from './file-chunks.ts'
import type { FileMemory, LoadState } from './load-state.ts'
import type { ChunkLimits } from './plan-chunks.ts'
import { assignedBy, type Outcome, sendChunk } from './send-chunk.ts'
import { type LoadProblem, lostOf, Tally } from './tally.ts'

export interface FileResult {
  name: string
  /** read to its end */
  ended: boolean
  /** and nothing of it was lost */
  complete: boolean
  /** nothing was sent, since an earlier run had loaded it all */
  before: boolean
  counts: Tally
  transactions: number
  /** parts of the file that are no resource */
  unreadable: number
  problems: LoadProblem[]
  /** refused because they, or others of their transaction, refer to what the server does not have */
  missing: number
  notes: string[]
  seconds: number
  /** why no further file can be loaded either */
  failure?: string
}

export interface LoadFileParts {
  server: FhirServer
  served: ReadonlySet<string>
  limits: ChunkLimits
  state: LoadState
  stopping: AbortSignal
  /** told after each chunk what it added */
  onProgress(bytes: number, resources: number): void
}

/** Enough to see what is wrong; the counts tell the rest. */
const MOST_PROBLEMS = 500

const layoutOf = ({ size, bytes }: ChunkLimits, served: ReadonlySet<string>): string =>
  [size, bytes, ...[...served].sort()].join(' ')

/** What an earlier run has done, if the server still has it. */
const earlierOf = async (
  file: InputFile,
  layout: string,
  { state, server }: LoadFileParts,
): Promise<FileMemory | undefined> => {
  const memory = state.of(file, layout)
  return memory?.witness && (await server.knows(memory.witness)) ? memory : undefined
}

/** Loads one file, going on where an earlier run stopped. */
export const loadFile = async (file: InputFile, parts: LoadFileParts): Promise<FileResult> => {
  const started = performance.now()
  const result: FileResult = {
    name: file.name,
    ended: false,
    complete: false,
    before: false,
    counts: new Tally(),
    transactions: 0,
    unreadable: 0,
    problems: [],
    missing: 0,
    notes: [],
    seconds: 0,
  }
  try {
    await load(file, parts, result)
  } catch (error) {
    if (error instanceof UnreadableFile) {
      result.unreadable += 1
      result.ended = true
      complain(result, { text: error.message })
    } else if (error instanceof CannotLoad) result.failure = error.message
    else if (!(error instanceof Interrupted)) throw error
  }
  result.seconds = (performance.now() - started) / 1000
  return result
}

const complain = ({ problems }: FileResult, problem: LoadProblem): void => {
  if (problems.length < MOST_PROBLEMS) problems.push(problem)
}

const load = async (file: InputFile, parts: LoadFileParts, result: FileResult): Promise<void> => {
  const { server, served, limits, state, stopping, onProgress } = parts
  const layout = layoutOf(limits, served)
  const earlier = await earlierOf(file, layout, parts)
  if (earlier?.done) {
    result.counts = asPresent(earlier)
    result.before = true
    result.ended = true
    result.complete = true
    onProgress(file.bytes, 0)
    return
  }
  const { counts } = result
  const report = {
    found: (type: string) => counts.found(type),
    notServed: (type: string) => counts.met(type, 'notServed'),
    note: (text: string) => result.notes.push(text),
    unreadable: (problem: LoadProblem) => {
      result.unreadable += 1
      complain(result, problem)
    },
  }
  const assigned = new Map(Object.entries(earlier?.assigned ?? {}))
  const lost: number[] = []
  let witness = earlier?.witness
  let next = 0
  let bytes = 0
  const remember = (done: boolean): void =>
    state.remember(file, {
      bytes: file.bytes,
      modified: file.modified,
      layout,
      next: Math.max(next, earlier?.next ?? 0),
      lost: [...lost, ...(earlier?.lost.filter((chunk) => chunk >= next) ?? [])],
      done,
      counts: counts.toJSON(),
      assigned: Object.fromEntries(assigned),
      ...(witness && { witness }),
    })

  for await (const chunk of chunksOf(file, { served, limits, report })) {
    if (stopping.aborted) return
    const outcomes = wasSent(earlier, next) ? undefined : await send(file, chunk, assigned, server)
    count(result, chunk, outcomes)
    for (const [fullUrl, reference] of assignedBy(outcomes ?? [])) assigned.set(fullUrl, reference)
    witness =
      outcomes?.flatMap((outcome) => (outcome.fate === 'refused' ? [] : (outcome.reference ?? [])))[0] ?? witness
    if (outcomes?.some(({ fate }) => fate === 'refused')) lost.push(next)
    next += 1
    if (outcomes) remember(false)
    onProgress(chunk.bytesRead - bytes, chunk.entries.length)
    bytes = chunk.bytesRead
  }
  onProgress(file.bytes - bytes, 0)
  result.ended = true
  result.complete = result.unreadable === 0 && counts.entries().every(([, ofType]) => lostOf(ofType) === 0)
  if (result.complete) remember(true)
}

const send = async (file: InputFile, chunk: FileChunk, assigned: Map<string, string>, server: FhirServer) => {
  if (!file.infrastructure) return sendChunk(server, chunk, assigned)
  const { entries, outcomes, ends } = await lookUpConditionalCreates(server, chunk.entries)
  for (const [fullUrl, end] of ends) assigned.set(fullUrl, end)
  return [...outcomes, ...(await sendChunk(server, { ...chunk, entries }, assigned))]
}

const wasSent = (earlier: FileMemory | undefined, chunk: number): boolean =>
  earlier !== undefined && chunk < earlier.next && !earlier.lost.includes(chunk)

const count = (result: FileResult, { entries }: FileChunk, outcomes: readonly Outcome[] | undefined): void => {
  if (!outcomes) {
    for (const { type } of entries) result.counts.met(type, 'present')
    return
  }
  result.transactions += 1
  for (const outcome of outcomes) {
    result.counts.met(outcome.entry.type, outcome.fate)
    if (outcome.fate !== 'refused') continue
    complain(result, outcome.problem)
    if (outcome.problem.missing) result.missing += 1
  }
}

const asPresent = ({ counts }: FileMemory): Tally =>
  new Tally(
    Object.fromEntries(
      Object.entries(counts).map(([type, ofType]) => [
        type,
        { ...ofType, created: 0, present: ofType.present + ofType.created },
      ]),
    ),
  )
