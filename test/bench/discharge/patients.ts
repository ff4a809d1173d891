import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bundle, BundleEntry, Encounter, Identifier } from 'fhir/r4'

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'fhir-profiles', 'examples')
const example = <T>(name: string): T => JSON.parse(readFileSync(join(EXAMPLES, name), 'utf8')) as T

const story = example<Bundle>('story-discharge.json')
const finished = example<Encounter>('story-discharge-encounter-finished.json')

/** What all patients have in common; everything else each has a copy of, with ids and identifiers of its own. */
const SHARED = ['Organization', 'Location', 'Practitioner', 'PractitionerRole']

const entries = story.entry ?? []
const referenceOf = ({ resource }: BundleEntry): string => `${resource!.resourceType}/${resource!.id}`
const isShared = ({ resource }: BundleEntry): boolean => SHARED.includes(resource!.resourceType)

const bundleOf = (entry: BundleEntry[]): Bundle => ({ resourceType: 'Bundle', type: 'transaction', entry })

const now = (): string => new Date().toISOString()
/** Four days ago, the same for all. */
const ADMITTED = new Date(Date.now() - 4 * 86_400_000).toISOString()

/** `value` with the references of the story made those of the n-th patient. */
const copyFor = <T>(value: T, n: number): T => {
  let text = JSON.stringify(value)
  for (const entry of entries) {
    const reference = referenceOf(entry)
    const own = isShared(entry) ? reference : `${reference}-${n}`
    text = text.replaceAll(`"${entry.fullUrl}"`, `"${own}"`).replaceAll(`"${reference}"`, `"${own}"`)
  }
  const copy = JSON.parse(text) as T & { id?: string; identifier?: Identifier[] }
  if (copy.id) copy.id += `-${n}`
  for (const identifier of copy.identifier ?? []) identifier.value += `-${n}`
  return copy
}

/** The hospital and its staff. */
export const hospital = (): Bundle => bundleOf(entries.filter(isShared))

/** The n-th patient in hospital since four days, with care team, coverage, consent, problem, medicine and goal. */
export const inpatient = (n: number): Bundle =>
  bundleOf(
    entries
      .filter((entry) => !isShared(entry))
      .map(({ resource }): BundleEntry => {
        const copy = copyFor(resource!, n)
        if (copy.resourceType === 'Encounter') (copy as Encounter).period = { start: ADMITTED }
        return { resource: copy, request: { method: 'PUT', url: `${copy.resourceType}/${copy.id}` } }
      }),
  )

/** The n-th patient's stay, ended just now. */
export const discharge = (n: number): Encounter & { id: string } => {
  const { location: _wards, ...stay } = copyFor(finished, n)
  return { ...stay, id: stay.id!, period: { start: ADMITTED, end: now() } }
}
