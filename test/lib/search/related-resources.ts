import { createCareloop } from '../../../lib/careloop.ts'
import type { Resource } from '../../../lib/fhir.ts'
import { randomIds } from '../../../lib/ids.ts'
import type { SearchPage } from '../../../lib/search/search.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { steppingClock } from '../../support/api.ts'
import { queryOf } from './sample-search.ts'

/** The service as it is, with the types as they are declared, over what is put into it. */
export const searchOver = async (resources: readonly Resource[]) => {
  const careloop = createCareloop({
    table: new MemoryTable(),
    clock: steppingClock(),
    ids: randomIds,
    tenant: defaultSettings,
  })
  for (const resource of resources)
    await careloop.store.write([{ type: resource.resourceType, id: resource.id!, resource, method: 'PUT' }])

  const page = (type: string | undefined, query: string, more: { patient?: string; handling?: 'lenient' } = {}) =>
    careloop.search.page({ ...(type && { type }), parameters: queryOf(query), ...more })

  return {
    careloop,
    page,
    /** `Type/id` of all matches, page by page, in the order given */
    async walk(type: string | undefined, query: string, more: { patient?: string } = {}): Promise<string[]> {
      const found: string[] = []
      let next: string | undefined
      do {
        const answer: SearchPage = await page(type, next ? `${query}&_cursor=${next}` : query, more)
        found.push(...namesIn(answer.versions))
        next = answer.next
      } while (next)
      return found
    },
  }
}

export const namesIn = (versions: readonly { type: string; id: string }[]): string[] =>
  versions.map(({ type, id }) => `${type}/${id}`)

/** `make('Task/1', {...})` */
export const make = (name: string, content: object = {}): Resource => {
  const [resourceType = '', id] = name.split('/')
  return { resourceType, id, ...content }
}

export const to = (reference: string) => ({ reference })
