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
 * What a function may read at its start, in KB of minified code. `usual` is for what answers requests or consumes events; whatever is more
 * has a reason.
 */
export const BUDGET = {
  usual: 450,
  /** the one with everything that others load later: batches, history, the CapabilityStatement */
  system: 500,
  /** iCalendar: ical-generator is 36 KB */
  calendar: 475,
  /** hospitals' messages, HL7 v2 among them: @medplum/core is 67 KB, and 22 KB are their own */
  messages: 560,
  /** units of measure, to compare what was measured with a target: @lhncbc/ucum-lhc is 106 KB */
  units: 520,
  /** FHIRPath, in which pathways say what they are about: fhirpath is 730 KB */
  fhirPath: 1_350,
  /** no table */
  small: 270,
} as const

export type Kind = keyof typeof BUDGET

/** The functions with a budget of their own. */
export const EXCEPTIONS: Readonly<Record<string, Kind>> = {
  authorizer: 'small',
  'stream/publish': 'small',
  system: 'system',
  messages: 'messages',
  calendar: 'calendar',
  pathways: 'fhirPath',
  'events/encounter-changed': 'fhirPath',
  'events/fact-recorded': 'fhirPath',
  'events/patient-changed': 'fhirPath',
  'events/task-closed': 'fhirPath',
  'events/goal-changed': 'units',
  'events/goal-measured': 'units',
}

export const kindOf = (name: string): Kind => EXCEPTIONS[name] ?? 'usual'

/** Whether it answers requests and has no budget of its own: somebody waits for its cold start. */
export const isApi = (name: string): boolean => kindOf(name) === 'usual' && !name.includes('/')
