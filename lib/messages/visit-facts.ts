import type { Encounter, Extension, Identifier } from 'fhir/r4'
import type { Instant } from '../fhir.ts'
import { FACTS_AS_OF, LAST_EVENT_AT } from './codes.ts'
import type { VisitNotification } from './notification.ts'
import { type AsOf, CLAIM, statusOf, UNKNOWN_CLASS, WRITTEN } from './visit-status.ts'

type Loose = Record<string, unknown>

const OURS = [LAST_EVENT_AT, FACTS_AS_OF]
/** Elements of which a message may say a part. */
const PARTED = ['period', 'hospitalization']
/** What is no fact a message can take the last word on. */
const APART = ['resourceType', 'id', 'meta', 'text', 'extension', 'identifier', 'subject', 'status']

export const lastEventAt = (extensions: readonly Extension[] | undefined): Instant | undefined =>
  extensions?.find(({ url }) => url === LAST_EVENT_AT)?.valueInstant

export const lastEventExtension = (at: Instant): Extension => ({ url: LAST_EVENT_AT, valueInstant: at })

const pathsOf = (encounter: Loose): string[] =>
  Object.entries(encounter)
    .filter(([name]) => !APART.includes(name))
    .flatMap(([name, value]) =>
      PARTED.includes(name) ? Object.keys(value as Loose).map((part) => `${name}.${part}`) : name,
    )

/** What others than messages wrote counts as said when they wrote it. */
const asOfIn = (encounter: Encounter): AsOf => {
  const { extension = [], meta, status } = encounter
  const known = extension.find(({ url }) => url === FACTS_AS_OF)?.extension
  if (known) return Object.fromEntries(known.map(({ url, valueInstant }) => [url, valueInstant!]))
  const written = meta?.lastUpdated ?? ''
  const paths = [...pathsOf(encounter as unknown as Loose), `${WRITTEN}${status}`]
  return Object.fromEntries(paths.map((path) => [path, written]))
}

const later = (a: Instant | undefined, b: Instant): Instant => (a !== undefined && a > b ? a : b)

/** A copy in which the element at a path of one or two names is `value`; null or undefined takes it away. */
const withElement = (element: Loose, path: string, value: unknown): Loose => {
  const [name, part] = path.split('.') as [string, string?]
  const { [name]: was, ...others } = element
  if (part === undefined) return value === null || value === undefined ? others : { ...others, [name]: value }
  const inner = withElement((was ?? {}) as Loose, part, value)
  return Object.keys(inner).length ? { ...others, [name]: inner } : others
}

const sameIdentifier = (a: Identifier, b: Identifier): boolean => a.system === b.system && a.value === b.value

/**
 * The Encounter after a message, whatever it was before: each element as the newest message that speaks of it says, so that the
 * messages of a visit may come in any order. An older message adds what no newer one has spoken of. Pure.
 * @param identity who and which visit: what the message cannot change
 */
export const withNotification = (
  current: Encounter | undefined,
  notification: Pick<VisitNotification, 'at' | 'status' | 'facts' | 'visit'>,
  identity: { id: string; subject: Encounter['subject'] },
): Encounter => {
  const { at, status, facts, visit } = notification
  const asOf: AsOf = current ? asOfIn(current) : {}
  let encounter: Loose = { resourceType: 'Encounter', ...current, ...identity }
  for (const [path, value] of Object.entries(facts)) {
    if (asOf[path] !== undefined && at < asOf[path]) continue
    encounter = withElement(encounter, path, value)
    asOf[path] = at
  }
  if (status) asOf[`${CLAIM}${status}`] = later(asOf[`${CLAIM}${status}`], at)
  const { identifier = [], extension = [] } = (current ?? {}) as Partial<Encounter>
  const merged = encounter as unknown as Encounter
  return {
    ...merged,
    // Every Encounter has one; the first message that knows it says which.
    class: merged.class ?? UNKNOWN_CLASS,
    extension: [
      ...extension.filter(({ url }) => !OURS.includes(url)),
      lastEventExtension(later(lastEventAt(extension), at)),
      {
        url: FACTS_AS_OF,
        extension: Object.keys(asOf)
          .sort()
          .map((url) => ({ url, valueInstant: asOf[url]! })),
      },
    ],
    identifier: identifier.some((known) => sameIdentifier(known, visit)) ? identifier : [...identifier, visit],
    status: statusOf(merged, asOf),
  }
}
