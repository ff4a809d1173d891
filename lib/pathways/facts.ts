import type { Communication, Encounter } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import type { Careloop } from '../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import type { Version } from '../store/version.ts'
import { localDateOf } from './date-time.ts'
import type { Input } from './pathway.ts'
import { isCancelled, phasesOf } from './phases.ts'
import type { Anchor } from './window.ts'

/** What is stored about one patient, each thing read once at most: for one look at their transitions. */
export interface Facts {
  patient(): Promise<Resource | undefined>
  /** The patient's resources of a type. */
  all(type: string): Promise<readonly Resource[]>
  input(input: Input, anchor: Anchor): Promise<readonly Resource[]>
}

const PATIENT = /^Patient\/([A-Za-z0-9\-.]{1,64})$/
/** So many resources of one type a patient may have. */
const MOST = 10_000

/** `subject`: the reference to the patient, if there is one. */
export const createFacts = ({ store, search }: Careloop, subject: string | undefined): Facts => {
  const found = new Map<string, Promise<Resource[]>>()

  const matching = (type: string, criteria: string): Promise<Resource[]> => {
    if (subject === undefined) return Promise.resolve([])
    const query = `patient=${encodeURIComponent(subject)}${criteria}`
    const key = `${type}?${query}`
    const known = found.get(key)
    if (known) return known
    const reading = search.all(type, query, MOST).then((versions) => versions.map((version) => version.content))
    found.set(key, reading)
    return reading
  }

  let patient: Promise<Resource | undefined> | undefined
  const readPatient = async (): Promise<Resource | undefined> => {
    const [, id] = PATIENT.exec(subject ?? '') ?? []
    const version = id === undefined ? undefined : await store.read('Patient', id)
    return version && !version.deleted ? version.content : undefined
  }

  return {
    patient: () => {
      patient ??= readPatient()
      return patient
    },
    all: (type) => matching(type, ''),
    input({ type, codes, since }, { date }) {
      const filters = codes.map(
        ({ name, values }) => `&${encodeURIComponent(name)}=${values.map(encodeURIComponent).join()}`,
      )
      const from = since && `&${encodeURIComponent(since.parameter)}=ge${date.subtract({ days: since.before.days })}`
      return matching(type, filters.join('') + (from ?? ''))
    },
  }
}

/** Whether an emergency visit led to a stay: one that began the same day or the next. */
export const ledToStay = async (facts: Facts, visit: Resource, timeZone: string): Promise<boolean> => {
  const dateOf = (dateTime: string | undefined) =>
    dateTime === undefined ? undefined : localDateOf(dateTime, timeZone)
  const { period, meta } = visit as unknown as Encounter
  const end = dateOf(period?.end ?? meta?.lastUpdated)
  const start = dateOf(period?.start) ?? end
  if (!start || !end) return false
  const encounters = await facts.all('Encounter')
  return encounters.some((encounter) => {
    if (encounter.id === visit.id || isCancelled(encounter)) return false
    if (!phasesOf(encounter, timeZone).has('encounter-admitted')) return false
    const admitted = dateOf((encounter as unknown as Encounter).period?.start)
    if (!admitted) return false
    const { compare } = Temporal.PlainDate
    return compare(admitted, start) >= 0 && compare(admitted, end.add({ days: 1 })) <= 0
  })
}

const RECEIPT = 'notification-receipt'

/** When this Encounter was first heard of: when its first version was stored, or when a notification of it was received, if earlier. */
export const receivedAt = async ({ store }: Careloop, facts: Facts, version: Version): Promise<Instant> => {
  const first = version.v === 1 ? version : await store.vread(version.type, version.id, 1)
  const stored = first?.updated ?? version.updated
  const about = referenceTo(version.type, version.id)
  const receipts = (await facts.all('Communication')) as unknown as Communication[]
  const received = receipts
    .filter(({ category, encounter, status }) => {
      const isReceipt = category?.some(({ coding }) => coding?.some(({ code }) => code === RECEIPT))
      return isReceipt && encounter?.reference === about && status !== 'entered-in-error'
    })
    .flatMap(({ received: at }) => (at !== undefined && Number.isFinite(Date.parse(at)) ? [at] : []))
  return [stored, ...received].reduce((a, b) => (Date.parse(a) <= Date.parse(b) ? a : b))
}

const VERSIONS = 1_000

/** Since when a version has said, without interruption, what `says` looks for. */
export const saidSince = async (
  { store }: Careloop,
  version: Version,
  says: (resource: Resource) => boolean,
): Promise<Instant> => {
  const { versions } = await store.history(version.type, version.id, VERSIONS, version.v)
  let since = version.updated
  for (const earlier of versions) {
    if (earlier.deleted || !says(earlier.content)) break
    since = earlier.updated
  }
  return since
}

/** The spans of time, up to now, in which a resource had a status; the last has no end while it still has it. */
export const spansOfStatus = async (
  { store }: Careloop,
  version: Version,
  status: string,
): Promise<{ from: Instant; until?: Instant }[]> => {
  const { versions } = await store.history(version.type, version.id, VERSIONS, version.v + 1)
  const spans: { from: Instant; until?: Instant }[] = []
  for (const each of [...versions].reverse()) {
    const { updated } = each
    const has = !each.deleted && each.content.status === status
    const last = spans.at(-1)
    const isOpen = last && last.until === undefined
    if (has && !isOpen) spans.push({ from: updated })
    if (!has && isOpen) last.until = updated
  }
  return spans
}
