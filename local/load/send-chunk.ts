import type { Bundle, BundleEntry, OperationOutcome, OperationOutcomeIssue } from 'fhir/r4'
import type { Entry } from './entries.ts'
import type { Answer, FhirServer } from './fhir-server.ts'
import { linksOf, withLinks } from './links.ts'
import type { LoadProblem } from './tally.ts'

/** What goes in one request. */
export interface Chunk {
  type: 'transaction' | 'batch'
  /** all or nothing: the file asked for it and could have it */
  atomic: boolean
  entries: Entry[]
}

export type Outcome =
  | { entry: Entry; fate: 'created' | 'present'; reference?: string }
  | { entry: Entry; fate: 'refused'; problem: LoadProblem }

/** What is left to say of a refusal that came without an OperationOutcome. */
const SILENT: OperationOutcomeIssue = { severity: 'error', code: 'unknown' }

/** Of the entries that go down with the one that is to blame. */
const OTHER_ENTRY: OperationOutcomeIssue = {
  ...SILENT,
  diagnostics: 'not written, because another entry of its transaction was refused',
}

const NAMES_ENTRY = /^Bundle\.entry\[(\d+)\]/
const LOCATION = /([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/

const issuesOf = (body: unknown): OperationOutcomeIssue[] => {
  const outcome = body as OperationOutcome | undefined
  const issues = outcome?.resourceType === 'OperationOutcome' ? outcome.issue : []
  return issues.filter(({ severity }) => severity === 'error' || severity === 'fatal')
}

const entryNamed = ({ expression }: OperationOutcomeIssue): number | undefined => {
  const position = NAMES_ENTRY.exec(expression?.[0] ?? '')?.[1]
  return position === undefined ? undefined : Number(position)
}

/** `Bundle.entry[3].resource.status` of a Goal -> `Goal.status`; `Bundle.entry[3].request.url` -> `request.url` */
const elementOf = (entry: Entry, { expression }: OperationOutcomeIssue): string | undefined =>
  expression?.[0]
    ?.replace(NAMES_ENTRY, '')
    .replace(/^\.resource(\.ofType\(\w+\))?(?=\.|$)/, entry.type)
    .replace(/^\./, '')

const MISSING = 'not-found'

const problemOf = (entry: Entry, status: number, issue: OperationOutcomeIssue): LoadProblem => {
  const expression = elementOf(entry, issue)
  return {
    place: entry.place,
    type: entry.type,
    status,
    text: issue.diagnostics ?? issue.details?.text ?? `refused without an explanation (HTTP ${status})`,
    ...(expression && { expression }),
    ...(issue.code === MISSING && { missing: true }),
  }
}

const refuse = (entry: Entry, status: number, issue: OperationOutcomeIssue = SILENT): Outcome => ({
  entry,
  fate: 'refused',
  problem: problemOf(entry, status, issue),
})

const requestOf = (entry: Entry, assigned: ReadonlyMap<string, string>): BundleEntry => ({
  // Who has a target is referred to by it; only the server can give the others an id, and needs their name to do so.
  ...(!entry.target && entry.fullUrl && { fullUrl: entry.fullUrl }),
  ...(entry.resource && { resource: withLinks(entry.resource, assigned) as unknown as BundleEntry['resource'] }),
  request: entry.request as BundleEntry['request'],
})

const answered = (entry: Entry, response: BundleEntry['response']): Outcome => {
  const status = Number(response?.status?.slice(0, 3))
  if (!(status >= 200 && status < 300)) return refuse(entry, status || 0, issuesOf(response?.outcome)[0])
  const reference = LOCATION.exec(response?.location ?? '')?.[1] ?? entry.target
  return { entry, fate: status === 201 ? 'created' : 'present', ...(reference && { reference }) }
}

/**
 * Sends a chunk and says what became of each entry.
 *
 * A transaction that is refused because of some entries is sent again without them, unless it must be atomic. One that is too
 * large for the server is halved.
 *
 * @param assigned ids the server gave, by fullUrl: references to those become literal
 */
export const sendChunk = async (
  server: Pick<FhirServer, 'post'>,
  chunk: Chunk,
  assigned: ReadonlyMap<string, string>,
): Promise<Outcome[]> => {
  const outcomes: Outcome[] = []
  let rest = chunk.entries
  while (rest.length > 0) {
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type: chunk.type,
      entry: rest.map((entry) => requestOf(entry, assigned)),
    }
    const answer = await server.post(bundle)
    if (answer.status === 413 && rest.length > 1) return [...outcomes, ...(await halved(server, chunk, rest, assigned))]
    const { settled, again } = settle(chunk, rest, answer)
    outcomes.push(...settled)
    rest = again
  }
  return outcomes
}

const halved = async (
  server: Pick<FhirServer, 'post'>,
  chunk: Chunk,
  entries: Entry[],
  assigned: ReadonlyMap<string, string>,
): Promise<Outcome[]> => {
  const middle = Math.ceil(entries.length / 2)
  const first = await sendChunk(server, { ...chunk, atomic: false, entries: entries.slice(0, middle) }, assigned)
  const known = new Map([...assigned, ...assignedBy(first)])
  return [...first, ...(await sendChunk(server, { ...chunk, atomic: false, entries: entries.slice(middle) }, known))]
}

const settle = (chunk: Chunk, entries: Entry[], { status, body }: Answer): { settled: Outcome[]; again: Entry[] } => {
  if (status >= 200 && status < 300) {
    const responses = (body as Bundle | undefined)?.entry ?? []
    return { settled: entries.map((entry, position) => answered(entry, responses[position]?.response)), again: [] }
  }
  const issues = issuesOf(body)
  const named = blame(entries, issues)
  if (named.size === 0) return { settled: entries.map((entry) => refuse(entry, status, issues[0])), again: [] }
  const isMissing = [...named.values()].every(({ code }) => code === MISSING)
  const other = isMissing ? { ...OTHER_ENTRY, code: MISSING } : OTHER_ENTRY
  const settled = entries.flatMap((entry, position) => {
    const issue = named.get(position)
    if (issue) return refuse(entry, status, issue)
    return chunk.atomic ? refuse(entry, status, other as OperationOutcomeIssue) : []
  })
  return { settled, again: chunk.atomic ? [] : entries.filter((_, position) => !named.has(position)) }
}

/**
 * Which entries were refused, and why. A conditional reference that finds nothing is named once however many entries hold it:
 * they all have the same problem.
 */
const blame = (
  entries: readonly Entry[],
  issues: readonly OperationOutcomeIssue[],
): Map<number, OperationOutcomeIssue> => {
  const named = new Map<number, OperationOutcomeIssue>()
  const add = (position: number, issue: OperationOutcomeIssue) => {
    if (!named.has(position)) named.set(position, issue)
  }
  for (const issue of issues) {
    const position = entryNamed(issue)
    const entry = position === undefined ? undefined : entries[position]
    if (position === undefined || !entry) continue
    add(position, issue)
    const link = valueAt(entry.resource, elementOf(entry, issue) ?? '')
    if (typeof link !== 'string' || !link.includes('?')) continue
    const elsewhere = { ...issue, expression: undefined }
    for (const [other, { resource }] of entries.entries())
      if ([...linksOf(resource)].includes(link)) add(other, elsewhere)
  }
  return named
}

/** The value at a simple path: `Claim.insurance[0].coverage.reference`. */
const valueAt = (resource: unknown, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .slice(1)
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], resource)

/** The ids that the server gave to entries whose id it alone decides, by their fullUrl. */
export const assignedBy = (outcomes: readonly Outcome[]): Map<string, string> =>
  new Map(
    outcomes.flatMap((outcome) =>
      outcome.fate !== 'refused' && !outcome.entry.target && outcome.entry.fullUrl && outcome.reference
        ? [[outcome.entry.fullUrl, outcome.reference] as const]
        : [],
    ),
  )
