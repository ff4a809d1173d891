import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleFunctions, HANDLER_FILE } from '../../infra/bundle.ts'

export interface BuiltFunctions {
  /** paths of the entries, by name of the function */
  entries: ReadonlyMap<string, string>
  dispose(): void
}

/** The functions as they are deployed. */
export const buildFunctions = async (): Promise<BuiltFunctions> => {
  const outdir = mkdtempSync(join(tmpdir(), 'careloop-budgets-'))
  const bundles = await bundleFunctions(outdir)
  return {
    entries: new Map([...bundles].map(([name, folder]) => [name, join(folder, HANDLER_FILE)])),
    dispose: () => rmSync(outdir, { recursive: true }),
  }
}

const IMPORT = /(?:^|[;}\n])(?:import|export)(?:[^"'();]*?\bfrom)?\s*["'](\.\/[^"']+)["']/g

/** Bytes of code that a function reads before its first event: its entry and what that imports at once. */
export const startBytes = (entry: string): number => {
  const loaded = new Set([entry])
  let bytes = 0
  for (const file of loaded) {
    const text = readFileSync(file, 'utf8')
    bytes += Buffer.byteLength(text)
    for (const [, path] of text.matchAll(IMPORT)) loaded.add(join(file, '..', path!))
  }
  return bytes
}

export const KB = 1_000

/**
 * What a function may read at its start, in KB of minified code. `api` answers FHIR requests on stored resources; whatever is more has a
 * reason.
 */
export const BUDGET = {
  api: 500,
  consumer: 490,
  /** the one with everything that others load later: batches, history, the CapabilityStatement */
  system: 560,
  /** a page for people: it reads and writes by itself, consent included */
  page: 520,
  /** iCalendar */
  calendar: 530,
  /** hospitals' messages: FHIR and HL7 v2 */
  messages: 620,
  /** units of measure, to compare what was measured with a target */
  units: 580,
  /** FHIRPath, in which pathways say what they are about */
  fhirPath: 1_400,
  /** no table */
  small: 270,
} as const

export type Kind = keyof typeof BUDGET

/** The functions that are not simply `api` or, below events, `consumer`. */
export const EXCEPTIONS: Readonly<Record<string, Kind>> = {
  authorizer: 'small',
  'stream/publish': 'small',
  system: 'system',
  messages: 'messages',
  'referral-page': 'page',
  calendar: 'calendar',
  pathways: 'fhirPath',
  'events/encounter-changed': 'fhirPath',
  'events/fact-recorded': 'fhirPath',
  'events/patient-changed': 'fhirPath',
  'events/task-closed': 'fhirPath',
  'events/goal-changed': 'units',
  'events/goal-measured': 'units',
}

export const kindOf = (name: string): Kind =>
  EXCEPTIONS[name] ?? (name.startsWith('events/') || name.startsWith('schedule/') ? 'consumer' : 'api')
