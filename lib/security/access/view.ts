import type { Careloop } from '../../careloop.ts'
import { referenceTo } from '../../fhir.ts'
import type { SearchPage } from '../../search/search.ts'
import type { Version } from '../../store/version.ts'
import type { Access } from './access.ts'
import { letOut, letOutOfHistory, siftFor } from './let-out.ts'

/** Which letters let something be seen, by the way it is looked at. */
export interface Looking {
  /** of what is read by its id */
  read: string
  /** of what is searched for */
  search: string
}

/** What is looked at on the way to something, or comes along with it, may be seen by whoever may read or search it. */
const OTHERS = 'rs'

/** What one caller may see. */
export interface View {
  access: Access
  /** the same service, unrestricted: for what it does itself with what it was asked */
  whole: Careloop
  /** of current versions */
  letOut(versions: readonly Version[]): Promise<Version[]>
  /** whether no resource of the type is kept from them */
  seesEvery(type: string): boolean
  /** Whether this was asked for by its id, or without an id anything was, and is there, but not for this caller. */
  isHidden(type: string, id: string): boolean
  /** of versions of the past */
  letOutOfHistory(versions: readonly Version[]): Promise<Version[]>
}

/** The service without the restrictions of a caller. */
export const wholeOf = (careloop: Careloop): Careloop => careloop.view?.whole ?? careloop

/**
 * The service as one caller sees it: what its store reads and its searches find has been let out to them. What may not be seen is not
 * there. Writes go through as they are; lib/interactions/commit-writes.ts decides on those of clients.
 */
export const viewOf = (whole: Careloop, access: Access, looking: Looking): Careloop => {
  const { store, search } = whole
  const byId = () => looking.read
  const visible = (versions: readonly Version[]) => letOut(whole, access, versions, byId)
  const visiblePast = (versions: readonly Version[]) => letOutOfHistory(whole, access, versions, byId)
  const hidden = new Set<string>()
  const many = async (found: readonly Version[], see = visible) => {
    const shown = await see(found)
    const names = new Set(shown.map(({ type, id }) => referenceTo(type, id)))
    for (const { type, id } of found) if (!names.has(referenceTo(type, id))) hidden.add(referenceTo(type, id))
    return shown
  }
  const first = async (found: Version | undefined, see = visible) => {
    const [shown] = found ? await many([found], see) : []
    return shown
  }
  const sift = siftFor(whole, access)
  const narrowed =
    access.isWhole && !sift
      ? search
      : search.within({
          ...(sift && { sift }),
          key: access.key,
          finds: (type) => access.permits(looking.search, type),
          found: (type) => access.narrow(looking.search, type),
          other: (type) => access.narrow(OTHERS, type),
        })
  const found = (versions: readonly Version[]) => letOut(whole, access, versions, () => looking.search)
  const along = (versions: readonly Version[]) => letOut(whole, access, versions, () => OTHERS)

  return {
    ...whole,
    view: {
      access,
      whole,
      letOut: visible,
      letOutOfHistory: visiblePast,
      seesEvery: (type) => access.narrow(looking.read, type) === undefined,
      isHidden: (type, id) => (id === '' ? hidden.size > 0 : hidden.has(referenceTo(type, id))),
    },
    store: {
      ...store,
      read: async (type, id) => first(await store.read(type, id)),
      readMany: async (references) => many(await store.readMany(references)),
      vread: async (type, id, v) => first(await store.vread(type, id, v), visiblePast),
      async history(type, id, count, below) {
        const versions: Version[] = []
        if (!(await first(await store.read(type, id)))) return { versions, more: false }
        for (let last = below; ; ) {
          const page = await store.history(type, id, count + 1, last)
          versions.push(...(await visiblePast(page.versions)))
          if (!page.more || versions.length > count)
            return { versions: versions.slice(0, count), more: versions.length > count }
          last = page.versions.at(-1)!.v
        }
      },
    },
    search: {
      ...narrowed,
      async page(request): Promise<SearchPage> {
        const page = await narrowed.page(request)
        const [versions, included] = await Promise.all([found(page.versions), along(page.included)])
        // How many rows were looked at would tell of those that are not shown.
        const { explanation, ...shown } = page
        return { ...shown, versions, included, ...(access.isWhole && !sift && explanation && { explanation }) }
      },
      all: async (type, query, limit) => found(await narrowed.all(type, query, limit)),
    },
  }
}
