import type { Reference } from 'fhir/r4'
import { type Resource, referenceTo } from '../../fhir.ts'
import type { Write } from '../../store/plan-write.ts'
import type { Store } from '../../store/store.ts'
import { labelsOf, sensitivitiesOf, withLabelsOf } from './labels.ts'
import { inheritedBy } from './policy.ts'

const LITERAL = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/.*)?$/

const listOf = (value: unknown): readonly Reference[] =>
  Array.isArray(value) ? value : value ? [value as Reference] : []

/** `Type/id` of what a resource takes its labels from. */
const originsOf = (resource: Readonly<Resource> | undefined): string[] =>
  (inheritedBy[resource?.resourceType ?? ''] ?? []).flatMap((element) =>
    listOf(resource![element]).flatMap(({ reference }) => {
      const [, type, id] = LITERAL.exec(reference ?? '') ?? []
      return type === undefined || id === undefined ? [] : [referenceTo(type, id)]
    }),
  )

/** What a write refers to that the version before did not: a label taken away on purpose does not come back with the next change. */
const newOriginsOf = ({ resource, base }: Write): string[] => {
  const before = base && !base.deleted ? originsOf(base.content) : []
  return originsOf(resource).filter((name) => !before.includes(name))
}

/**
 * The writes with the sensitive labels of what they newly refer to: what is about something is as sensitive as that. One read for all of them;
 * none where nothing new is referred to.
 */
export const withInheritedLabels = async (store: Store, writes: readonly Write[]): Promise<readonly Write[]> => {
  const added = writes.map(newOriginsOf)
  const wanted = new Set(added.flat())
  if (!wanted.size) return writes
  const content = new Map<string, Readonly<Resource>>()
  const written = new Map(writes.map((write, index) => [referenceTo(write.type, write.id), index]))
  const elsewhere = [...wanted].filter((name) => !written.has(name)).map((name) => name.split('/') as [string, string])
  for (const version of elsewhere.length ? await store.readMany(elsewhere.map(([type, id]) => ({ type, id }))) : [])
    if (!version.deleted) content.set(referenceTo(version.type, version.id), version.content)
  for (const { type, id, resource } of writes) if (resource) content.set(referenceTo(type, id), resource)
  if (![...content.values()].some((resource) => sensitivitiesOf(resource).length)) return writes

  const labelled = [...writes]
  const inherit = (index: number): boolean => {
    const write = labelled[index]!
    if (!write.resource) return false
    const origins = added[index]!.flatMap((name) => content.get(name) ?? [])
    const resource = withLabelsOf(write.resource, origins)
    if (labelsOf(resource).length === labelsOf(write.resource).length) return false
    labelled[index] = { ...write, resource }
    content.set(referenceTo(write.type, write.id), resource)
    return true
  }
  // In one commit a Task may be about a request that is about what bears the label: until nothing changes any more.
  let hasChanged = true
  while (hasChanged) hasChanged = writes.map((_, index) => inherit(index)).includes(true)
  return labelled
}

/** The store, in which whoever writes, a client or the automation, writes what is about something labelled with its labels. */
export const inheritingLabels = (store: Store): Store => ({
  ...store,
  write: async (writes) => store.write(await withInheritedLabels(store, writes)),
})
