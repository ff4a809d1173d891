import { createCareloop } from '../../lib/careloop.ts'
import type { Resource } from '../../lib/fhir.ts'
import { randomIds } from '../../lib/ids.ts'
import { parametersOf } from '../../lib/resources/index.ts'
import type { Search } from '../../lib/search/search.ts'
import { MemoryTable } from '../../lib/store/memory-table.ts'
import { resourceOf } from '../../lib/store/version.ts'
import { defaultSettings } from '../../lib/tenant.ts'
import { steppingClock } from '../support/api.ts'
import { OfficialValues } from './official-values.ts'
import { sampleResources } from './sample.ts'

/** A search parameter that both sides know, as the published definitions have it. */
export interface Known {
  code: string
  type: string
  targets: readonly string[]
}

export interface World {
  search: Search
  official: OfficialValues
  timeZone: string
  types: string[]
  of(type: string): readonly Resource[]
  parameters(type: string): readonly Known[]
}

/** Parameters whose published expression is not what is compared, each with its reason. */
export const EXCLUDED: Readonly<Record<string, string>> = {
  'Location.near': 'a distance: not supported',
}

/** A store in memory with the sample in it, and the sample as it reads from there. */
export const createWorld = async (perType: number): Promise<World> => {
  const { store, search } = createCareloop({
    table: new MemoryTable(),
    clock: steppingClock(),
    ids: randomIds,
    tenant: defaultSettings,
  })
  const byType = new Map<string, Resource[]>()
  for (const resource of sampleResources(perType)) {
    const { resourceType: type, id = '' } = resource
    const [version] = await store.write([{ type, id, resource, method: 'PUT' }])
    byType.set(type, [...(byType.get(type) ?? []), resourceOf(version!)])
  }
  const official = new OfficialValues()
  const known = new Map(
    [...byType.keys()].map((type) => {
      const parameters = [...parametersOf(type).values()].flatMap(({ code, type: kind }) => {
        const definition = official.definition(type, code)
        if (definition?.type !== kind || EXCLUDED[`${type}.${code}`]) return []
        return [{ code, type: kind, targets: (definition.target ?? []) as string[] }]
      })
      return [type, parameters] as const
    }),
  )
  return {
    search,
    official,
    timeZone: defaultSettings.timeZone,
    types: [...byType.keys()].sort(),
    of: (type) => byType.get(type) ?? [],
    parameters: (type) => known.get(type) ?? [],
  }
}
