import type { PlanDefinition } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { resourceOf } from '../store/version.ts'
import { PROGRAMME } from './codes.ts'
import { packagedDefinitions } from './packaged-definitions.ts'

/** The code of the programme that a definition is of; of one that names none, its id. */
export const programmeOf = ({ topic = [], id, url }: PlanDefinition): string =>
  topic.flatMap(({ coding = [] }) => coding).find(({ system }) => system === PROGRAMME)?.code ?? id ?? url ?? 'unnamed'

/** The programme of every definition there is or was, by url: the tenant's own and those switched off included. */
export const programmesByUrl = async ({ search }: Careloop): Promise<ReadonlyMap<string, string>> => {
  const stored = (await search.all('PlanDefinition', '')).map(
    (version) => resourceOf(version) as unknown as PlanDefinition,
  )
  const definitions = [...packagedDefinitions, ...stored].filter(({ url }) => url !== undefined)
  const programmes = new Map<string, string>()
  for (const definition of definitions) {
    const { url, topic } = definition
    // One that only switches another off says nothing of its programme.
    if (topic || !programmes.has(url!)) programmes.set(url!, programmeOf(definition))
  }
  return programmes
}
